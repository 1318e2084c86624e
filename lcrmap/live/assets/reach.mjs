// The one module that speaks to the server, and to none but the page's own.
/** @import {Answered, Reach} from "./livetypes.mjs" */

const PATIENT = 15_000; // milliseconds until a request counts as not answered
const KEY = "token"; // of the address: the link that was made for a user

/** @type {() => Reach} */
export function makeReach() {
  return {
    async send(method, path, {body, type = "application/json", etag, once, token} = {}) {
      const headers = new Headers({Accept: "application/geo+json, application/json"});
      if (body !== undefined) headers.set("Content-Type", type);
      if (etag) headers.set("If-Match", etag);
      if (token) headers.set("Authorization", `Bearer ${token}`);
      if (once) headers.set("Idempotency-Key", once);
      try {
        const answer = await fetch(path, {
          method, headers, credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(PATIENT),
          ...(body === undefined ? {} : {body: JSON.stringify(body)}),
        });
        const text = await answer.text();
        return /** @type {Answered} */ ({status: answer.status, etag: answer.headers.get("ETag") ?? "", wait: Number(answer.headers.get("Retry-After")) || 0, data: parsed(text)});
      } catch {
        return {status: 0, etag: "", wait: 0, data: null}; // no answer
      }
    },
    // A module of the server's own, when it is needed; null where it cannot be had.
    async load(path) {
      try {
        return await import(new URL(path, document.baseURI).href);
      } catch {
        return null;
      }
    },
    // Listen to events, each by its kind; returns how to stop.
    listen(path, kinds) {
      const source = new EventSource(path);
      for (const [kind, take] of Object.entries(kinds)) {
        source.addEventListener(kind, (event) => take(event instanceof MessageEvent ? parsed(event.data) : null));
      }
      return () => source.close();
    },
  };
}

/** @type {(text: string) => any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// The token that stands in the address of a link, which is taken out of it at once.
/** @type {() => string} */
export function takeToken() {
  const {hash, pathname, search} = window.location;
  const found = hash.slice(1).split("&").map((part) => part.split("=")).find(([name]) => name === KEY);
  if (!found) return "";
  const rest = hash.slice(1).split("&").filter((part) => !part.startsWith(`${KEY}=`)).join("&");
  window.history.replaceState(null, "", `${pathname}${search}${rest ? `#${rest}` : ""}`);
  return decodeURIComponent(found[1] ?? "");
}

// A name of this page that nobody can guess.
/** @type {() => string} */
export function secretName() {
  return crypto.randomUUID();
}
