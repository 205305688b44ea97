// A room's server-sent events, resumed by themselves after any interruption.

import { eventsPath } from "./api.js";

const PATIENCE_MS = 1200; // a short hiccup is not worth a word
const MOST_WAIT_MS = 15_000;
const REST_MS = 60_000; // a hidden page gives its connection back: a browser has six for a server, over all its tabs

export class Stream {
  /** `on` has message, reply, status, sound, ready (each gets the data and the number) and lost, found. */
  constructor(room, on) {
    this.room = room;
    this.on = on;
    this.last = null;
    this.wait = 500;
    this.source = null;
    this.timers = { lost: 0, again: 0, rest: 0 };
    this.abort = new AbortController();
    const signal = this.abort.signal;
    window.addEventListener("online", () => this.#open(), { signal });
    document.addEventListener("visibilitychange", () => this.#seen(), { signal });
    this.#open();
  }

  close() {
    this.abort.abort();
    this.#pause();
    this.on = null;
  }

  #pause() {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.timers.lost = 0;
    this.source?.close();
    this.source = null;
  }

  #seen() {
    clearTimeout(this.timers.rest);
    if (document.hidden) this.timers.rest = setTimeout(() => this.#pause(), REST_MS);
    else if (!this.source || this.source.readyState === EventSource.CLOSED) this.#open();
  }

  #open() {
    if (!this.on) return;
    clearTimeout(this.timers.again);
    this.source?.close();
    this.source = new EventSource(eventsPath(this.room, this.last));
    const source = this.source;
    for (const name of ["message", "reply", "status", "sound", "ready"]) {
      source.addEventListener(name, (event) => source === this.source && this.#take(name, event));
    }
    source.addEventListener("error", () => source === this.source && this.#lost());
  }

  #take(name, event) {
    clearTimeout(this.timers.lost);
    this.timers.lost = 0;
    const number = event.lastEventId ? Number(event.lastEventId) : null;
    if (name === "message" || name === "reply") {
      if (this.last !== null && number <= this.last) return;
      this.last = number;
    }
    if (name === "ready") {
      this.wait = 500;
      this.on.found();
    }
    this.on[name](JSON.parse(event.data), number);
  }

  // The browser itself tries again after a lost connection, but not after an error answer; so we always do it.
  #lost() {
    this.source.close();
    if (!this.timers.lost) this.timers.lost = setTimeout(() => this.on?.lost(), PATIENCE_MS);
    clearTimeout(this.timers.again);
    this.timers.again = setTimeout(() => this.#open(), this.wait);
    this.wait = Math.min(MOST_WAIT_MS, this.wait * 1.7);
  }
}
