// Limits how many tasks run at the same time.

export class TaskQueue {
  /** At most `limit` tasks run at the same time. */
  constructor(limit) {
    this.freeSlots = limit;
    this.waiting = [];
  }

  /** Call `start` when a slot is free; return the function that releases the slot. */
  enqueue(start) {
    const task = { start, isRunning: false, isDone: false };
    this.waiting.push(task);
    this.startNext();
    return () => this.release(task);
  }

  startNext() {
    while (this.freeSlots && this.waiting.length) {
      const task = this.waiting.shift();
      this.freeSlots -= 1;
      task.isRunning = true;
      task.start();
    }
  }

  release(task) {
    if (task.isDone) return;
    task.isDone = true;
    this.waiting = this.waiting.filter((other) => other !== task);
    if (!task.isRunning) return;
    this.freeSlots += 1;
    this.startNext();
  }
}
