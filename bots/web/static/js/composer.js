// What the person is about to say: words, files, a recording.

import { byId, toast, token } from "./dom.js";
import { Drafts } from "./drafts.js";
import { authorKey, choice, choose } from "./memory.js";
import { Mic } from "./mic.js";

export class Composer {
  /** `send(draft)` takes what is said; `limits()` gives the server's. */
  constructor(send, limits) {
    this.send = send;
    this.text = byId("text");
    this.drafts = new Drafts(limits, () => this.#changed());
    this.limits = limits;
    new Mic({
      done: (file, seconds) => this.#say(file, seconds),
      say: toast,
      live: () => this.#changed(),
    });
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say(null, 0);
    });
    this.text.addEventListener("input", () => this.#changed());
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#say(null, 0);
    });
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault(); // the address names the room, nothing else
      this.text.focus();
    });
    this.#speak();
    this.#changed();
  }

  #speak() {
    const button = byId("speak");
    const show = () => button.setAttribute("aria-pressed", String(choice("speak") === "yes"));
    button.addEventListener("click", () => {
      choose("speak", choice("speak") === "yes" ? "" : "yes");
      show();
    });
    show();
  }

  #changed() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    byId("send").disabled = !this.text.value.trim() && !this.drafts.files.length;
  }

  #say(voice, seconds) {
    const text = this.text.value.trim();
    const most = this.limits().max_text_chars;
    if (!voice && !text && !this.drafts.files.length) return;
    if (text.length > most) {
      toast(`That text is longer than ${most.toLocaleString()} characters, which is my limit.`);
      return;
    }
    this.text.value = "";
    this.send({
      text,
      voice,
      seconds,
      files: this.drafts.take(),
      clientId: token(),
      author: choice("author"),
      authorKey: authorKey(),
      speak: choice("speak") === "yes",
    });
  }

  /** Put words into the field, for the person to go on with. */
  suggest(text) {
    this.text.value = text;
    this.#changed();
    this.text.focus();
  }
}
