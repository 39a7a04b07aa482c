// Which files can be sent as photos, by their size and their first bytes, as the service reads them.

import { megabytes, maxPhotoBytes } from "./service-info.js";

const HEAD_BYTES = 12;
/** How files of each format begin, as Latin-1. HEIF is the container of HEIC and AVIF. */
const FORMATS = [
  ["JPEG", /^\xff\xd8\xff/], ["PNG", /^\x89PNG\r\n\x1a\n/], ["GIF", /^GIF8/], ["WebP", /^RIFF....WEBP/s], ["HEIF", /^....ftyp/s],
];

/** Return why a file cannot be sent, `""` where it can. */
export async function findProblem(file) {
  if (file.size > maxPhotoBytes) return `${file.name} is too large: it has ${megabytes(file.size)}, and ${megabytes(maxPhotoBytes)} is the most.`;
  const format = await formatOf(file);
  if (format) return "";
  return format === null ? `Nothing can be read from ${file.name}.` : `${file.name} is not a PNG, JPEG, WebP, HEIC, AVIF or GIF photo.`;
}

/** Return the format of a file by its content, `""` where it is none of a photo, null where nothing can be read. */
export async function formatOf(file) {
  const head = await readHead(file);
  return head && (FORMATS.find(([, beginning]) => beginning.test(head))?.[0] || "");
}

// folders, files on a removed memory card and empty files cannot be read
async function readHead(file) {
  try {
    const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    return bytes.length ? String.fromCharCode(...bytes) : null;
  } catch {
    return null;
  }
}

/** Return what tells a photo from others. */
export function photoMark(photo) {
  return `${photo.name}|${photo.size}|${photo.lastModified}`;
}

/** Return each photo once. */
export function deduplicate(photos) {
  return [...new Map(photos.map((photo) => [photoMark(photo), photo])).values()];
}
