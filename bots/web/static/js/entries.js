// The elements of the timeline: what a person sent, what the bot answered.

import { artifact as address, plan } from "./api.js";
import { bytes, copy, h, icon, lasting, span } from "./dom.js";
import { Live } from "./live.js";
import { player } from "./player.js";

/** One piece of media in the way it is shown. */
export function piece(room, shown, way) {
  if (way === "voice" || way === "audio") return player(room, shown, way === "voice");
  if (way === "image") {
    const image = h("img", { src: address(room, shown.id), alt: shown.caption || shown.name, width: shown.width, height: shown.height, loading: "lazy" });
    return h("a", { class: "picture", href: address(room, shown.id), target: "_blank", rel: "noopener" }, image);
  }
  if (way === "video") {
    return h("video", { class: "video", src: address(room, shown.id), controls: true, playsinline: true, preload: "metadata", "aria-label": shown.name });
  }
  return h("a", { class: "file", href: address(room, shown.id, "", { download: "1" }), download: shown.name }, icon("file"), h("div", {}, h("b", {}, shown.name), h("span", {}, bytes(shown.size))));
}

const wayOf = (artifact, voice) => {
  if (artifact.kind === "audio") return voice ? "voice" : "audio";
  return { image: "image", video: "video" }[artifact.kind] ?? "file";
};

function attached(room, { artifact, name, voice }) {
  if (artifact) return piece(room, artifact, wayOf(artifact, voice));
  return h("div", { class: "file lost" }, icon("file"), h("div", {}, h("b", {}, voice ? "Voice message" : name), h("span", {}, "not taken")));
}

/** What a person sent. */
export function message(room, data, mine) {
  const media = data.attachments.map((one) => attached(room, one));
  return h(
    "li",
    { class: `entry person ${mine ? "mine" : "theirs"}`, "data-message": data.message_id, "data-client": data.client_id },
    h("p", { class: mine ? "hidden" : "byline" }, mine ? "You" : data.author.name),
    ...media.map((one) => h("div", { class: "bubble" }, one)),
    data.text ? h("div", { class: "bubble" }, h("p", { class: "words" }, data.text)) : null,
  );
}

/** What this person is just sending: the same, before the server knows it. */
export function sending(draft, on) {
  const chip = (file, name, note) => h("div", { class: "file" }, icon(file), h("div", {}, h("b", {}, name), h("span", {}, note)));
  const files = [
    ...(draft.voice ? [chip("mic", "Voice message", lasting(draft.seconds))] : []),
    ...draft.files.map((file) => chip("file", file.name, bytes(file.size))),
  ];
  const state = h("span", {}, "Sending…");
  const delivery = h("div", { class: "delivery", role: "status" }, state);
  const item = h(
    "li",
    { class: "entry person mine unsent fresh", "data-client": draft.clientId },
    h("p", { class: "hidden" }, "You"),
    ...files.map((one) => h("div", { class: "bubble" }, one)),
    draft.text ? h("div", { class: "bubble" }, h("p", { class: "words" }, draft.text)) : null,
    delivery,
  );
  return {
    item,
    progress(fraction) {
      state.textContent = fraction < 1 ? `Sending, ${Math.round(fraction * 100)} %` : "Sent";
    },
    failed(reason) {
      item.classList.replace("unsent", "failed");
      const button = (text, listener) => h("button", { class: "plain", type: "button", on: { click: listener } }, text);
      delivery.replaceChildren(h("span", {}, reason), button("Try again", on.again), button("Discard", on.discard));
    },
    again() {
      item.classList.replace("failed", "unsent");
      delivery.replaceChildren(state);
      state.textContent = "Sending…";
    },
  };
}

/** What the bot answered. */
export function reply(room, data) {
  const media = data.shown.map((one) => piece(room, one, one.way));
  return h(
    "li",
    { class: "entry bot", "data-reply": data.message_id },
    h("span", { class: "face", "aria-hidden": "true" }, icon("mark", "mark")),
    h(
      "div",
      { class: "said" },
      h("p", { class: "hidden" }, "AudioGPT"),
      data.refusal ? refusal(data) : data.text ? h("p", { class: "words" }, data.text) : null,
      media.length ? h("div", { class: "media" }, ...media) : null,
      data.pictured ? picture(room, data.pictured) : null,
      extras(room, data),
    ),
  );
}

/** How an answer was made, as a picture that opens large. */
function picture(room, message) {
  const where = plan(room, message);
  const shown = h("img", { src: where, alt: "The same as a picture: what was sent, each step, what was made", loading: "lazy" });
  const large = h("a", { class: "plan", href: where, target: "_blank", rel: "noopener" }, shown);
  shown.addEventListener("error", () => large.remove());
  return large;
}

function refusal(data) {
  return h("div", { class: "refusal", "data-kind": data.refusal.kind }, icon("info"), h("p", { class: "words" }, data.text || data.refusal.message));
}

function extras(room, data) {
  const text = data.text && !data.refusal
    ? h("button", { class: "plain", type: "button", "aria-label": "Copy this text", on: { click: () => copy(data.text, "Copied.") } }, icon("copy"), "Copy")
    : null;
  return text || data.plan.length ? h("div", { class: "extras" }, text, data.plan.length ? made(room, data) : null) : null;
}

function made(room, data) {
  const steps = data.plan.map((step) => {
    const args = Object.entries(step.args).filter(([, value]) => value !== null && value !== "");
    return h(
      "li",
      {},
      h("span", { class: "what" }, step.title),
      h("span", { class: "ms", title: `${span(step.model_ms)} inside the model` }, span(step.ms)),
      h("span", { class: "model" }, `by ${step.model}, ${span(step.model_ms)} in the model`),
      args.length ? h("span", { class: "args" }, args.map(([name, value]) => `${name}: ${shorten(value)}`).join("   ")) : null,
    );
  });
  const large = picture(room, data.message_id);
  return h("details", { class: "made" }, h("summary", {}, `How this was made, ${span(data.ms)}`), h("ol", {}, ...steps), large);
}

function shorten(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

const STAGES = { received: "Received", listening: "Listening to you", thinking: "Thinking", queued: "Waiting for a free model", words: "Writing" };

/** The line that shows what is going on, until the answer is there. */
export function statusLine(data, onStop) {
  const what = h("span", { class: "what" });
  const bar = h("progress", { max: "1", hidden: true });
  const words = h("p", { class: "words", hidden: true });
  const button = h("button", { class: "stop", type: "button", on: { click: () => onStop(button) } }, icon("stop"), "Stop");
  const live = new Live();
  const busy = h("span", { class: "busy", "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("i"));
  const face = h("span", { class: "face", "aria-hidden": "true" }, busy);
  const item = h("li", { class: "entry status fresh", "data-status": data.message_id }, face, h("div", { class: "said" }, h("div", { class: "line" }, what, bar, live.button, button), words));
  return {
    item,
    live,
    update(status) {
      const known = status.fraction !== null;
      what.replaceChildren(...say(status));
      bar.hidden = !known;
      if (known) {
        bar.value = status.fraction;
        bar.setAttribute("aria-label", what.textContent);
      }
      words.hidden = !status.text;
      words.textContent = status.text;
    },
  };
}

function say(status) {
  const title = status.title ? status.title[0].toUpperCase() + status.title.slice(1) : "";
  if (status.stage === "running") {
    const percent = status.fraction === null ? "" : `, ${Math.round(status.fraction * 100)} %`;
    return [h("b", {}, title || "Working"), status.model ? ` with ${status.model}` : "", percent];
  }
  if (status.stage === "queued" && status.place) {
    const place = status.place === 1 ? "next in line" : `number ${status.place} in line`;
    return [h("b", {}, title || "Waiting"), `, ${place}`];
  }
  return [h("b", {}, STAGES[status.stage] ?? "Working")];
}
