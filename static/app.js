// The page: takes photos in every way there is, and puts a thing on the page for each.

import { Thing } from "./thing.js";

const MOST_OF_ONE_THING = 8;
const OPTIONS = ["hint", "producer", "model", "condition", "country", "currency"];
const byId = (id) => document.getElementById(id);

function announce(words) {
  byId("announce").textContent = words;
}

function query() {
  const said = OPTIONS.map((name) => [name, byId(name).value.trim()]);
  return Object.fromEntries(said.filter(([, value]) => value));
}

function add(files) {
  const photos = [...files].filter((file) => file.size);
  if (!photos.length) return announce("There was no photo in that.");
  const together = byId("together").checked;
  const groups = together ? chunks(photos, MOST_OF_ONE_THING) : photos.map((photo) => [photo]);
  for (const group of groups) byId("things").prepend(new Thing(group, query(), announce).root);
  announce(`${groups.length} ${groups.length === 1 ? "thing is" : "things are"} looked at.`);
}

function chunks(list, size) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}

function chosen(event) {
  add(event.target.files);
  event.target.value = "";
}

function dropped(event) {
  event.preventDefault();
  byId("drop").classList.remove("over");
  add(event.dataTransfer.files);
}

async function sample() {
  const answer = await fetch("sample.jpg");
  add([new File([await answer.blob()], "sample.jpg", { type: "image/jpeg" })]);
}

function over(event) {
  event.preventDefault();
  byId("drop").classList.add("over");
}

function start() {
  const sandbox = document.documentElement.dataset.world === "sandbox";
  document.querySelector(".sandbox-sign").hidden = !sandbox;
  byId("sample").hidden = !sandbox;
  if (sandbox) document.title = `SANDBOX – ${document.title}`;
  byId("choose").addEventListener("change", chosen);
  byId("camera").addEventListener("change", chosen);
  byId("sample").addEventListener("click", sample);
  byId("intake").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", () => byId("drop").classList.remove("over"));
  document.addEventListener("drop", dropped);
  document.addEventListener("paste", (event) => event.clipboardData.files.length && add(event.clipboardData.files));
}

start();
