// The server's JSON API.

/** An error answer: `kind` and one sentence. */
export class ApiError extends Error {
  constructor(status, kind, message) {
    super(message);
    this.status = status;
    this.kind = kind;
  }
}

const UNREACHABLE = "I cannot reach the server. Check that it is running, then try again.";

async function json(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError(0, "unreachable", UNREACHABLE);
  }
  return checked(response.status, await response.json().catch(() => null));
}

function checked(status, body) {
  if (status >= 200 && status < 300 && body) return body;
  throw new ApiError(status, body?.error?.kind ?? "broken", body?.error?.message ?? "The server could not do that.");
}

const roomPath = (room) => `/api/rooms/${encodeURIComponent(room)}`;

export const eventsPath = (room, after) => `${roomPath(room)}/events${after === null ? "" : `?after=${after}`}`;

export const capabilities = () => json("/api/capabilities");

export const history = (room, before) => json(`${roomPath(room)}/history?before=${before}`);

export const stop = (room, message) =>
  json(`${roomPath(room)}/messages/${encodeURIComponent(message)}/stop`, { method: "POST" });

/** Where the picture of how an answer was made is. */
export const plan = (room, message) => `${roomPath(room)}/messages/${encodeURIComponent(message)}/plan.png`;

export const waveform = (room, id) => json(`${artifact(room, id, "/waveform")}`);

/** The address of an artifact or of a part of it. */
export function artifact(room, id, part = "", query = {}) {
  return `/api/artifacts/${encodeURIComponent(id)}${part}?${new URLSearchParams({ room, ...query })}`;
}

/** Send a message; `onProgress` gets 0 to 1 while it goes up. XMLHttpRequest, as fetch does not tell that. */
export function post(room, draft, onProgress) {
  const form = new FormData();
  form.append("text", draft.text);
  form.append("client_id", draft.clientId);
  form.append("author", draft.author);
  form.append("author_key", draft.authorKey);
  form.append("speak", String(draft.speak));
  form.append("locale", navigator.language || "");
  if (draft.voice) form.append("voice", draft.voice, draft.voice.name);
  for (const file of draft.files) form.append("files", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${roomPath(room)}/messages`);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      try {
        resolve(checked(request.status, request.response));
      } catch (error) {
        reject(error);
      }
    });
    request.addEventListener("error", () => reject(new ApiError(0, "unreachable", UNREACHABLE)));
    request.send(form);
  });
}
