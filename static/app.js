// Entry point: accepts photos by file chooser, camera, drag and drop or paste, and adds things to the list for them.

import { setUpAccount } from "./account.js";
import { showCalibration } from "./calibration.js";
import { setUpCamera } from "./camera.js";
import { setUpCountryQuestion } from "./country-question.js";
import { clearItemOptions, persistLocale, readOptions, validateOptions } from "./item-options.js";
import { deduplicate, findProblem, photoMark } from "./photo-files.js";
import { chunks } from "./photo-groups.js";
import { PhotoTray } from "./photo-tray.js";
import { showMessage } from "./refusals.js";
import { isSandbox, megabytes, maxPhotoBytes, maxPhotos } from "./service-info.js";
import { Shortcuts } from "./shortcuts.js";
import { watchSuppliers } from "./supplier-notice.js";
import { ThingList } from "./thing-list.js";

const byId = (id) => document.getElementById(id);
const thingList = new ThingList(() => byId("choose").focus());
new Shortcuts((root) => thingList.thingOf(root));
const tray = new PhotoTray(sendTray);

function sendTray(groups) {
  if (!validateOptions()) return false;
  const known = addThings(groups);
  if (known) showMessage(known); // what was refused stays told
  thingList.focusFirst();
  return true;
}

async function add(fileList) {
  const files = [...fileList];
  if (!validateOptions()) return;
  const problems = await Promise.all(files.map(findProblem));
  const photos = deduplicate(files.filter((_, index) => !problems[index]));
  const groups = byId("together").checked ? chunks(photos, maxPhotos) : photos.map((photo) => [photo]);
  const isAsked = tray.isOpen || (groups.length > 1 && !byId("together").checked); // which of them show one thing
  if (isAsked && photos.length) tray.add(photos);
  const known = isAsked ? "" : addThings(groups);
  const split = !isAsked && byId("together").checked && groups.length > 1
    ? `At most ${maxPhotos} photos show one thing, so these make ${groups.length} things.` : "";
  showMessage([files.length ? "" : "There was no photo in that.", ...problems, split, known].filter(Boolean).join(" "));
  if (photos.length) byId("together").checked = false; // for these photos alone
}

/** Add a thing for each group of photos; return a sentence on those that are in the list already. */
function addThings(groups) {
  const options = readOptions();
  const known = thingList.add(groups.map((group) => ({ mark: JSON.stringify([group.map(photoMark), options]), photos: group })), options);
  if (groups.length) clearItemOptions();
  return known.length ? `${known.join(", ")} ${known.length === 1 ? "is" : "are"} here already.` : "";
}

async function onFilesChosen(event) {
  const files = [...event.target.files];
  event.target.value = "";
  if (files.length) await add(files);
}

function onDrop(event) {
  if (event.defaultPrevented || tray.isDragging) return;
  event.preventDefault();
  byId("drop").classList.remove("over");
  add(event.dataTransfer.files);
}

function onPaste(event) {
  if (event.clipboardData.files.length) add(event.clipboardData.files);
}

function onDragOver(event) {
  if (tray.isDragging) return;
  event.preventDefault();
  byId("drop").classList.add("over");
}

async function addSample() {
  const response = await fetch("sample.jpg");
  add([new File([await response.blob()], "sample.jpg", { type: "image/jpeg", lastModified: 0 })]);
}

function showServiceInfo() {
  byId("limit").textContent = `, up to ${megabytes(maxPhotoBytes)} each`;
  document.querySelector(".sandbox-sign").hidden = !isSandbox;
  byId("sample").hidden = !isSandbox;
}

function start() {
  showServiceInfo();
  byId("choose").addEventListener("change", onFilesChosen);
  byId("camera").addEventListener("change", onFilesChosen);
  setUpCamera(byId("camera"), add);
  setUpAccount();
  byId("sample").addEventListener("click", addSample);
  byId("intake").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("dragover", onDragOver);
  document.addEventListener("dragleave", () => byId("drop").classList.remove("over"));
  document.addEventListener("drop", onDrop);
  document.addEventListener("paste", onPaste);
  document.addEventListener("regroup", (event) => tray.add(event.detail));
  addEventListener("beforeunload", (event) => (tray.isOpen || thingList.hasUnsentPhotos()) && event.preventDefault());
  persistLocale();
  setUpCountryQuestion();
  thingList.restore();
  watchSuppliers();
  showCalibration();
}

start();
