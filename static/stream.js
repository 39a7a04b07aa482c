// One run over a WebSocket: photos go in, facts come out, and a broken line is taken up again.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;
const MOST_TRIES = 12;
const LONGEST_WAIT_SECONDS = 3600;
const RESTART_CODES = new Set([1001, 1006, 1011, 1012, 1013]);
const NOT_FOUND = 404;
const TOO_BIG_CODE = 1009;
const BUSY = 429;
const AWAY = 503;

export class RunStream {
  /**
   * `photos` are files; `query` what the user said; `key` is that of a run to take up from its first fact, or `""`;
   * `on` takes `begun(message, fresh)`, `fact`, `broken`, `waiting(message, seconds)`, `refused` and `ended`. `fresh`
   * says that facts come from the first one on. Nothing is sent before `resume` or `restart`.
   */
  constructor(photos, query, key, on) {
    this.photos = photos;
    this.query = query;
    this.on = on;
    this.startAt(key);
    this.online = () => this.broken && this.connect(); // what the service asked to wait for is waited for
    addEventListener("online", this.online);
  }

  startAt(key) {
    this.key = key;
    this.generation = 0;
    this.seq = 0;
  }

  /** Ask again from the photos; what came before stands until the first fact of the new run. */
  restart() {
    this.startAt("");
    this.resume();
  }

  /** Go on where the line ended. */
  resume() {
    this.hangUp();
    this.complete = false;
    this.tries = 0;
    this.connect();
  }

  /** End for good. */
  close() {
    removeEventListener("online", this.online);
    this.hangUp();
  }

  hangUp() {
    const socket = this.socket;
    this.socket = null;
    this.pause(null);
    if (socket) socket.close();
  }

  pause(milliseconds) {
    clearTimeout(this.timer);
    this.timer = milliseconds === null ? 0 : setTimeout(() => this.connect(), milliseconds);
  }

  connect() {
    this.pause(null);
    this.broken = false;
    const socket = new WebSocket(this.address());
    this.socket = socket;
    this.answered = false;
    socket.onopen = () => this.ask(socket);
    socket.onmessage = (message) => socket === this.socket && this.take(JSON.parse(message.data));
    socket.onclose = (event) => socket === this.socket && this.closed(event.code);
  }

  address() {
    const query = new URLSearchParams({ ...this.query, events: "all", photos: this.photos.length || 1 });
    const url = new URL(`ws?${query}`, document.baseURI);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url;
  }

  ask(socket) {
    this.withPhotos = !this.key;
    if (this.key) {
      socket.send(JSON.stringify({ key: this.key, after: this.seq, generation: this.generation }));
    } else {
      this.photos.forEach((photo) => socket.send(photo));
    }
  }

  take(message) {
    if (message.error) return this.refused(message);
    if (message.key) return this.begun(message);
    if (!(message.seq > this.seq)) return; // told already; or no fact: the transport breaks off, and closes
    this.seq = message.seq;
    this.tries = 0;
    this.complete ||= message.data_description === "complete";
    this.on.fact(message);
  }

  begun(message) {
    const fresh = this.withPhotos || message.generation !== this.generation;
    this.key = message.key;
    this.generation = message.generation;
    if (fresh) this.seq = 0;
    this.on.begun(message, fresh);
  }

  refused(message) {
    this.answered = true;
    if (this.key && message.status === NOT_FOUND && this.photos.length) { // forgotten meanwhile: the photos start it anew
      this.key = "";
      this.again();
    } else if (message.status === BUSY || (message.status === AWAY && this.tries < MOST_TRIES)) {
      this.wait(message, Math.min(message.retry_after || 1, LONGEST_WAIT_SECONDS));
    } else {
      this.on.refused(message);
    }
  }

  closed(code) {
    this.socket = null;
    if (this.answered) return;
    if (this.complete) this.on.ended();
    else if (code === TOO_BIG_CODE) this.on.refused({ error: "The photo is too large.", status: 413 });
    else if (this.tries >= MOST_TRIES) this.on.refused({ error: "The service cannot be reached. Is it still running?" });
    else this.breakOff(code);
  }

  breakOff(code) {
    if (!RESTART_CODES.has(code) && this.photos.length) this.key = ""; // it ended without being complete: ask with the photos
    this.on.broken();
    this.again();
  }

  again() {
    this.broken = true;
    this.pause(Math.min(FIRST_PAUSE * 2 ** this.tries, LONGEST_PAUSE));
    this.tries += 1;
  }

  wait(message, seconds) {
    this.tries += 1;
    this.on.waiting(message, seconds);
    this.pause(seconds * 1000);
  }
}
