// The API behind the page: the key, the calls, the problems.

const KEY = "duijie-key";
let key = sessionStorage.getItem(KEY);

export class Problem extends Error {
  constructor(status, document) {
    super(document.detail);
    this.status = status;
    this.document = document;
  }
}

// In a demonstration the gateway gives out the demo firm's key (on loopback only); elsewhere the person brings one.
export async function findKey() {
  if (!key) {
    const answer = await fetch("/demo/key");
    if (answer.ok) key = (await answer.json()).key;
  }
  return Boolean(key);
}

export function useKey(given) {
  key = given;
  sessionStorage.setItem(KEY, given);
}

export function forgetKey() {
  key = null;
  sessionStorage.removeItem(KEY);
}

export async function call(method, path, body) {
  const headers = { Authorization: `Bearer ${key}`, Accept: "application/json" };
  if (body) {
    headers["Content-Type"] = "application/json";
    headers["Idempotency-Key"] = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const document = await answer.json();
  if (!answer.ok) throw new Problem(answer.status, document);
  return document;
}
