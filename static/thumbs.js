// Small pictures of photos, drawn here one after the other: thirty photos of a camera at once would fill the memory.

import { element } from "./dom.js";

const SIDE = 160;
const QUALITY = 0.75;
let before = Promise.resolve();

/** Return what stands for a photo, and the promise of its small picture's data address, `""` where none can be drawn. */
export function thumbnail(photo) {
  const frame = place(photo.name);
  const drawn = before.then(() => small(photo)).catch(() => "");
  before = drawn;
  return { frame, drawn: drawn.then((address) => fill(frame, photo.name, address)) };
}

/** Return what stands for a photo that was seen before, by its name and its small picture's address. */
export function remembered(name, address) {
  const frame = place(name);
  fill(frame, name, /^data:image\/jpeg;base64,/.test(address) ? address : "");
  return frame;
}

function place(name) {
  return element("span", { class: "thumb", title: name });
}

// where the browser cannot show it (HEIC, most often), say what it is instead
function fill(frame, name, address) {
  const ending = /\.(\w{2,5})$/.exec(name);
  const words = () => element("span", { class: "no-thumb" }, ending ? ending[1].toUpperCase() : "photo");
  frame.replaceChildren(address ? element("img", { src: address, alt: name, width: 96, height: 96 }) : words());
  return address;
}

async function small(photo) {
  const image = await createImageBitmap(photo);
  const side = Math.min(image.width, image.height);
  const canvas = element("canvas", { width: SIDE, height: SIDE });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  image.close();
  return canvas.toDataURL("image/jpeg", QUALITY);
}
