// Thumbnails of photos, each drawn once, one after the other to bound memory.

import { element } from "./dom.js";
import { formatOf } from "./photo-files.js";

const SIDE = 160;
const QUALITY = 0.75;
const drawnPhotos = new WeakMap();
let previous = Promise.resolve();

/** Return a photo's frame, and the promise of its thumbnail's data URL, `""` where it cannot be drawn. */
export function createThumbnail(photo) {
  const frame = createFrame(photo.name);
  if (!drawnPhotos.has(photo)) drawnPhotos.set(photo, drawInTurn(photo));
  return { frame, drawn: drawnPhotos.get(photo).then((dataUrl) => fillFrame(frame, photo.name, dataUrl)) };
}

/** Return the frame of a saved thumbnail. */
export function savedThumbnail(name, dataUrl) {
  const frame = createFrame(name);
  fillFrame(frame, name, /^data:image\/jpeg;base64,/.test(dataUrl) ? dataUrl : "");
  return frame;
}

function createFrame(name) {
  return element("span", { class: "thumb", title: name });
}

// where neither browser nor service can decode it, show the file's extension
function fillFrame(frame, name, dataUrl) {
  const extension = /\.(\w{2,5})$/.exec(name);
  const fallback = () => element("span", { class: "no-thumb" }, extension ? extension[1].toUpperCase() : "photo");
  frame.replaceChildren(dataUrl ? element("img", { src: dataUrl, alt: name, width: 96, height: 96 }) : fallback());
  return dataUrl;
}

function drawInTurn(photo) {
  previous = previous.then(() => drawThumbnail(photo)).catch(() => "");
  return previous;
}

// HEIC is drawn by few browsers, but the service reads it
async function decode(photo) {
  try {
    return await createImageBitmap(photo);
  } catch (error) {
    if (await formatOf(photo) !== "HEIF") throw error;
    return createImageBitmap(await fetchThumbnail(photo));
  }
}

async function fetchThumbnail(photo) {
  const body = new FormData();
  body.append("file", photo);
  const response = await fetch("thumbnail", { method: "POST", body });
  if (!response.ok) throw new Error(`no thumbnail: ${response.status}`);
  return response.blob();
}

async function drawThumbnail(photo) {
  const image = await decode(photo);
  const side = Math.min(image.width, image.height);
  const canvas = element("canvas", { width: SIDE, height: SIDE });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  image.close();
  return canvas.toDataURL("image/jpeg", QUALITY);
}
