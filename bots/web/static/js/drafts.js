// Files that are attached and not yet sent: chosen, dropped or pasted, each with a preview.

import { byId, bytes, h, icon, setIcon, toast } from "./dom.js";

export class Drafts {
  constructor(limits, onChange) {
    this.limits = limits;
    this.onChange = onChange;
    this.files = [];
    this.list = byId("drafts");
    const input = byId("files");
    byId("attach").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      this.add(input.files);
      input.value = "";
    });
    byId("text").addEventListener("paste", (event) => {
      if (!event.clipboardData?.files.length) return;
      event.preventDefault();
      this.add(event.clipboardData.files);
    });
    this.#drop();
  }

  #drop() {
    const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
    let depth = 0;
    const show = (flag) => {
      byId("drop").hidden = !flag;
      if (!flag) depth = 0;
    };
    document.addEventListener("dragenter", (event) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      show(true);
    });
    document.addEventListener("dragleave", () => {
      depth -= 1;
      if (depth <= 0) show(false);
    });
    document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
    document.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      show(false);
      this.add(event.dataTransfer.files);
    });
  }

  add(files) {
    for (const file of files) {
      const { max_upload_mb: most, max_attachments: count } = this.limits();
      if (this.files.length >= count) toast(`One message takes ${count} files.`);
      else if (file.size > most * 1024 * 1024) toast(`${file.name} is larger than ${most} MB, which is my limit.`);
      else this.#one(file);
    }
    this.#changed();
    byId("text").focus();
  }

  #one(file) {
    this.files.push(file);
    const url = URL.createObjectURL(file);
    const remove = h("button", { class: "plain", type: "button", "aria-label": `Remove ${file.name}` }, icon("close"));
    const about = h("div", {}, h("b", {}, file.name), h("span", {}, bytes(file.size)));
    const item = h("li", { class: "draft" }, preview(file, url), about, remove);
    remove.addEventListener("click", () => {
      this.files = this.files.filter((other) => other !== file);
      this.#forget(item);
      this.#changed();
      byId("text").focus();
    });
    item.forget = () => URL.revokeObjectURL(url);
    this.list.append(item);
  }

  #forget(item) {
    item.querySelector("button")?.sound?.pause();
    item.forget();
    item.remove();
  }

  /** The files, which are drafts no more. */
  take() {
    const files = this.files;
    this.files = [];
    for (const item of [...this.list.children]) this.#forget(item);
    this.#changed();
    return files;
  }

  #changed() {
    this.list.hidden = !this.files.length;
    this.onChange();
  }
}

function preview(file, url) {
  if (file.type.startsWith("image/")) return h("img", { src: url, alt: "" });
  if (file.type.startsWith("video/")) return h("video", { src: url, muted: true, playsinline: true, preload: "metadata" });
  if (!file.type.startsWith("audio/")) return icon("file");
  const button = h("button", { class: "plain", type: "button", "aria-label": `Play ${file.name}` }, icon("play"));
  button.addEventListener("click", () => {
    if (!button.sound) {
      button.sound = new Audio(url);
      for (const name of ["play", "pause"]) {
        button.sound.addEventListener(name, () => setIcon(button, button.sound.paused ? "play" : "pause"));
      }
    }
    if (button.sound.paused) button.sound.play().catch(() => toast("This browser cannot play that file. I may still read it."));
    else button.sound.pause();
  });
  return button;
}
