// Photos that are to be sent, grouped into things: a proposal, and what its user changes in it.

import { byName, chunks, groupByName } from "./photo-groups.js";

export class PhotoGrouping {
  /** At most `maxPhotos` photos show one thing. `groups` are lists of photos, one a thing, none of them empty. */
  constructor(maxPhotos) {
    this.maxPhotos = maxPhotos;
    this.groups = [];
    this.history = [];
  }

  get photos() {
    return this.groups.flat();
  }

  get canUndo() {
    return this.history.length > 0;
  }

  /** Add photos, grouped by their names. */
  add(photos) {
    this.change([...this.groups, ...groupByName(photos, this.maxPhotos)]);
  }

  /** Group all photos anew: by `name`, or so many a thing in the order of their names, `all` for as many as may be. */
  regroup(how) {
    if (how === "name") return this.change(groupByName(this.photos, this.maxPhotos));
    return this.change(chunks(this.photos.sort(byName), how === "all" ? this.maxPhotos : Number(how)));
  }

  /** Return the index of a photo's group. */
  indexOf(photo) {
    return this.groups.findIndex((group) => group.includes(photo));
  }

  /** Move photos to a group; return whether they fit in there. */
  moveTo(photos, index) {
    const target = this.groups[index];
    const added = photos.filter((photo) => !target.includes(photo));
    if (target.length + added.length > this.maxPhotos) return false;
    this.change(this.groups.map((group, at) => (at === index ? [...group, ...added] : without(group, photos))));
    return true;
  }

  /** Make photos a thing of their own, behind the one that the first of them is in; return whether they fit in one. */
  moveToNew(photos) {
    if (photos.length > this.maxPhotos) return false;
    const after = this.indexOf(photos[0]);
    this.change(this.groups.flatMap((group, at) => (at === after ? [without(group, photos), photos] : [without(group, photos)])));
    return true;
  }

  /** Take photos out. */
  remove(photos) {
    this.change(this.groups.map((group) => without(group, photos)));
  }

  /** Take back the last change. */
  undo() {
    this.groups = this.history.pop() || this.groups;
  }

  /** Take all out, for good. */
  clear() {
    this.groups = [];
    this.history = [];
  }

  change(groups) {
    if (this.groups.length) this.history.push(this.groups);
    this.groups = groups.filter((group) => group.length);
  }
}

function without(group, photos) {
  return group.filter((photo) => !photos.includes(photo));
}
