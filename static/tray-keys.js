// The keys of the photos that are to be sent.

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

/** Do what a key means in the tray; keys that mean nothing there go on to the page. */
export function readKey(tray, event) {
  const isPhoto = Boolean(event.target.closest("[role=option]"));
  const isHandled = withControl(tray, event) || (isPhoto && !event.ctrlKey && !event.metaKey && !event.altKey && onPhoto(tray, event));
  if (isHandled) event.preventDefault();
  if (isPhoto && event.key.length === 1) event.stopPropagation(); // a letter is no key of a thing here
}

function withControl(tray, { ctrlKey, metaKey, key }) {
  if (!ctrlKey && !metaKey) return false;
  if (key === "Enter") tray.send();
  else if (key === "z") tray.undo();
  else return false;
  return true;
}

function onPhoto(tray, event) {
  if (/^\d$/.test(event.key)) return typeDigit(tray, event.key);
  const { typed } = tray;
  tray.setTyped("");
  const action = typed && event.key === "Enter" ? () => tray.moveTo(Number(typed)) : actionOf(tray, event);
  if (!action) return false;
  action();
  return true;
}

function actionOf(tray, { key, shiftKey }) {
  if (key in STEPS) return shiftKey ? () => tray.moveBy(STEPS[key]) : () => step(tray, STEPS[key]);
  return {
    ArrowDown: () => stepRow(tray, 1), ArrowUp: () => stepRow(tray, -1),
    Home: () => goTo(tray, tray.grouping.photos[0]), End: () => goTo(tray, tray.grouping.photos.at(-1)),
    " ": () => tray.toggleMark(tray.current), a: () => tray.markThing(), n: () => tray.moveToNew(), j: () => tray.join(),
    Delete: () => tray.leaveOut(), Backspace: () => tray.leaveOut(), Enter: () => tray.send(), Escape: tray.marked.size && (() => tray.unmark()),
  }[key.length === 1 ? key.toLowerCase() : key];
}

// a digit moves at once where no longer number begins with it; else the next digit or Enter does
function typeDigit(tray, digit) {
  const number = Number(tray.typed + digit);
  const isOpen = number > 0 && number * 10 <= tray.grouping.groups.length;
  tray.setTyped(isOpen ? String(number) : "");
  if (!isOpen) tray.moveTo(number);
  return true;
}

function step(tray, by) {
  const { photos } = tray.grouping;
  goTo(tray, photos[photos.indexOf(tray.current) + by]);
}

// to the nearest photo of the row below or above, as it is drawn
function stepRow(tray, direction) {
  const from = tray.options.get(tray.current).getBoundingClientRect();
  const boxes = tray.grouping.photos.map((photo) => [photo, tray.options.get(photo).getBoundingClientRect()]);
  const distance = (box) => 10 * Math.abs(box.top - from.top) + Math.abs(box.left - from.left);
  const beyond = boxes.filter(([, box]) => direction * (box.top - from.top) > from.height / 2);
  goTo(tray, beyond.sort(([, one], [, other]) => distance(one) - distance(other))[0]?.[0]);
}

function goTo(tray, photo) {
  if (!photo) return;
  tray.setCurrent(photo);
  tray.focusCurrent();
}
