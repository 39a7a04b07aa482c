// Entry point: accepts photos by file chooser, camera, drag and drop or paste, and adds a thing to the list for each.

import { clearItemOptions, persistLocale, readOptions, validateOptions } from "./item-options.js";
import { setUpAccount } from "./account.js";
import { setUpCamera } from "./camera.js";
import { showMessage } from "./announcements.js";
import { isSandbox, megabytes, maxPhotoBytes, maxPhotos } from "./service-info.js";
import { Shortcuts } from "./shortcuts.js";
import { watchSuppliers } from "./supplier-notice.js";
import { ThingList } from "./thing-list.js";

const byId = (id) => document.getElementById(id);
const thingList = new ThingList(() => byId("choose").focus());
new Shortcuts((root) => thingList.thingOf(root));

async function add(fileList) {
  const files = [...fileList];
  if (!validateOptions()) return;
  const [options, together] = [readOptions(), byId("together").checked];
  const problems = await Promise.all(files.map(findProblem));
  const photos = deduplicate(files.filter((_, index) => !problems[index]));
  const groups = together ? chunks(photos, maxPhotos) : photos.map((photo) => [photo]);
  const duplicates = thingList.add(groups.map((group) => ({ mark: itemMark(group, options), photos: group })), options);
  showMessage(resultMessage(problems, together ? groups.length : 1, duplicates));
  if (photos.length) clearItemOptions();
}

/** Return why a file cannot be sent, `""` where it can. */
async function findProblem(file) {
  if (file.size > maxPhotoBytes) return `${file.name} is too large: it has ${megabytes(file.size)}, and ${megabytes(maxPhotoBytes)} is the most.`;
  return (await isReadable(file)) ? "" : `Nothing can be read from ${file.name}.`;
}

// folders, files on a removed memory card and empty files cannot be sent
async function isReadable(file) {
  try {
    return (await file.slice(0, 1).arrayBuffer()).byteLength > 0;
  } catch {
    return false;
  }
}

function resultMessage(problems, things, duplicates) {
  if (!problems.length) return "There was no photo in that.";
  const splitNote = things > 1 ? [`At most ${maxPhotos} photos show one thing, so these make ${things} things.`] : [];
  const knownNote = duplicates.length ? [`${duplicates.join(", ")} ${duplicates.length === 1 ? "is" : "are"} here already.`] : [];
  return [...problems.filter(Boolean), ...splitNote, ...knownNote].join(" ");
}

function itemMark(group, options) {
  return JSON.stringify([group.map(photoMark), options]);
}

function photoMark(photo) {
  return `${photo.name}|${photo.size}|${photo.lastModified}`;
}

function deduplicate(photos) {
  return [...new Map(photos.map((photo) => [photoMark(photo), photo])).values()];
}

function chunks(list, size) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}

async function onFilesChosen(event) {
  const files = [...event.target.files];
  event.target.value = "";
  if (files.length) await add(files);
}

function onDrop(event) {
  event.preventDefault();
  byId("drop").classList.remove("over");
  add(event.dataTransfer.files);
}

function onPaste(event) {
  if (event.clipboardData.files.length) add(event.clipboardData.files);
}

function onDragOver(event) {
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
  persistLocale();
  thingList.restore();
  watchSuppliers();
}

start();
