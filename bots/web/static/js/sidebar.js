// The list of this browser's rooms, and the drawer that it is on a narrow screen.

import { byId, copy, h, icon } from "./dom.js";
import { choice, choose, leave, rename, roomName, rooms } from "./memory.js";

export const roomPath = (id) => `/r/${id}`;

/** `on.open(id)` goes to a room; `on.create()` makes one. */
export class Sidebar {
  constructor(on) {
    this.on = on;
    this.current = null;
    byId("new-room").addEventListener("click", () => {
      this.drawer(false);
      on.create();
    });
    byId("open-rooms").addEventListener("click", () => this.drawer(true));
    byId("close-rooms").addEventListener("click", () => this.drawer(false));
    byId("veil").addEventListener("click", () => this.drawer(false));
    byId("sidebar").addEventListener("keydown", (event) => event.key === "Escape" && this.drawer(false));
    matchMedia("(min-width: 821px)").addEventListener("change", () => this.drawer(false));
    byId("share").addEventListener("click", () =>
      copy(location.origin + roomPath(this.current), "Link copied. Whoever has it can read and speak in this room."),
    );
    byId("rename").addEventListener("click", () => this.#rename());
    const author = byId("author");
    author.value = choice("author");
    author.addEventListener("change", () => choose("author", author.value.trim()));
  }

  show(id) {
    this.current = id;
    const name = roomName(id);
    byId("room-name").textContent = name;
    document.title = `${name} · AudioGPT`;
    byId("rooms").replaceChildren(...rooms().map((room) => this.#item(room)));
  }

  #item(room) {
    const name = room.name || "New room";
    const link = h("a", { href: roomPath(room.id), "aria-current": room.id === this.current ? "page" : null, title: name }, name);
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.drawer(false);
      this.on.open(room.id);
    });
    const remove = h("button", { class: "plain", type: "button", "aria-label": `Take ${name} off this list`, title: "Take off this list" }, icon("close"));
    remove.addEventListener("click", () => {
      leave(room.id);
      if (room.id !== this.current) this.show(this.current);
      else if (rooms().length) this.on.open(rooms()[0].id);
      else this.on.create();
    });
    return h("li", {}, link, remove);
  }

  #rename() {
    const dialog = byId("ask");
    const input = byId("ask-name");
    input.value = roomName(this.current);
    const room = this.current;
    dialog.returnValue = "";
    // Enter in the field means what it looks like, not the form's first button.
    input.onkeydown = (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      dialog.close("ok");
    };
    dialog.onclose = () => {
      if (dialog.returnValue !== "ok") return;
      rename(room, input.value.trim());
      this.show(this.current);
    };
    dialog.showModal();
    input.select();
  }

  drawer(open) {
    const was = byId("sidebar").classList.contains("open");
    byId("sidebar").classList.toggle("open", open);
    byId("veil").hidden = !open;
    document.querySelector("main").inert = open;
    byId("open-rooms").setAttribute("aria-expanded", String(open));
    if (open) byId("close-rooms").focus();
    else if (was) byId("open-rooms").focus();
  }
}
