// Who is signed in on this browser: signing out, and noticing that the session has ended.

import { clearNotes, listenToOtherTabs, tellOtherTabs } from "./list-storage.js";
import { isSignedIn } from "./service-info.js";

const SIGNED_OUT = { status: 401, error: "You are signed out. Please sign in again, in another tab, then try again." };
const byId = (id) => document.getElementById(id);

/** Show the button for signing out where this browser is signed in. */
export function setUpAccount() {
  byId("account").hidden = byId("until-out").hidden = !isSignedIn;
  byId("sign-out").addEventListener("click", signOut);
  listenToOtherTabs(({ signedOut }) => signedOut && leave());
}

// the list is of whoever is signed in
async function signOut() {
  await fetch("logout", { method: "POST" });
  tellOtherTabs({ signedOut: true });
  leave();
}

function leave() {
  clearNotes();
  location.assign("login?reason=out");
}

/** Return the message to show where the session has ended, null where it has not, or nobody can tell. */
export async function findSignedOut() {
  if (!isSignedIn || (await fetchStatus()) !== SIGNED_OUT.status) return null;
  byId("sign-in").hidden = false;
  return SIGNED_OUT;
}

async function fetchStatus() {
  try {
    return (await fetch("suppliers")).status;
  } catch {
    return 0;
  }
}
