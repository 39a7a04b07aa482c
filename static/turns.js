// A few at a time: whoever asks waits until it is their turn.

export class Turns {
  /** `most` may have their turn at the same time. */
  constructor(most) {
    this.free = most;
    this.line = [];
  }

  /** Call `go` when it is its turn, at once where nobody is before it; return the function that ends the turn. */
  ask(go) {
    const turn = { go, has: false, over: false };
    this.line.push(turn);
    this.next();
    return () => this.end(turn);
  }

  next() {
    while (this.free && this.line.length) {
      const turn = this.line.shift();
      this.free -= 1;
      turn.has = true;
      turn.go();
    }
  }

  end(turn) {
    if (turn.over) return;
    turn.over = true;
    this.line = this.line.filter((other) => other !== turn);
    if (!turn.has) return;
    this.free += 1;
    this.next();
  }
}
