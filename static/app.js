// The page: takes photos in every way there is, and puts a thing on the page for each.

import { announce, remark } from "./said.js";
import { Thing } from "./thing.js";

const MOST_OF_ONE_THING = 8;
const ABOUT_THE_THING = ["hint", "producer", "model", "condition"];
const ABOUT_THE_DESK = ["country", "currency"];
const UNSEEN = /[\p{C}\p{Z}]+/gu;
const byId = (id) => document.getElementById(id);
const there = new Map();

function query() {
  const said = [...ABOUT_THE_THING, ...ABOUT_THE_DESK].map((name) => [name, byId(name).value.replace(UNSEEN, " ").trim()]);
  return Object.fromEntries(said.filter(([, value]) => value));
}

// what was said of one thing must not be taken for the next
function forgetTheThing() {
  for (const name of ABOUT_THE_THING) byId(name).value = "";
}

async function add(offered) {
  const files = [...offered];
  if (!saidRightly()) return;
  const [asked, together] = [query(), byId("together").checked];
  const readable = await Promise.all(files.map(canBeRead));
  const photos = unique(files.filter((_, place) => readable[place]));
  const groups = together ? chunks(photos, MOST_OF_ONE_THING) : photos.map((photo) => [photo]);
  remark(remarks(files, readable, together ? groups.length : 1));
  const roots = groups.map((group) => rootOf(group, asked)).filter(Boolean);
  byId("things").prepend(...roots);
  if (roots.length) announce(`${roots.length} ${roots.length === 1 ? "thing is" : "things are"} looked at.`);
  if (photos.length) forgetTheThing();
}

function saidRightly() {
  const right = byId("intake").checkValidity();
  if (!right) {
    byId("options").open = true;
    byId("intake").reportValidity();
  }
  return right;
}

// a folder, a card that was pulled out, a file of no bytes: none of them could be sent
async function canBeRead(file) {
  try {
    return (await file.slice(0, 1).arrayBuffer()).byteLength > 0;
  } catch {
    return false;
  }
}

function remarks(files, readable, things) {
  const empty = files.filter((_, place) => !readable[place]).map((file) => file.name);
  if (!files.length) return "There was no photo in that.";
  if (empty.length) return `Nothing can be read from ${empty.join(", ")}.`;
  return things > 1 ? `At most ${MOST_OF_ONE_THING} photos show one thing, so these make ${things} things.` : "";
}

/** Return what a new thing shows itself in; null where the same photos, asked the same way, are on the page. */
function rootOf(group, asked) {
  const mark = JSON.stringify([group.map(markOf), asked]);
  if (there.has(mark)) {
    there.get(mark).root.scrollIntoView({ block: "nearest" });
    remark(`${group.map((photo) => photo.name).join(", ")} is here already.`);
    return null;
  }
  there.set(mark, new Thing(group, asked, () => removed(mark)));
  return there.get(mark).root;
}

// the keyboard must not be left where nothing is any more
function removed(mark) {
  there.delete(mark);
  byId("choose").focus();
}

function markOf(photo) {
  return `${photo.name}|${photo.size}|${photo.lastModified}`;
}

function unique(photos) {
  return [...new Map(photos.map((photo) => [markOf(photo), photo])).values()];
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

// the desk stays where it is: its country and currency are kept for the next day
function keepTheDesk() {
  for (const name of ABOUT_THE_DESK) {
    const field = byId(name);
    field.value = localStorage.getItem(`lens_rx.${name}`) || field.value;
    field.addEventListener("change", () => localStorage.setItem(`lens_rx.${name}`, field.value));
  }
}

function showTheWorld() {
  const sandbox = document.documentElement.dataset.world === "sandbox";
  document.querySelector(".sandbox-sign").hidden = !sandbox;
  byId("sample").hidden = !sandbox;
  if (sandbox) document.title = `SANDBOX – ${document.title}`;
}

function start() {
  showTheWorld();
  byId("choose").addEventListener("change", chosen);
  byId("camera").addEventListener("change", chosen);
  byId("sample").addEventListener("click", sample);
  byId("intake").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", () => byId("drop").classList.remove("over"));
  document.addEventListener("drop", dropped);
  document.addEventListener("paste", pasted);
  keepTheDesk();
}

start();
