// What can be done with a thing, by its buttons and by keys alike.

import { announce } from "./announcements.js";
import { plainNumber } from "./dom.js";
import { copy, csv, download } from "./export.js";

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
  onClick(".again", () => lookAgain(thing, "offers"));
  onClick(".again-all", () => lookAgain(thing, "all"));
  onClick(".remove", () => thing.remove("Removed."));
  view.connect({
    correct: (fields) => thing.change({ correct: fields }),
    dismiss: (id) => thing.change({ dismiss: [id] }),
    restore: (id) => thing.change({ restore: [id] }),
    undo: () => undo(thing),
    ask: (cost) => thing.setCost(cost),
    leave: () => focusThing(thing),
  });
}

/** Move the focus to a thing's name. */
export function focusThing(thing) {
  thing.view.find(".name").focus({ preventScroll: true });
  thing.root.scrollIntoView({ block: "nearest" });
}

/** Copy the price, as a number for a form. */
export function copyPrice(thing) {
  const estimate = thing.facts["estimated-price"];
  if (estimate) copy(plainNumber(estimate.price), thing.view.find(".copy-price"));
  else announce("There is no price to copy.");
}

/** Take the candidate of a number, from 1 on. */
export function pickCandidate(thing, number) {
  const candidate = thing.view.identity.candidates[number - 1];
  if (!candidate) return announce(`There is no number ${number}.`);
  thing.setFolded(false);
  if (candidate.decided) return announce(`It is ${thing.title()} already.`);
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

/** Unfold a thing and move the focus to a part of it, where that part is there. */
export function enter(thing, focusPart) {
  thing.setFolded(false);
  if (!focusPart(thing.view)) announce("There is nothing of that here yet.");
}
