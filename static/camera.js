// Shooting at a desk: a computer's camera in a window of the page. A phone has its own way, which is better.

import { announce, remark } from "./said.js";

const QUALITY = 0.92;
const WANTED = { video: { width: { ideal: 1920 }, height: { ideal: 1440 }, facingMode: "environment" } };
const byId = (id) => document.getElementById(id);
let shots = [];

/** Let `input`, which asks for a photo, open the camera here where that can be; `use` takes the photos. */
export function shootHere(input, use) {
  if (!navigator.mediaDevices?.getUserMedia || matchMedia("(pointer: coarse)").matches) return;
  input.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  byId("shoot").addEventListener("click", shoot);
  byId("use").addEventListener("click", () => {
    use(shots);
    byId("shooting").close();
  });
  byId("unuse").addEventListener("click", () => byId("shooting").close());
  byId("shooting").addEventListener("close", close);
}

async function open() {
  try {
    byId("finder").srcObject = await navigator.mediaDevices.getUserMedia(WANTED);
  } catch {
    remark("No camera can be used here. Choose a file instead, or allow the camera for this page.");
    return;
  }
  shots = [];
  count();
  byId("shooting").showModal();
}

function close() {
  for (const track of byId("finder").srcObject.getTracks()) track.stop();
  byId("finder").srcObject = null;
}

async function shoot() {
  const finder = byId("finder");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [finder.videoWidth, finder.videoHeight];
  if (!canvas.width) return;
  canvas.getContext("2d").drawImage(finder, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  const at = Date.now();
  shots.push(new File([blob], `camera-${at}.jpg`, { type: "image/jpeg", lastModified: at }));
  count();
  announce(byId("use").textContent);
}

function count() {
  byId("use").disabled = !shots.length;
  byId("use").textContent = { 0: "Use no photo", 1: "Use 1 photo" }[shots.length] || `Use ${shots.length} photos`;
}
