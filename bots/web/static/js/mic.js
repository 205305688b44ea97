// The record button. Hold and let go to send; press once to start and once to send; slide off or Escape to throw away.
// The same with Space or Enter on the focused button.

import { byId, clock, setIcon } from "./dom.js";
import { Recorder } from "./recorder.js";
import { barsOf, drawLevels } from "./wave.js";

const HOLD_MS = 350; // shorter is a press
const SLIDE_PX = 90;
const SHORTEST_S = 0.4;

export class Mic {
  /** `on.done(file, seconds)` gets a recording; `on.say(text)` shows a sentence; `on.live(flag)` when it begins, ends. */
  constructor(on) {
    this.on = on;
    this.button = byId("mic");
    this.form = byId("composer");
    this.state = "idle"; // idle, starting, live, ending
    this.held = false;
    this.away = false;
    this.#pointer();
    this.#keys();
    byId("cancel-recording").addEventListener("click", () => this.cancel());
  }

  #pointer() {
    this.button.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.button.setPointerCapture(event.pointerId);
      this.#down();
    });
    this.button.addEventListener("pointermove", (event) => this.held && this.#slide(event));
    this.button.addEventListener("pointerup", () => this.#up());
    this.button.addEventListener("pointercancel", () => this.held && this.cancel());
    this.button.addEventListener("contextmenu", (event) => event.preventDefault());
    // A screen reader's activation comes as a click without a pointer.
    this.button.addEventListener("click", (event) => {
      if (event.detail === 0) this.#press();
    });
  }

  #keys() {
    this.button.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault(); // no click of its own
      if (!event.repeat) this.#down();
    });
    this.button.addEventListener("keyup", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      this.#up();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.state !== "idle") this.cancel();
    });
  }

  #press() {
    if (this.state === "idle") this.#begin();
    else if (this.state === "live") this.#finish();
  }

  #down() {
    this.downAt = performance.now();
    this.held = true;
    this.away = false;
    this.wasLive = this.state === "live";
    if (this.state === "idle") this.#begin();
    this.#look();
  }

  #up() {
    if (!this.held) return;
    this.held = false;
    const long = performance.now() - this.downAt >= HOLD_MS;
    if (this.away) this.cancel();
    else if (this.state === "live" && (long || this.wasLive)) this.#finish();
    else this.#look(); // a press: it goes on until the next one
  }

  #slide(event) {
    const box = this.button.getBoundingClientRect();
    const [x, y] = [event.clientX - (box.left + box.width / 2), event.clientY - (box.top + box.height / 2)];
    const away = Math.hypot(x, y) > SLIDE_PX;
    if (away === this.away) return;
    this.away = away;
    this.#look();
  }

  async #begin() {
    this.state = "starting";
    try {
      const recorder = await Recorder.start();
      if (this.state !== "starting") {
        recorder.cancel(); // called off while the browser asked for permission
        return;
      }
      this.recorder = recorder;
      this.state = "live";
      this.levels = [];
      this.shownAt = -1;
      this.on.live(true);
      this.#look();
      this.#frame();
    } catch (error) {
      this.#rest();
      this.on.say(error.message);
    }
  }

  async #finish() {
    this.state = "ending";
    const { file, seconds } = await this.recorder.finish();
    this.#rest();
    if (seconds < SHORTEST_S || !file.size) this.on.say("That was too short. Hold the button while you speak.");
    else this.on.done(file, seconds);
  }

  cancel() {
    if (this.state === "live") this.recorder.cancel();
    if (this.state !== "ending") this.#rest();
  }

  #rest() {
    this.state = "idle";
    this.recorder = null;
    this.held = false;
    this.away = false;
    this.button.style.removeProperty("--loud");
    this.on.live(false);
    this.#look();
  }

  #look() {
    const live = this.state === "live";
    const locked = live && !this.held;
    this.form.classList.toggle("live", live);
    this.form.classList.toggle("held", live && this.held);
    this.form.classList.toggle("cancelling", live && this.away);
    byId("recording").hidden = !live;
    byId("text").parentElement.hidden = live;
    byId("cancel-recording").hidden = !locked;
    setIcon(this.button, locked ? "send" : "mic");
    const hint = live && this.held ? (this.away ? "Let go to throw it away" : "Let go to send, slide off to cancel") : "";
    byId("hint").textContent = locked ? "Recording. Press to send." : hint;
    this.button.setAttribute("aria-label", live ? "Send the recording" : this.button.dataset.label ?? this.#label());
  }

  #label() {
    this.button.dataset.label = this.button.getAttribute("aria-label");
    return this.button.dataset.label;
  }

  #frame() {
    if (this.state !== "live") return;
    const level = this.recorder.level();
    const canvas = byId("level");
    const beat = Math.floor(this.recorder.seconds * 20);
    if (beat !== this.shownAt) {
      this.shownAt = beat;
      this.levels.push(level);
      this.levels.splice(0, Math.max(0, this.levels.length - barsOf(canvas)));
      byId("timer").textContent = clock(this.recorder.seconds);
      drawLevels(canvas, this.levels);
    }
    this.button.style.setProperty("--loud", String(1 + level * 0.7));
    requestAnimationFrame(() => this.#frame());
  }
}
