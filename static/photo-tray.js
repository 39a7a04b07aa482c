// Several photos before they are sent: which of them show one thing is proposed, and changed by mouse, finger or keys.

import { announce } from "./announcements.js";
import { element } from "./dom.js";
import { photoMark } from "./photo-files.js";
import { PhotoGrouping } from "./photo-grouping.js";
import { maxPhotos } from "./service-info.js";
import { createThumbnail } from "./thumbnails.js";
import { readKey } from "./tray-keys.js";
import { count } from "./wording.js";

const byId = (id) => document.getElementById(id);

export class PhotoTray {
  /** `onSend` receives the groups of photos, one a thing, and returns whether it took them. */
  constructor(onSend) {
    this.onSend = onSend;
    this.grouping = new PhotoGrouping(maxPhotos);
    this.options = new Map(); // by photo
    this.marked = new Set();
    this.typed = "";
    this.list = byId("tray-list");
    this.connect();
  }

  connect() {
    const onClick = (id, action) => byId(id).addEventListener("click", action);
    onClick("tray-send", () => this.send());
    onClick("tray-undo", () => this.undo());
    onClick("tray-discard", () => this.discard());
    onClick("tray-new", () => this.moveToNew());
    onClick("tray-out", () => this.leaveOut());
    onClick("tray-unmark", () => this.unmark());
    byId("tray-target").addEventListener("change", (event) => this.moveTo(Number(event.target.value)));
    byId("tray-grouping").addEventListener("change", (event) => this.regroup(event.target.value));
    byId("tray").addEventListener("keydown", (event) => readKey(this, event));
    this.list.addEventListener("click", (event) => this.onClick(event));
    this.list.addEventListener("focusin", (event) => this.setCurrent(this.photoOf(event.target)));
    for (const type of ["dragstart", "dragover", "dragleave", "drop", "dragend"]) this.list.addEventListener(type, (event) => this.onDrag(event));
  }

  get isOpen() {
    return this.grouping.groups.length > 0;
  }

  /** Whether photos are dragged from one thing to another. */
  get isDragging() {
    return Boolean(this.dragged);
  }

  /** Show photos for grouping, beside those that wait already. */
  add(photos) {
    const waiting = new Set(this.grouping.photos.map(photoMark));
    const added = photos.filter((photo) => !waiting.has(photoMark(photo)));
    if (added.length) this.grouping.add(added);
    byId("tray-grouping").value = "name";
    this.current = this.options.has(this.current) ? this.current : this.grouping.photos[0];
    this.render();
    this.focusCurrent();
    announce(`${byId("tray-title").textContent}. Enter prices them; the arrows lead through the photos.`);
  }

  send() {
    if (this.onSend(this.grouping.groups)) this.clear();
  }

  discard() {
    this.clear();
    byId("choose").focus();
    announce("The photos were discarded.");
  }

  clear() {
    this.grouping.clear();
    this.marked.clear();
    this.options.clear();
    this.setTyped("");
    this.render();
  }

  // the marked photos, or where none is marked that with the focus
  get chosen() {
    return this.marked.size ? this.grouping.photos.filter((photo) => this.marked.has(photo)) : [this.current];
  }

  /** Move the chosen photos to a thing, counted from 1 on. */
  moveTo(number) {
    if (!this.grouping.groups[number - 1]) return announce(`There is no thing ${number}.`);
    return this.change((chosen) => this.grouping.moveTo(chosen, number - 1), "moved");
  }

  /** Move the chosen photos to the thing so many further on. */
  moveBy(steps) {
    const target = this.grouping.indexOf(this.current) + steps;
    if (target === this.grouping.groups.length) this.moveToNew();
    else if (target >= 0) this.moveTo(target + 1);
  }

  moveToNew() {
    this.change((chosen) => this.grouping.moveToNew(chosen), "moved");
  }

  /** Join the thing of the current photo with the one before. */
  join() {
    const index = this.grouping.indexOf(this.current);
    if (index > 0) this.change(() => this.grouping.moveTo(this.grouping.groups[index], index - 1), "joined");
  }

  leaveOut() {
    const { photos } = this.grouping;
    const next = photos.slice(photos.indexOf(this.chosen.at(-1)) + 1).concat(photos).find((photo) => !this.chosen.includes(photo));
    this.change((chosen) => this.grouping.remove(chosen), "left out", next);
    if (!this.isOpen) this.discard();
  }

  undo() {
    if (!this.grouping.canUndo) return;
    this.grouping.undo();
    this.afterChange("Taken back.");
  }

  regroup(how) {
    this.grouping.regroup(how);
    this.render();
    announce(byId("tray-title").textContent);
  }

  change(action, verb, focusOn = null) {
    const { chosen } = this;
    if (action(chosen) === false) return announce(`At most ${maxPhotos} photos show one thing.`);
    this.current = focusOn || chosen[0];
    const place = verb === "left out" ? "" : ` to thing ${this.grouping.indexOf(this.current) + 1}`;
    return this.afterChange(`${chosen.length === 1 ? chosen[0].name : `${chosen.length} photos`} ${verb}${place}.`);
  }

  afterChange(words) {
    this.marked.clear();
    if (!this.grouping.photos.includes(this.current)) [this.current] = this.grouping.photos;
    this.render();
    this.focusCurrent();
    announce(`${words} ${byId("tray-title").textContent}.`);
  }

  /** Show the first digits of a thing's number while it is typed. */
  setTyped(digits) {
    this.typed = digits;
    byId("tray-typed").textContent = digits && `to thing ${digits}…`;
  }

  toggleMark(photo) {
    if (!this.marked.delete(photo)) this.marked.add(photo);
    this.render();
    this.focusCurrent();
  }

  /** Mark all photos of the current thing. */
  markThing(photo = this.current) {
    for (const other of this.grouping.groups[this.grouping.indexOf(photo)]) this.marked.add(other);
    this.render();
    this.focusCurrent();
  }

  /** Return whether there was a mark to take away. */
  unmark() {
    const had = this.marked.size > 0;
    this.marked.clear();
    this.render();
    this.focusCurrent();
    return had;
  }

  setCurrent(photo) {
    if (!photo) return;
    this.current = photo;
    this.setTabStop();
  }

  focusCurrent() {
    this.options.get(this.current)?.focus();
  }

  photoOf(target) {
    const option = target.closest("[role=option]");
    return [...this.options].find(([, node]) => node === option)?.[0];
  }

  onClick({ target }) {
    const photo = this.photoOf(target);
    if (photo) return this.setCurrent(photo) || this.toggleMark(photo);
    const number = target.closest(".tray-number");
    return number && this.markThing(this.grouping.groups[Number(number.textContent) - 1][0]);
  }

  onDrag(event) {
    const photo = this.photoOf(event.target);
    const place = event.target.closest("[data-thing]");
    if (event.type === "dragstart" && photo) {
      this.current = photo;
      if (!this.marked.has(photo)) this.marked.clear();
      this.dragged = this.chosen;
      event.dataTransfer.setData("text/plain", photo.name);
    }
    if (!this.dragged) return;
    for (const other of this.list.querySelectorAll(".over")) other.classList.remove("over");
    if (event.type === "dragover" || event.type === "drop") event.preventDefault();
    if (event.type === "dragover") place?.classList.add("over");
    if (event.type === "dragstart") requestAnimationFrame(() => this.list.classList.add("dragging"));
    if (event.type === "drop" || event.type === "dragend") this.endDrag(event.type === "drop" && place);
  }

  endDrag(place) {
    this.dragged = null;
    this.list.classList.remove("dragging");
    if (!place) return;
    if (place.dataset.thing === "new") this.moveToNew();
    else this.moveTo(Number(place.dataset.thing));
  }

  render() {
    const { groups, photos } = this.grouping;
    byId("tray").hidden = !photos.length;
    byId("tray-title").textContent = `${count(photos.length, "photo")}, ${count(groups.length, "thing")}`;
    byId("tray-send").textContent = `Price ${count(groups.length, "thing")}`;
    byId("tray-undo").disabled = !this.grouping.canUndo;
    this.list.replaceChildren(...groups.map((group, index) => this.groupItem(group, index)), ...(photos.length ? [newThingItem()] : []));
    byId("tray-marked").hidden = !this.marked.size;
    byId("tray-count").textContent = `${count(this.marked.size, "photo")} marked:`;
    const targets = groups.map((_, index) => element("option", { value: index + 1 }, `thing ${index + 1}`));
    byId("tray-target").replaceChildren(element("option", { value: "" }, "Move to …"), ...targets);
    this.setTabStop();
  }

  groupItem(group, index) {
    const options = group.map((photo) => this.option(photo, index));
    const label = `Thing ${index + 1}, ${count(group.length, "photo")}`;
    return element("div", { class: "tray-group", role: "group", "aria-label": label, "data-thing": index + 1 },
      element("span", { class: "tray-number", title: "Mark its photos", "aria-hidden": "true" }, String(index + 1)), ...options);
  }

  option(photo, index) {
    if (!this.options.has(photo)) this.options.set(photo, createOption(photo));
    const option = this.options.get(photo);
    option.setAttribute("aria-selected", String(this.marked.has(photo)));
    option.setAttribute("aria-label", `${photo.name}, thing ${index + 1}`);
    return option;
  }

  // one stop of the Tab key; from there the arrows lead on
  setTabStop() {
    for (const [photo, option] of this.options) option.tabIndex = photo === this.current ? 0 : -1;
  }
}

function createOption(photo) {
  const { frame } = createThumbnail(photo);
  const name = element("span", { class: "tray-name" }, photo.name.replace(/\.\w{2,5}$/, ""));
  return element("div", { class: "tray-photo", role: "option", draggable: "true", title: photo.name }, frame, name);
}

function newThingItem() {
  return element("div", { class: "tray-group tray-new", "data-thing": "new", "aria-hidden": "true" }, "Drop here for a thing of its own");
}
