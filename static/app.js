// The page: takes photos in every way there is, and puts a thing on the shelf for each.

import { forgetTheThing, keepTheDesk, query, saidRightly } from "./asked.js";
import { shootHere } from "./camera.js";
import { remark } from "./said.js";
import { isSandbox, megabytes, mostBytes, mostOfOneThing } from "./service.js";
import { Shelf } from "./shelf.js";

const byId = (id) => document.getElementById(id);
const shelf = new Shelf(() => byId("choose").focus());

async function add(offered) {
  const files = [...offered];
  if (!saidRightly()) return;
  const [asked, together] = [query(), byId("together").checked];
  const troubles = await Promise.all(files.map(trouble));
  const photos = unique(files.filter((_, place) => !troubles[place]));
  const groups = together ? chunks(photos, mostOfOneThing) : photos.map((photo) => [photo]);
  const here = shelf.add(groups.map((group) => ({ mark: markOf(group, asked), photos: group })), asked);
  remark(remarks(troubles, together ? groups.length : 1, here));
  if (photos.length) forgetTheThing();
}

/** Return why a file cannot be sent, `""` where it can. */
async function trouble(file) {
  if (file.size > mostBytes) return `${file.name} is too large: it has ${megabytes(file.size)}, and ${megabytes(mostBytes)} is the most.`;
  return (await canBeRead(file)) ? "" : `Nothing can be read from ${file.name}.`;
}

// a folder, a card that was pulled out, a file of no bytes: none of them could be sent
async function canBeRead(file) {
  try {
    return (await file.slice(0, 1).arrayBuffer()).byteLength > 0;
  } catch {
    return false;
  }
}

function remarks(troubles, things, here) {
  if (!troubles.length) return "There was no photo in that.";
  const split = things > 1 ? [`At most ${mostOfOneThing} photos show one thing, so these make ${things} things.`] : [];
  const known = here.length ? [`${here.join(", ")} ${here.length === 1 ? "is" : "are"} here already.`] : [];
  return [...troubles.filter(Boolean), ...split, ...known].join(" ");
}

function markOf(group, asked) {
  return JSON.stringify([group.map(photoMark), asked]);
}

function photoMark(photo) {
  return `${photo.name}|${photo.size}|${photo.lastModified}`;
}

function unique(photos) {
  return [...new Map(photos.map((photo) => [photoMark(photo), photo])).values()];
}

function chunks(list, size) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}

async function chosen(event) {
  const files = [...event.target.files];
  event.target.value = "";
  if (files.length) await add(files);
}

function dropped(event) {
  event.preventDefault();
  byId("drop").classList.remove("over");
  add(event.dataTransfer.files);
}

function pasted(event) {
  if (event.clipboardData.files.length) add(event.clipboardData.files);
}

function over(event) {
  event.preventDefault();
  byId("drop").classList.add("over");
}

async function sample() {
  const answer = await fetch("sample.jpg");
  add([new File([await answer.blob()], "sample.jpg", { type: "image/jpeg", lastModified: 0 })]);
}

function showTheService() {
  byId("limit").textContent = `, up to ${megabytes(mostBytes)} each`;
  document.querySelector(".sandbox-sign").hidden = !isSandbox;
  byId("sample").hidden = !isSandbox;
}

function start() {
  showTheService();
  byId("choose").addEventListener("change", chosen);
  byId("camera").addEventListener("change", chosen);
  shootHere(byId("camera"), add);
  byId("sample").addEventListener("click", sample);
  byId("intake").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", () => byId("drop").classList.remove("over"));
  document.addEventListener("drop", dropped);
  document.addEventListener("paste", pasted);
  keepTheDesk();
  shelf.takeUp();
}

start();
