// Which photos show one thing, by the pattern of their names.

/** Names that cameras and programs give: the number after them counts photos, and says nothing of a thing. */
const CAMERA_WORDS = new Set(("img dsc dscf dscn dcim pxl mvimg vid pict p image images photo photos foto fotos bild bilder picture "
  + "camera kamera scan screenshot bildschirmfoto whatsapp signal telegram").split(" "));
/** The number after these counts things. */
const THING_WORDS = new Set(("thing item lot box bin shelf no nr art artikel article sku id case bag crate kiste regal posten fach "
  + "ding teil platz").split(" "));
/** What a photo shows of its thing. */
const VIEW_WORDS = new Set(("front back side left right top bottom inside outside label tag detail details closeup sole soles heel "
  + "collar cuff zip logo serial defect flaw stain hole scratch copy vorn vorne hinten rückseite seite oben unten innen außen "
  + "etikett schild mangel fleck loch sohle kopie").split(" "));
/** The thing of `front.jpg` and `label.jpg`. */
const ONLY_VIEWS = "views";
const SEPARATORS = /[\s_\-.,()#+]+/;

/** Return the groups in which photos are proposed as things, at most `max` photos each, in the order of the photos. */
export function groupByName(photos, max) {
  const groups = new Map();
  for (const photo of photos) {
    const name = thingName(photo.name) || photo; // what says nothing of a thing is one of its own
    groups.set(name, [...(groups.get(name) || []), photo]);
  }
  return [...groups.values()].flatMap((group) => chunks(group.sort(byName), max));
}

// what a photo's name says of its thing: `jacket` of `jacket-2.jpg`, `img 1` of `IMG_1b.jpg`, `""` of `image.png`
function thingName(fileName) {
  const stem = fileName.normalize("NFC").toLowerCase().replace(/\.[a-z0-9]{2,5}$/, "");
  const tokens = stem.split(SEPARATORS).filter(Boolean);
  if (tokens.every((token) => CAMERA_WORDS.has(token))) return "";
  const isNumbered = dropNumber(tokens, /\(\d{1,3}\)$/.test(stem));
  if (tokens.every((token) => VIEW_WORDS.has(token))) return ONLY_VIEWS;
  const rest = dropWords(tokens);
  return (leadingCode(rest) || (isNumbered ? rest : splitLast(rest))).join(" ");
}

/** Cut a list into lists of at most `size`. */
export function chunks(list, size) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}

/** Compare photos by name; numbers in it count as numbers. */
export function byName(one, other) {
  return one.name.localeCompare(other.name, undefined, { numeric: true });
}

// the last number, or a letter behind a number, counts the photos of a thing
function dropNumber(tokens, inBrackets) {
  const [last, rest] = [tokens.at(-1), tokens.slice(0, -1)];
  const counts = /^\d{1,4}$/.test(last) && (inBrackets || !isDated(tokens)) && namesThing(rest);
  const letter = /^[a-h]$/.test(last) && rest.some((token) => !CAMERA_WORDS.has(token));
  if (counts || letter) tokens.pop();
  return counts || letter;
}

function dropWords(tokens) {
  const rest = [...tokens];
  while (rest.length > 1 && (VIEW_WORDS.has(rest.at(-1)) || CAMERA_WORDS.has(rest.at(-1))) && !CAMERA_WORDS.has(rest[0])) rest.pop();
  while (rest.length > 2 && VIEW_WORDS.has(rest.at(-1))) rest.pop();
  return rest;
}

function namesThing(tokens) {
  return tokens.some((token) => !CAMERA_WORDS.has(token)) && !THING_WORDS.has(tokens.at(-1));
}

function isDated(tokens) {
  return tokens.some((token, index) => /^(19|20)\d\d[01]\d[0-3]\d$/.test(token)
    || (/^(19|20)\d\d$/.test(token) && /^[01]\d$/.test(tokens[index + 1]) && /^[0-3]\d$/.test(tokens[index + 2])));
}

// a code of a shelf before words: `A12-03 jacket` and `A12-03 label` lie in one place
function leadingCode(tokens) {
  const end = tokens.findIndex((token) => !/^([a-z]{0,3}\d+)$/.test(token));
  const isCode = end > 0 && !isDated(tokens) && !/^(img|dsc|pxl|p\d{5})/.test(tokens[0]) && tokens.slice(end).every((token) => !/\d/.test(token));
  return isCode ? tokens.slice(0, end) : null;
}

// `1b` is the second photo of 1, and `jacket2` that of a jacket, but A12 is a place and IMG12 a photo
function splitLast(tokens) {
  const last = tokens.at(-1) || "";
  const [, head] = /^(.*\d)[a-h]$/.exec(last) || (isDated(tokens) ? [] : /^(\p{L}{3,})\d{1,3}$/u.exec(last)) || [];
  const isName = head && !CAMERA_WORDS.has(head) && !THING_WORDS.has(head);
  return isName ? [...tokens.slice(0, -1), head] : tokens;
}
