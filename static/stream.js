// One run over a WebSocket: photos go in, facts come out, and a broken line is taken up again.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;
const MOST_TRIES = 12;
const RESTART_CODES = new Set([1001, 1006, 1011, 1012, 1013]);

export class RunStream {
  /** `photos` are files; `query` what the user said; `on` takes `key`, `fact`, `broken`, `refused`, `ended`. */
  constructor(photos, query, on) {
    this.photos = photos;
    this.query = query;
    this.on = on;
    this.restart();
  }

  /** Forget what came and ask again from the photos. */
  restart() {
    this.close();
    this.key = null;
    this.generation = 0;
    this.seq = 0;
    this.complete = false;
    this.tries = 0;
    this.connect();
  }

  close() {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.timer);
    if (socket) socket.close();
  }

  connect() {
    const socket = new WebSocket(this.address());
    this.socket = socket;
    socket.onopen = () => this.ask(socket);
    socket.onmessage = (message) => socket === this.socket && this.take(JSON.parse(message.data));
    socket.onclose = (event) => socket === this.socket && this.closed(event.code);
  }

  address() {
    const query = new URLSearchParams({ ...this.query, events: "all", photos: this.photos.length });
    const url = new URL(`ws?${query}`, document.baseURI);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url;
  }

  ask(socket) {
    if (this.key) {
      socket.send(JSON.stringify({ key: this.key, after: this.seq, generation: this.generation }));
    } else {
      this.photos.forEach((photo) => socket.send(photo));
    }
  }

  take(message) {
    if (message.error) return this.refused(message);
    if (message.key) return this.begun(message);
    if (!message.seq) return; // the transport says why it breaks off; closing tells the rest
    this.seq = message.seq;
    this.tries = 0;
    this.complete ||= message.data_description === "complete";
    this.on.fact(message);
  }

  begun(message) {
    const other = this.key && message.generation !== this.generation;
    this.key = message.key;
    this.generation = message.generation;
    if (other) this.seq = 0;
    this.on.key(message, other);
  }

  refused(message) {
    const gone = this.key && message.status === 404;
    if (gone) this.key = null; // the run was forgotten meanwhile: the photos start it anew
    this.saidNo = !gone;
    if (!gone) this.on.refused(message);
  }

  closed(code) {
    this.socket = null;
    if (this.saidNo) {
      this.saidNo = false;
    } else if (this.complete) {
      this.on.ended();
    } else if (this.tries >= MOST_TRIES) {
      this.on.refused({ error: "The service cannot be reached. Is it still running?" });
    } else {
      this.again(code);
    }
  }

  again(code) {
    if (!RESTART_CODES.has(code)) this.key = null; // it ended without being complete: ask with the photos
    const pause = Math.min(FIRST_PAUSE * 2 ** this.tries, LONGEST_PAUSE);
    this.tries += 1;
    this.on.broken();
    this.timer = setTimeout(() => this.connect(), pause);
  }
}
