// The sound of an answer while it is still being made: stretches that follow each other without a gap.

import { h, icon, setIcon } from "./dom.js";
import { alone } from "./player.js";

const AHEAD_S = 8; // decoded so far ahead of what is heard; the rest waits as it came
const SOON_S = 0.05;

export class Live {
  constructor() {
    this.words = h("span", {}, "Listen");
    this.button = h("button", { class: "listen", type: "button", hidden: true, on: { click: () => this.toggle() } }, icon("play"), this.words);
    this.context = null;
    this.#begin(null);
  }

  #begin(job) {
    this.stop();
    this.job = job;
    this.pieces = [];
    this.line = []; // what is decoded: when it starts, in the context's time, and where that is in the answer
    this.end = 0; // of the line, in the context's time
  }

  /** One more stretch, as the room's events tell it. */
  add({ job, number, seconds, mp3 }) {
    if (job !== this.job) this.#begin(job);
    if (number !== this.pieces.length + 1) return; // told again after an interruption
    const last = this.pieces.at(-1);
    this.pieces.push({ seconds, mp3, at: last ? last.at + last.seconds : 0 });
    this.button.hidden = false;
    this.#fill();
  }

  get playing() {
    return this.context?.state === "running";
  }

  /** Seconds of the answer that were heard. */
  get position() {
    const now = this.context?.currentTime ?? 0;
    const heard = this.line.findLast((one) => one.start <= now);
    return heard ? heard.at + Math.min(heard.seconds, now - heard.start) : 0;
  }

  async toggle() {
    if (this.playing) {
      this.pause();
      return;
    }
    alone(this);
    this.context ??= new AudioContext();
    this.context.onstatechange = () => this.#tell();
    await this.context.resume();
    this.#fill();
  }

  pause() {
    this.context?.suspend();
  }

  stop() {
    this.context?.close();
    this.context = null;
    this.#tell();
  }

  /** The answer is there: its player goes on where this one is. */
  over(clip) {
    const { playing, position } = this;
    this.stop();
    if (position) clip?.querySelector(".seek").dispatchEvent(new CustomEvent("go-on", { detail: { playing, position } }));
  }

  #tell() {
    setIcon(this.button, this.playing ? "pause" : "play");
    this.words.textContent = this.playing ? "Pause" : "Listen";
    this.button.setAttribute("aria-label", this.playing ? "Pause" : "Listen while it is made");
  }

  async #fill() {
    const { context } = this;
    if (!context || this.filling) return;
    this.filling = true;
    while (context === this.context && this.line.length < this.pieces.length && this.end - context.currentTime < AHEAD_S) {
      const { seconds, mp3, at } = this.pieces[this.line.length];
      const content = Uint8Array.from(atob(mp3), (sign) => sign.charCodeAt(0));
      const sound = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(content.buffer) });
      if (context !== this.context) break;
      const start = Math.max(this.end, context.currentTime + SOON_S);
      sound.connect(context.destination);
      sound.addEventListener("ended", () => this.#fill());
      sound.start(start, 0, seconds);
      this.line.push({ start, at, seconds });
      this.end = start + seconds;
    }
    this.filling = false;
  }
}
