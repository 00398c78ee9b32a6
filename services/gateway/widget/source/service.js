// The API behind the widget: the key, the calls, and what can go wrong.

const PATIENCE = 30_000;

class Problem extends Error {
  constructor(status, document, wait) {
    super(document.title);
    Object.assign(this, { status, document, wait });
  }
}

class Service {
  constructor(base, key) {
    this.base = base;
    this.key = key;
    this.known = new Map(); // code tables do not change while a page is open
  }

  async call(method, path, body) {
    const headers = { Authorization: `Bearer ${this.key}`, Accept: "application/json" };
    if (body) {
      headers["Content-Type"] = "application/json";
      headers["Idempotency-Key"] = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(this.base + path, {
        method, headers, body: body && JSON.stringify(body),
        signal: patience.signal, credentials: "omit", referrerPolicy: "no-referrer", redirect: "error",
      });
      const document = await answer.json();
      if (!answer.ok) throw new Problem(answer.status, document, Number(answer.headers.get("Retry-After")) || null);
      return document;
    } finally {
      clearTimeout(timer);
    }
  }

  table(path) {
    if (!this.known.has(path)) {
      const asked = this.call("GET", path);
      this.known.set(path, asked);
      asked.catch(() => this.known.delete(path));
    }
    return this.known.get(path);
  }
}

// A search address from what is set: {q: "x", region: null} → /v1/offerings/search?q=x
function address(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}
