// The login: shows the token on request, and goes on to the page where the browser is signed in already.

const token = document.getElementById("token");
const message = document.getElementById("message");

function showToken(event) {
  token.type = event.target.checked ? "text" : "password";
}

// a link on another site's page leads here even when signed in, since it sends no cookie; this request does
async function skipWhenSignedIn() {
  const response = await fetch("suppliers");
  if (response.ok) location.replace("./");
}

document.getElementById("show").addEventListener("change", showToken);
token.addEventListener("input", () => { message.hidden = true; });
message.hidden = !message.textContent;
if (message.hidden) skipWhenSignedIn();
