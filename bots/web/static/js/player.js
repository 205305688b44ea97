// One clip: play, seek on its waveform, speed, spectrogram, download.

import { artifact as address, waveform } from "./api.js";
import { bytes, clock, h, icon, lasting, setIcon, toast } from "./dom.js";
import { isDark } from "./theme.js";
import { drawWave } from "./wave.js";

const SPEEDS = [1, 1.25, 1.5, 2, 0.75];
const FORMATS = { mp3: "MP3", m4a: "M4A", ogg: "Opus, small", wav: "WAV", flac: "FLAC" };
const STEP_S = 5;

let sounding = null;

/** One sound plays at a time: whatever else is playing pauses. */
export function alone(one) {
  if (sounding && sounding !== one) sounding.pause();
  sounding = one;
}

const visible = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      visible.unobserve(entry.target);
      entry.target.dispatchEvent(new CustomEvent("seen"));
    }
  },
  { rootMargin: "300px" },
);

/** What the browser plays: the artifact itself, or an MP3 of it. A recorder's webm has no index to seek with. */
function source(room, clip) {
  const plain = clip.kind === "audio" && !/webm|matroska/.test(clip.media_type);
  return plain && new Audio().canPlayType(clip.media_type)
    ? address(room, clip.id)
    : address(room, clip.id, "", { form: "mp3" });
}

class Clip {
  constructor(room, clip, title) {
    this.room = room;
    this.clip = clip;
    this.title = title;
    this.points = null;
    this.audio = null;
    this.at = 0; // seconds, also before the sound is loaded
    this.speed = 0;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.play = h("button", { class: "play", type: "button", "aria-label": `Play: ${title}`, on: { click: () => this.toggle() } }, icon("play"));
    this.seek = h("div", { class: "seek", role: "slider", tabindex: "0", "aria-label": `Position in ${title}`, "aria-valuemin": "0" }, this.canvas);
    this.time = h("span", { class: "time" });
    this.#listen();
    this.#tell();
  }

  get length() {
    return this.clip.duration_s ?? (Number.isFinite(this.audio?.duration) ? this.audio.duration : 0);
  }

  toggle() {
    if (this.audio && !this.audio.paused) this.audio.pause();
    else this.#start();
  }

  #load() {
    if (this.audio) return;
    this.audio = new Audio(source(this.room, this.clip));
    this.audio.playbackRate = SPEEDS[this.speed];
    if (this.at) this.audio.currentTime = this.at;
    const state = () => {
      const playing = !this.audio.paused;
      setIcon(this.play, playing ? "pause" : "play");
      this.play.setAttribute("aria-label", `${playing ? "Pause" : "Play"}: ${this.title}`);
      if (playing) this.#frame();
    };
    this.audio.addEventListener("play", state);
    this.audio.addEventListener("pause", state);
    this.audio.addEventListener("ended", () => this.go(0));
    this.audio.addEventListener("timeupdate", () => this.#tell());
    this.audio.addEventListener("error", () => toast("That clip cannot be played any more."));
  }

  #start() {
    this.#load();
    alone(this.audio);
    this.audio.play().catch((error) => {
      if (error.name !== "AbortError" && !this.audio.error) toast("The browser would not play that clip.");
    });
  }

  #frame() {
    if (!this.audio || this.audio.paused) return;
    if (!this.canvas.isConnected) {
      this.audio.pause();
      return;
    }
    this.#tell();
    requestAnimationFrame(() => this.#frame());
  }

  go(seconds) {
    this.at = Math.min(Math.max(0, seconds), this.length);
    if (this.audio) this.audio.currentTime = this.at;
    this.#tell();
  }

  #tell() {
    if (this.audio && !this.audio.seeking) this.at = this.audio.currentTime;
    const [at, length] = [this.at, this.length];
    this.time.textContent = at > 0 ? `${clock(at)} / ${lasting(length)}` : lasting(length);
    this.seek.setAttribute("aria-valuemax", length.toFixed(1));
    this.seek.setAttribute("aria-valuenow", at.toFixed(1));
    this.seek.setAttribute("aria-valuetext", `${clock(at)} of ${lasting(length)}`);
    this.draw();
  }

  draw() {
    if (this.canvas.clientWidth) drawWave(this.canvas, this.points, this.length ? this.at / this.length : 0);
  }

  #listen() {
    const keys = {
      ArrowLeft: () => this.at - STEP_S, ArrowDown: () => this.at - STEP_S, ArrowRight: () => this.at + STEP_S,
      ArrowUp: () => this.at + STEP_S, PageDown: () => this.at - this.length / 10,
      PageUp: () => this.at + this.length / 10, Home: () => 0, End: () => this.length,
    };
    this.seek.addEventListener("keydown", (event) => {
      if (event.key === " " || event.key === "Enter") this.toggle();
      else if (keys[event.key]) this.go(keys[event.key]());
      else return;
      event.preventDefault();
    });
    const follow = (event) => {
      const box = this.seek.getBoundingClientRect();
      this.go(((event.clientX - box.left) / box.width) * this.length);
    };
    this.seek.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.seek.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.seek.addEventListener("pointermove", (event) => {
      if (this.seek.hasPointerCapture(event.pointerId)) follow(event);
    });
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    const themed = () => (this.canvas.isConnected ? this.draw() : document.removeEventListener("themechange", themed));
    document.addEventListener("themechange", themed);
    this.seek.addEventListener("seen", () => this.#fetch());
    this.seek.addEventListener("go-on", ({ detail }) => {
      this.go(detail.position);
      if (detail.playing) this.#start();
    });
    visible.observe(this.seek);
  }

  async #fetch() {
    try {
      this.points = (await waveform(this.room, this.clip.id)).points;
      this.draw();
    } catch (error) {
      if (error.status !== 404) return; // the dots stay; the clip may still play
      const box = this.seek.closest(".clip");
      box.replaceChildren(h("p", { class: "gone" }, "This clip is no longer kept."));
    }
  }

  cycle(button) {
    this.speed = (this.speed + 1) % SPEEDS.length;
    if (this.audio) this.audio.playbackRate = SPEEDS[this.speed];
    button.textContent = `${SPEEDS[this.speed]}×`;
    button.setAttribute("aria-label", `Speed: ${SPEEDS[this.speed]} times`);
  }
}

/** The player of an artifact with sound. `voice`: somebody speaking, not a piece. */
export function player(room, clip, voice) {
  const length = clip.duration_s === null ? "" : `, ${lasting(clip.duration_s)}`;
  const title = voice ? `Voice message${length}` : `${clip.name}${length}`;
  const one = new Clip(room, clip, title);
  const picture = h("div", { class: "spectrogram", hidden: true });
  const speed = h("button", { class: "plain speed", type: "button", "aria-label": "Speed: 1 times", on: { click: () => one.cycle(speed) } }, "1×");
  const spectrum = h("button", { class: "plain", type: "button", "aria-label": "Spectrogram", title: "Spectrogram", "aria-expanded": "false", on: { click: () => unfold() } }, icon("spectrum"));
  const unfold = () => {
    picture.hidden = !picture.hidden;
    spectrum.setAttribute("aria-expanded", String(!picture.hidden));
    if (!picture.hidden) picture.replaceChildren(spectrogram(room, clip, title));
  };
  return h(
    "div",
    { class: `clip ${voice ? "voice" : "audio"}`, role: "group", "aria-label": title },
    voice ? null : h("p", { class: "clip-name" }, h("b", {}, clip.caption || clip.name), h("span", {}, bytes(clip.size))),
    h("div", { class: "track" }, one.play, one.seek),
    h("div", { class: "clip-foot" }, one.time, speed, spectrum, downloads(room, clip)),
    picture,
  );
}

function spectrogram(room, clip, title) {
  const path = address(room, clip.id, "/spectrogram.png", { dark: isDark() ? "1" : "0" });
  const image = h("img", { alt: `Spectrogram of ${title}: frequency over time`, src: path, width: "1200", height: "420" });
  image.addEventListener("error", () => image.replaceWith(h("p", { class: "gone" }, "That spectrogram could not be drawn.")));
  return image;
}

function downloads(room, clip) {
  const link = (text, note, query) =>
    h("li", {}, h("a", { href: address(room, clip.id, "", { download: "1", ...query }), download: clip.name }, text, h("span", {}, note)));
  const menu = h(
    "details",
    { class: "menu" },
    h("summary", { class: "plain", "aria-label": "Download", title: "Download" }, icon("download")),
    h("ul", {}, link("As it is", bytes(clip.size), {}), ...Object.entries(FORMATS).map(([form, name]) => link(name, `.${form}`, { form }))),
  );
  menu.addEventListener("toggle", () => {
    menu.classList.toggle("below", menu.open && menu.getBoundingClientRect().top < 400);
  });
  return menu;
}

// A menu closes when the person looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest(".menu a")) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.(".menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
