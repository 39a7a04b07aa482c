// One run over a WebSocket: sends photos, receives facts, and reconnects after a broken connection.

import { findSignedOut } from "./account.js";
import { fetchJson } from "./fetch-json.js";

const FIRST_DELAY_MILLISECONDS = 500;
const MAX_DELAY_MILLISECONDS = 8000;
const MAX_ATTEMPTS = 12;
const MAX_WAIT_SECONDS = 3600;
const RECONNECT_CODES = new Set([1001, 1006, 1011, 1012, 1013]);
const NOT_FOUND = 404;
const TOO_BIG_CODE = 1009;
const BUSY = 429;
const UNAVAILABLE = 503;

export class RunStream {
  /**
   * `photos` are files; `query` the options; `key` that of a run to resume, or `""`. `on` has the callbacks
   * `started(message, isNewStream)`, `fact`, `disconnected`, `waiting(message, seconds)`, `rejected`, `changeRejected`
   * and `ended`; `isNewStream` says that facts come from the first one on. `view` holds further parameters of the query.
   * Nothing is sent before `resume`, `restart` or `change`.
   */
  constructor(photos, query, key, on) {
    this.photos = photos;
    this.query = query;
    this.on = on;
    this.view = {};
    this.once = {};
    this.request = null;
    this.reading = null;
    this.setRun(key);
    this.online = () => this.isBroken && this.connect(); // not while waiting for `retry_after`
    addEventListener("online", this.online);
  }

  setRun(key) {
    this.key = key;
    this.generation = 0;
    this.seq = 0;
  }

  /** Send the photos again, with further parameters; shown facts stay until the first fact of the new run. */
  restart(parameters = {}) {
    this.setRun("");
    this.once = parameters;
    this.resume();
  }

  /** Continue after the last fact received; a run of which none was received is read at once where it has ended. */
  resume() {
    this.closeSocket();
    this.isComplete = false;
    this.attempts = 0;
    if (this.key && !this.seq) this.readStored();
    else this.connect();
  }

  // one answer in place of a line and of a message for each fact
  async readStored() {
    const reading = Symbol(this.key);
    this.reading = reading;
    const run = await fetchJson(`runs/${this.key}?${this.viewQuery()}`);
    if (this.reading !== reading) return;
    if (run?.state !== "complete") return this.connect();
    this.sentPhotos = false;
    this.onBegin({ key: this.key, generation: run.generation, replayed: true });
    run.facts.forEach((fact) => this.onMessage(fact));
    this.on.ended();
  }

  viewQuery() {
    const { currency, country } = this.query;
    const known = Object.entries({ currency, country, ...this.view }).filter(([, value]) => value);
    return new URLSearchParams([["events", "all"], ...known]);
  }

  /** Ask for a change of a run that is complete, such as `{ undo: true }`; the facts of its new generation follow. */
  change(request) {
    this.closeSocket();
    this.request = request;
    this.attempts = 0;
    this.connect();
  }

  /** Close the stream for good. */
  close() {
    removeEventListener("online", this.online);
    this.closeSocket();
  }

  closeSocket() {
    const socket = this.socket;
    this.socket = null;
    this.reading = null;
    this.scheduleReconnect(null);
    if (socket) socket.close();
  }

  scheduleReconnect(milliseconds) {
    clearTimeout(this.timer);
    this.timer = milliseconds === null ? 0 : setTimeout(() => this.connect(), milliseconds);
  }

  connect() {
    this.scheduleReconnect(null);
    this.isBroken = false;
    const socket = new WebSocket(this.address());
    this.socket = socket;
    this.rejected = false;
    socket.onopen = () => this.sendRequest(socket);
    socket.onmessage = (message) => socket === this.socket && this.onMessage(JSON.parse(message.data));
    socket.onclose = (event) => socket === this.socket && this.onClose(event.code);
  }

  address() {
    const query = new URLSearchParams({ ...this.query, ...this.view, ...this.once, events: "all", photos: this.photos.length || 1 });
    const url = new URL(`ws?${query}`, document.baseURI);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url;
  }

  sendRequest(socket) {
    this.sentPhotos = !this.key;
    if (this.request) {
      socket.send(JSON.stringify({ key: this.key, ...this.request }));
    } else if (this.key) {
      socket.send(JSON.stringify({ key: this.key, after: this.seq, generation: this.generation }));
    } else {
      this.photos.forEach((photo) => socket.send(photo));
    }
  }

  onMessage(message) {
    if (message.error) return this.onRejected(message);
    if (message.key) return this.onBegin(message);
    if (!(message.seq > this.seq)) return; // received before; or an error of the transport, which closes next
    this.seq = message.seq;
    this.attempts = 0;
    this.isComplete ||= message.data_description === "complete";
    this.on.fact(message);
  }

  onBegin(message) {
    const isNewStream = this.sentPhotos || Boolean(this.request) || message.generation !== this.generation;
    this.request = null;
    this.once = {};
    this.key = message.key;
    this.generation = message.generation;
    if (isNewStream) Object.assign(this, { seq: 0, isComplete: false });
    this.on.started(message, isNewStream);
  }

  onRejected(message) {
    this.rejected = true;
    if (this.key && message.status === NOT_FOUND && this.photos.length && !this.request) { // deleted meanwhile: start again with the photos
      this.key = "";
      this.reconnect();
    } else if (message.status === BUSY || (message.status === UNAVAILABLE && this.attempts < MAX_ATTEMPTS)) {
      this.waitBeforeRetry(message, Math.min(message.retry_after || 1, MAX_WAIT_SECONDS));
    } else if (this.request) {
      this.request = null;
      this.on.changeRejected(message);
    } else {
      this.on.rejected(message);
    }
  }

  onClose(code) {
    this.socket = null;
    if (this.rejected) return;
    if (this.request) this.onChangeLost();
    else if (this.isComplete) this.on.ended();
    else if (code === TOO_BIG_CODE) this.on.rejected({ error: "The photo is too large.", status: 413 });
    else if (this.attempts >= MAX_ATTEMPTS) this.on.rejected({ error: "The service cannot be reached. Is it still running?" });
    else this.reconnectAfterBreak(code);
  }

  // whether it was taken is not known, and to ask twice could change twice: look what the run is now
  onChangeLost() {
    this.request = null;
    this.on.changeRejected({ error: "The connection broke. Look whether your change is there, or make it again." });
    this.reconnect();
  }

  reconnectAfterBreak(code) {
    if (!RECONNECT_CODES.has(code) && this.photos.length) this.key = ""; // closed before completion: start again with the photos
    this.on.disconnected();
    this.reconnect();
    this.stopWhenSignedOut();
  }

  // a refused WebSocket looks like a broken line
  async stopWhenSignedOut() {
    const message = await findSignedOut();
    if (!message || !this.isBroken) return;
    this.closeSocket();
    this.isBroken = false;
    this.on.rejected(message);
  }

  reconnect() {
    this.isBroken = true;
    this.scheduleReconnect(Math.min(FIRST_DELAY_MILLISECONDS * 2 ** this.attempts, MAX_DELAY_MILLISECONDS));
    this.attempts += 1;
  }

  waitBeforeRetry(message, seconds) {
    this.attempts += 1;
    this.on.waiting(message, seconds);
    this.scheduleReconnect(seconds * 1000);
  }
}
