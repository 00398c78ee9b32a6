// The category browser: search with counts by category. The order is the search's own.

const PAGE = 10;

class BrowseMode {
  constructor(widget) {
    this.widget = widget;
    Object.assign(this, { q: "", category: widget.narrowing.categories[0] ?? null, next: null, round: 0 });
  }

  memory() {
    return { q: this.input?.value ?? "", category: this.category };
  }

  async open(memory) {
    const { tongue } = this.widget;
    if (memory) Object.assign(this, memory);
    this.input = make("input", { id: "q", type: "search", maxlength: "200", placeholder: tongue.tell("searchHint"), autocomplete: "off" });
    this.input.value = this.q;
    this.form = make("form", { role: "search", class: "finder", onsubmit: (event) => { event.preventDefault(); this.q = this.input.value.trim(); this.find(); } },
      make("label", { for: "q" }, tongue.tell("search")),
      make("div", { class: "line" }, this.input, make("button", { type: "submit", class: "primary" }, tongue.tell("find"))));
    this.facets = make("nav", { class: "facets", "aria-label": tongue.tell("categories") });
    this.items = make("ol", { class: "found" });
    this.foot = make("div", { class: "more" });
    this.pages = make("div", { class: "browse" }, this.facets, make("div", { class: "list" }, this.items, this.foot));
    this.detail = make("div", { class: "detail", hidden: true });
    this.widget.show(this.form, this.widget.status, this.pages, this.detail);
    await this.load();
  }

  find(category = this.category) {
    this.category = category;
    return this.widget.attempt(() => this.load());
  }

  async load(cursor) {
    const { narrowing, service, tongue } = this.widget;
    const round = ++this.round;
    this.back(false);
    if (!cursor) this.widget.announce("loading");
    const wanted = { q: this.q, category: this.category, region: narrowing.region, edition: narrowing.edition, limit: PAGE, cursor };
    const found = await service.call("GET", address("/v1/offerings/search", wanted));
    if (round !== this.round) return; // asked anew meanwhile
    const rows = found.items.map((item) => this.row(item));
    if (cursor) this.items.append(...rows);
    else this.items.replaceChildren(...rows);
    if (!cursor) this.count(found.categories);
    const left = found.total - this.items.children.length;
    this.foot.replaceChildren(...(found.next && left > 0
      ? [make("button", { type: "button", class: "quiet", onclick: () => this.widget.attempt(() => this.load(found.next)) }, tongue.tell("more", Math.min(PAGE, left)))]
      : []));
    const notes = [found.total ? tongue.tell("found", found.total) : tongue.say(found.empty_reason ?? tongue.tell("nothing"))];
    if (found.degraded && found.degraded_reason) notes.push(tongue.tell("degraded") + tongue.say(found.degraded_reason));
    this.widget.say(notes.join(" · "));
    if (cursor) rows[0]?.querySelector("button").focus();
  }

  row(item) {
    const { names, tongue } = this.widget;
    const marked = (fragments) => fragments.map((part) => (part.matched ? make("mark", {}, part.text) : part.text));
    const cost = price(item.price, tongue);
    return make("li", { "data-offering": item.offering_id },
      make("h2", {}, make("button", { type: "button", onclick: (event) => this.open_one(item.offering_id, event.currentTarget) }, marked(item.name_fragments))),
      make("p", { class: "by" }, item.provider_name, cost && ` · ${cost}`),
      make("p", {}, marked(item.summary_fragments)),
      make("p", { class: "tags" }, item.categories.map((code) => make("span", {}, names.get(code) ?? code))));
  }

  // Level 1 always, and below the chosen one its children.
  count(counts) {
    const { names, narrowing, tongue } = this.widget;
    const chosen = this.category;
    const parent = this.widget.parents.get(chosen) ?? chosen;
    const counted = new Map(counts.map((item) => [item.code, item]));
    const entry = (code, label, count, deep) => make("li", { class: deep ? "deep" : null },
      make("button", { type: "button", "aria-current": code === chosen ? "true" : null, onclick: () => this.find(code) },
        make("span", {}, label), count !== null && make("small", {}, String(count))));
    let entries;
    if (narrowing.facets.length) {
      entries = narrowing.facets.filter((code) => code === chosen || code === narrowing.categories[0] || narrowing.categories.includes(code) || counted.has(code))
        .map((code) => entry(code, names.get(code) ?? code, counted.get(code)?.count ?? null, !narrowing.categories.includes(code)));
    } else {
      const shown = counts.filter((item) => !item.parent || item.parent === parent);
      if (chosen && !counted.has(chosen)) shown.unshift({ code: chosen, parent: this.widget.parents.get(chosen), count: 0 });
      shown.sort((one, other) => this.widget.order(one.code) - this.widget.order(other.code));
      entries = [entry(null, tongue.tell("everything"), null),
        ...shown.map((item) => entry(item.code, names.get(item.code) ?? item.code, item.count, Boolean(item.parent)))];
    }
    const had = this.facets.contains(this.widget.shadowRoot.activeElement);
    this.facets.replaceChildren(make("ul", {}, entries));
    if (had) this.facets.querySelector("[aria-current]")?.focus();
  }

  open_one(id, from) {
    return this.widget.attempt(async () => {
      const card = await new Card(this.widget).read(id);
      this.came = from;
      const back = make("button", { type: "button", class: "quiet", onclick: () => this.back(true) }, `← ${this.widget.tongue.tell("back")}`);
      this.detail.replaceChildren(back, card);
      this.pages.hidden = true;
      this.detail.hidden = false;
      card.querySelector("h2").focus();
    });
  }

  back(focus) {
    this.pages.hidden = false;
    this.detail.hidden = true;
    if (focus) this.came?.focus();
  }
}
