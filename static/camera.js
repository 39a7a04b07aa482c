// Taking photos with a computer's camera in a dialog; phones use their own camera app.

import { announce } from "./announcements.js";
import { showMessage } from "./refusals.js";
import { count } from "./wording.js";

const QUALITY = 0.92;
const CONSTRAINTS = { video: { width: { ideal: 1920 }, height: { ideal: 1440 }, facingMode: "environment" } };
const byId = (id) => document.getElementById(id);
let photos = [];

/** Let a click on `input` open the camera dialog where it is supported; `onPhotos` receives the photos. */
export function setUpCamera(input, onPhotos) {
  if (!navigator.mediaDevices?.getUserMedia || matchMedia("(pointer: coarse)").matches) return;
  input.addEventListener("click", (event) => {
    event.preventDefault();
    openCamera();
  });
  byId("shoot").addEventListener("click", takePhoto);
  byId("use").addEventListener("click", () => {
    onPhotos(photos);
    byId("shooting").close();
  });
  byId("unuse").addEventListener("click", () => byId("shooting").close());
  byId("shooting").addEventListener("close", stopCamera);
}

async function openCamera() {
  try {
    byId("finder").srcObject = await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
  } catch {
    showMessage("No camera can be used here. Choose a file instead, or allow the camera for this page.");
    return;
  }
  photos = [];
  showCount();
  byId("shooting").showModal();
}

function stopCamera() {
  for (const track of byId("finder").srcObject.getTracks()) track.stop();
  byId("finder").srcObject = null;
}

async function takePhoto() {
  const finder = byId("finder");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [finder.videoWidth, finder.videoHeight];
  if (!canvas.width) return;
  canvas.getContext("2d").drawImage(finder, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  const timestamp = Date.now();
  const name = photos.length ? photos[0].name.replace(/\.jpg$/, `-${photos.length + 1}.jpg`) : `camera-${timestamp}.jpg`; // one thing
  photos.push(new File([blob], name, { type: "image/jpeg", lastModified: timestamp }));
  showCount();
  announce(byId("use").textContent);
}

function showCount() {
  byId("use").disabled = !photos.length;
  byId("use").textContent = photos.length ? `Use ${count(photos.length, "photo")}` : "Use no photo";
}
