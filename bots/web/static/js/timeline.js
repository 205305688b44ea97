// One room's timeline: keeps order, follows the newest, says what is new.

import { history, post, stop } from "./api.js";
import { announce, byId, h, toast } from "./dom.js";
import { message, reply, sending, statusLine } from "./entries.js";
import { choice, choose } from "./memory.js";
import { Stream } from "./stream.js";

const CLOSE_PX = 120;

export class Timeline {
  /** `on.named(words)` hears the first words of the room. */
  constructor(room, on) {
    this.room = room;
    this.on = on;
    this.list = byId("timeline");
    this.under = byId("under-way");
    this.scroll = byId("scroll");
    this.list.replaceChildren();
    this.under.replaceChildren();
    this.first = null; // the number of the earliest event on the page
    this.answered = new Set();
    this.statuses = new Map();
    this.drafts = new Map();
    this.live = false; // all that was kept is on the page
    this.pinned = true; // the newest stays in sight
    this.abort = new AbortController();
    const signal = this.abort.signal;
    this.scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true, signal });
    byId("to-end").addEventListener("click", () => this.toEnd(true), { signal });
    byId("earlier").addEventListener("click", () => this.#earlier(), { signal });
    this.observer = new ResizeObserver(() => this.pinned && this.toEnd());
    for (const element of [this.list, this.under, this.scroll]) this.observer.observe(element);
    byId("earlier").hidden = true;
    byId("welcome").hidden = true;
    this.stream = new Stream(room, {
      message: (data, number) => this.#message(data, number),
      reply: (data, number) => this.#reply(data, number),
      status: (data) => this.#status(data),
      sound: (data) => this.statuses.get(data.message_id)?.live.add(data),
      ready: () => this.#ready(),
      lost: () => this.#notice("The connection is lost. I am trying again…"),
      found: () => this.#notice(""),
    });
  }

  close() {
    this.stream.close();
    this.abort.abort();
    this.observer.disconnect();
    for (const { live } of this.statuses.values()) live.stop();
    this.#notice("");
    byId("to-end").hidden = true;
  }

  /** Send a draft; it stands on the page at once. */
  send(draft) {
    const entry = sending(draft, {
      again: () => {
        entry.again();
        this.#post(draft, entry);
      },
      discard: () => {
        entry.item.remove();
        this.drafts.delete(draft.clientId);
        this.#welcome();
      },
    });
    this.drafts.set(draft.clientId, entry);
    this.under.append(entry.item);
    byId("welcome").hidden = true;
    this.toEnd();
    this.#post(draft, entry);
  }

  async #post(draft, entry) {
    try {
      const { author_id: author } = await post(this.room, draft, (fraction) => entry.progress(fraction));
      choose("author-id", author);
    } catch (error) {
      if (this.drafts.has(draft.clientId)) entry.failed(error.message);
    }
  }

  #message(data, number) {
    const own = this.drafts.get(data.client_id);
    own?.item.remove();
    this.drafts.delete(data.client_id);
    const mine = Boolean(own) || data.author.id === choice("author-id");
    if (own) choose("author-id", data.author.id);
    this.#append(message(this.room, data, mine), number);
    this.on.named(data.text);
    if (this.live && !mine) announce(`${data.author.name}: ${data.text || "sent a file"}`);
  }

  #reply(data, number) {
    this.answered.add(data.message_id);
    const live = this.#settle(data.message_id);
    const item = reply(this.room, data);
    this.#append(item, number);
    live?.over(item.querySelector(".clip.voice"));
    this.#heard(data);
    if (!this.live) return;
    const sound = data.shown.some((one) => one.way === "voice" || one.way === "audio") ? " With sound." : "";
    announce(`AudioGPT: ${data.text}${sound}`);
  }

  /** What was understood stands under the voice message itself. */
  #heard(data) {
    const item = data.heard && this.list.querySelector(`[data-message="${CSS.escape(data.message_id)}"]`);
    this.on.named(data.heard);
    if (item && !item.querySelector(".heard")) item.querySelector(".bubble:has(.voice)")?.append(h("p", { class: "heard words" }, data.heard));
  }

  #append(item, number) {
    this.first ??= number;
    this.list.append(item);
    if (!this.live) return; // one look at the end is enough, once all is there
    item.classList.add("fresh");
    byId("welcome").hidden = true;
    if (this.pinned) this.toEnd();
    else byId("to-end").hidden = false;
  }

  #status(data) {
    if (this.answered.has(data.message_id)) return;
    let line = this.statuses.get(data.message_id);
    if (!line) {
      line = statusLine(data, (button) => this.#stop(data.message_id, button));
      this.statuses.set(data.message_id, line);
      this.under.append(line.item);
    }
    line.update(data);
    if (this.pinned) this.toEnd();
  }

  async #stop(id, button) {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true"; // a disabled button would drop the focus
    try {
      const { stopped } = await stop(this.room, id);
      if (!stopped) toast("That is not under way any more.");
    } catch (error) {
      button.ariaDisabled = "false";
      toast(error.message);
    }
  }

  /** Take a turn's line away; gives what was heard of its answer. */
  #settle(id) {
    const line = this.statuses.get(id);
    const focused = line?.item.contains(document.activeElement);
    line?.item.remove();
    this.statuses.delete(id);
    if (focused) byId("text").focus();
    return line?.live;
  }

  /** What was under way before an interruption is told anew, right after this. */
  #ready() {
    for (const id of [...this.statuses.keys()]) this.#settle(id).stop();
    this.live = true;
    byId("earlier").hidden = !(this.first > 1);
    this.#welcome();
    if (this.pinned) this.toEnd();
    document.body.dataset.ready = this.room;
  }

  #welcome() {
    byId("welcome").hidden = Boolean(this.list.children.length || this.under.children.length);
  }

  async #earlier() {
    const button = byId("earlier");
    button.disabled = true;
    try {
      const { events } = await history(this.room, this.first);
      const before = this.scroll.scrollHeight - this.scroll.scrollTop;
      const items = events.map(({ event }) =>
        event.type === "message" ? message(this.room, event, event.author.id === choice("author-id")) : reply(this.room, event),
      );
      this.list.prepend(...items);
      for (const { event } of events) if (event.type === "reply") this.#heard(event);
      this.first = events.length ? events[0].id : 1;
      button.hidden = this.first <= 1;
      this.scroll.scrollTop = this.scroll.scrollHeight - before;
    } catch (error) {
      toast(error.message);
    }
    button.disabled = false;
  }

  #notice(text) {
    byId("notice").textContent = text;
    byId("notice").hidden = !text;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    this.pinned = scrollHeight - scrollTop - clientHeight < CLOSE_PX;
    if (this.pinned) byId("to-end").hidden = true;
  }

  toEnd(smooth = false) {
    this.pinned = true;
    byId("to-end").hidden = true;
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }
}
