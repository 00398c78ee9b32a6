// <duijie-match key="djw_…" mode="need|browse|offering" region category edition offering lang theme>: configured by
// attributes only, talks to the page by the events duijie:answer and duijie:error.

const BASE = new URL(document.currentScript.src).origin;
const MODES = { need: NeedMode, browse: BrowseMode, offering: OfferingMode };
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLE);

class Misconfigured extends Error {}

class Narrowing {
  // The key's bounds come first; an attribute can only narrow further, never widen.
  constructor(bounds, attributes, parents) {
    const inside = (wide, code) => !wide || wide === NATIONWIDE || code.startsWith(wide.replace(/(00)+$/, ""));
    this.region = attributes.region && inside(bounds.region, attributes.region) ? attributes.region : bounds.region;
    this.edition = bounds.edition ?? attributes.edition;
    const wanted = attributes.category;
    const allowed = wanted && (!bounds.categories.length || bounds.categories.includes(wanted));
    this.categories = allowed ? [wanted] : bounds.categories;
    const below = (code) => (parents.get(code) ? [code] : [...parents].filter(([, parent]) => parent === code).map(([child]) => child));
    const fine = bounds.categories.length ? this.categories.filter((code) => parents.get(code)) : this.categories.flatMap(below);
    this.stated = [...new Set(fine)].slice(0, 10); // what a need may state
    const listed = new Set(this.categories.flatMap((code) => [code, ...below(code)]));
    this.facets = bounds.categories.length ? this.categories : [...listed];
    this.inside = (result) => !listed.size || result.categories.some((code) => listed.has(code));
  }
}

class DuijieMatch extends HTMLElement {
  static observedAttributes = ["key", "mode", "region", "category", "edition", "offering", "lang"];

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [SHEET];
    this.root = make("div", { class: "root" });
    this.alert = make("div", { class: "problem", role: "alert" });
    this.body = make("div", { class: "body" });
    this.shadowRoot.append(this.root);
    this.round = 0;
  }

  connectedCallback() {
    this.start();
  }

  attributeChangedCallback(name, before, after) {
    if (this.isConnected && before !== after) this.start(name === "lang");
  }

  get language() {
    const told = this.getAttribute("lang") || this.closest("[lang]")?.lang || document.documentElement.lang;
    return /^en/i.test(told || "zh") ? "en" : "zh";
  }

  // Once for all attributes that change together.
  start(keep = false) {
    this.keep = keep && this.keep !== false;
    this.round += 1;
    const round = this.round;
    queueMicrotask(() => round === this.round && this.isConnected && this.begin(this.keep ? this.mode?.memory() : null));
  }

  async begin(memory) {
    const { round } = this;
    this.keep = undefined;
    this.tongue = new Tongue(this.language);
    this.status = make("p", { class: "status", role: "status" });
    this.root.lang = this.language === "en" ? "en" : "zh-CN";
    this.root.replaceChildren(this.body, this.alert, make("p", { class: "footer" }, this.tongue.tell("footer")));
    this.show(this.status);
    this.announce("loading");
    await this.attempt(async () => {
      const key = this.getAttribute("key");
      if (!key) throw new Misconfigured("key");
      if (this.service?.key !== key) this.service = new Service(BASE, key);
      const [tree, bounds] = await Promise.all([this.service.table("/v1/categories"), this.bounds(key)]);
      if (round !== this.round) return;
      this.learn(tree.items);
      const attributes = Object.fromEntries(["region", "category", "edition"].map((name) => [name, this.getAttribute(name) || null]));
      this.narrowing = new Narrowing(bounds, attributes, this.parents);
      this.mode = new (MODES[this.getAttribute("mode")] ?? NeedMode)(this);
      this.announce(null);
      await this.mode.open(memory);
    }, () => this.start());
  }

  // Only widget keys have bounds; our own page calls with other keys.
  bounds(key) {
    return key.startsWith("djw_") ? this.service.table("/v1/widget") : { region: null, categories: [], edition: null };
  }

  learn(categories) {
    const name = this.language === "en" ? "name_en" : "name_zh";
    const places = new Map(categories.map((item, place) => [item.code, place]));
    this.names = new Map(categories.map((item) => [item.code, item[name]]));
    this.parents = new Map(categories.map((item) => [item.code, item.parent]));
    this.order = (code) => places.get(code) ?? Infinity;
  }

  show(...parts) {
    this.body.replaceChildren(...parts);
  }

  say(text) {
    this.status.textContent = text;
  }

  announce(name, ...facts) {
    this.say(name ? this.tongue.tell(name, ...facts) : "");
  }

  // Does something that can fail, and tells person and page when it does.
  async attempt(work, again) {
    const { round } = this;
    this.alert.replaceChildren();
    try {
      await work();
    } catch (failure) {
      if (round !== this.round) return;
      this.announce(null);
      const lines = failure instanceof Misconfigured ? [this.tongue.tell("misconfigured", failure.message)] : complaint(failure, this.tongue);
      this.alert.replaceChildren(...lines.map((line) => make("p", {}, line)));
      if (again) this.alert.append(make("button", { type: "button", class: "quiet", onclick: again }, this.tongue.tell("retry")));
      this.emit("duijie:error", { status: failure.status ?? null, type: failure.document?.type ?? null, text: lines.join(" ") });
    }
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("duijie-match")) customElements.define("duijie-match", DuijieMatch);
