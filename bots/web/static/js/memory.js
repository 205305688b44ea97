// What this browser remembers: its rooms, the person's name and secret, small choices.

import { token } from "./dom.js";

const PREFIX = "audiogpt.";
const fallback = new Map();

function read(name) {
  try {
    return localStorage.getItem(PREFIX + name) ?? fallback.get(name) ?? null;
  } catch {
    return fallback.get(name) ?? null; // storage is forbidden: remembered until the page closes
  }
}

function write(name, value) {
  fallback.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Forbidden or full: `fallback` has it.
  }
}

export const choice = (name) => read(name) ?? "";
export const choose = (name, value) => write(name, value);

/** The secret that makes this browser one person. */
export function authorKey() {
  if (!read("author-key")) write("author-key", token(32));
  return read("author-key");
}

/** Rooms, the newest first: [{id, name, named}]; `named` when the person gave the name. */
export function rooms() {
  try {
    const list = JSON.parse(read("rooms") ?? "[]");
    return Array.isArray(list) ? list.filter((room) => isRoom(room?.id)) : [];
  } catch {
    return [];
  }
}

export const isRoom = (id) => typeof id === "string" && /^[A-Za-z0-9_-]{22,64}$/.test(id);

export const roomName = (id) => rooms().find((room) => room.id === id)?.name || "New room";

function save(list) {
  write("rooms", JSON.stringify(list.slice(0, 200)));
}

export function remember(id) {
  if (!rooms().some((room) => room.id === id)) save([{ id, name: "", named: false }, ...rooms()]);
}

export function rename(id, name) {
  save(rooms().map((room) => (room.id === id ? { ...room, name, named: Boolean(name) } : room)));
}

/** Name a room after its first words, unless the person named it. */
export function nameAfter(id, words) {
  const name = words.trim().replace(/\s+/g, " ").slice(0, 48);
  const room = rooms().find((one) => one.id === id);
  if (!name || !room || room.named || room.name) return false;
  save(rooms().map((one) => (one.id === id ? { ...one, name } : one)));
  return true;
}

export function leave(id) {
  save(rooms().filter((room) => room.id !== id));
}
