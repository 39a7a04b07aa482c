// What can be done with a thing, by its buttons and by keys alike.

import { plainNumber } from "./amounts.js";
import { announce } from "./announcements.js";
import { copy, csv, download } from "./export.js";
import { saleReport } from "./sale-report.js";

/** Connect the buttons and forms of a thing. */
export function connectCommands(thing) {
  const { view } = thing;
  const onClick = (selector, action) => view.find(selector).addEventListener("click", action);
  const json = () => JSON.stringify({ key: thing.key, facts: thing.received }, null, 2);
  onClick(".name", () => thing.setFolded(!thing.folded));
  onClick(".copy-price", () => copyPrice(thing));
  onClick(".copy", (event) => copy(json(), event.currentTarget));
  onClick(".json", () => download(`${thing.title()}.json`, "application/json", json()));
  onClick(".csv", () => download(`${thing.title()}.csv`, "text/csv", csv(thing.offerRows())));
  onClick(".again", () => andReturn(thing, () => lookAgain(thing, "offers")));
  onClick(".again-all", () => andReturn(thing, () => lookAgain(thing, "all")));
  onClick(".regroup", () => regroup(thing));
  onClick(".remove", () => thing.remove("Removed."));
  view.find(".body").append(saleReport(thing));
  view.connect({
    correct: (fields) => andReturn(thing, () => thing.change({ correct: fields })),
    dismiss: (id) => thing.change({ dismiss: [id] }),
    restore: (id) => thing.change({ restore: [id] }),
    undo: () => andReturn(thing, () => undo(thing)),
    ask: (cost) => thing.decision.setCost(cost),
    leave: () => focusThing(thing),
  });
}

// what was pressed is drawn anew or goes, so the focus is put where it stays
function andReturn(thing, action) {
  focusThing(thing);
  action();
}

/** Move the focus to a thing's name. */
export function focusThing(thing) {
  thing.view.find(".name").focus();
}

// for all who do not see what a key did, and for all who do not hear it
function tell(thing, words) {
  thing.setStatus(words);
  announce(words);
}

/** Copy the price, as a number for a form. */
export async function copyPrice(thing) {
  const [estimate, button] = [thing.facts["estimated-price"], thing.view.find(".copy-price")];
  if (!estimate) return tell(thing, "There is no price to copy.");
  await copy(plainNumber(estimate.price), button);
  thing.setStatus(`${button.textContent}: ${plainNumber(estimate.price)}`);
}

/** Take the candidate of a number, from 1 on. */
export function pickCandidate(thing, number) {
  const candidate = thing.view.identity.candidates[number - 1];
  if (!candidate) return tell(thing, `There is no number ${number} to choose.`);
  thing.setFolded(false);
  if (candidate.decided) return tell(thing, `It is ${thing.title()} already.`);
  thing.change({ correct: { producer: candidate.producer, model: candidate.model } });
}

/** Take back the last change. */
export function undo(thing) {
  thing.change({ undo: true });
}

/** Look again for `offers`, or for `all`. */
export function lookAgain(thing, what) {
  thing.change({ refresh: what });
}

/** Give the photos of a thing back to be grouped anew; the thing goes. */
export function regroup(thing) {
  const { photos } = thing;
  if (!photos.length) return tell(thing, "Its photos are no longer in the page. Add them again.");
  thing.remove("");
  document.dispatchEvent(new CustomEvent("regroup", { detail: photos }));
}

/** Unfold a thing and move the focus to a part of it, where that part is there. */
export function enter(thing, focusPart) {
  thing.setFolded(false);
  if (!focusPart(thing.view)) tell(thing, "There is nothing of that here yet.");
}
