// Puts the page together: which room, its timeline, what is said into it.

import { capabilities } from "./api.js";
import { Composer } from "./composer.js";
import { byId, h, token } from "./dom.js";
import { isRoom, nameAfter, remember, rooms } from "./memory.js";
import { roomPath, Sidebar } from "./sidebar.js";
import { startTheme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { flourish } from "./wave.js";

const IDEAS = {
  text_to_speech: "Say “Good morning, everybody” aloud",
  speech_recognition: "Write down what is said in this recording",
  speech_enhancement: "Remove the noise from my recording",
  audio_editing: "Trim this clip to the first 10 seconds",
  text_to_music: "Make calm piano music for reading",
  text_to_audio: "Make the sound of rain on a tin roof",
  text_to_sing: "Sing “row, row, row your boat”",
  talking_head: "Make this portrait talk",
};
const MOST_IDEAS = 4;

let limits = { max_upload_mb: 100, max_attachments: 10, max_text_chars: 20_000 };
let timeline = null;

startTheme();
const sidebar = new Sidebar({ open: (id) => go(id), create: () => go(token()) });
const composer = new Composer((draft) => timeline.send(draft), () => limits);

function fromAddress() {
  const [, id] = location.pathname.match(/^\/r\/([^/]+)$/) ?? location.hash.match(/^#\/room\/([^/]+)$/) ?? [];
  return isRoom(id) ? id : null;
}

function go(id) {
  if (fromAddress() !== id || location.hash) history.pushState(null, "", roomPath(id));
  enter(id);
}

function enter(id) {
  if (timeline?.room === id) return;
  timeline?.close();
  remember(id);
  sidebar.show(id);
  timeline = new Timeline(id, {
    named: (words) => {
      if (nameAfter(id, words)) sidebar.show(id);
    },
  });
  byId("text").focus({ preventScroll: true });
}

function enterAddress() {
  const id = fromAddress() ?? rooms()[0]?.id ?? token();
  history.replaceState(null, "", roomPath(id));
  enter(id);
}

function suggest(served) {
  const ids = served.map((one) => one.id).filter((id) => id in IDEAS);
  const items = ids.slice(0, MOST_IDEAS).map((id) => {
    const button = h("button", { type: "button" }, IDEAS[id]);
    button.addEventListener("click", () => composer.suggest(IDEAS[id]));
    return h("li", {}, button);
  });
  byId("ideas").replaceChildren(...items);
}

new ResizeObserver(() => flourish(byId("flourish"))).observe(byId("flourish"));
document.addEventListener("themechange", () => flourish(byId("flourish")));
window.addEventListener("popstate", enterAddress);
window.addEventListener("hashchange", enterAddress);
enterAddress();

try {
  const answer = await capabilities();
  limits = answer;
  suggest(answer.capabilities);
} catch {
  // The timeline says that the server is away; the usual limits stand meanwhile.
}
