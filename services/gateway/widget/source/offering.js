// A single offering as a card: mode="offering", and the details of the browser.

class Card {
  constructor(widget) {
    this.widget = widget;
  }

  async read(id) {
    const { service } = this.widget;
    const offering = await service.call("GET", `/v1/offerings/${encodeURIComponent(id)}`);
    const [provider, places] = await Promise.all([
      service.table(`/v1/providers/${encodeURIComponent(offering.provider_id)}`).catch(() => null),
      this.places(offering.regions),
    ]);
    return this.draw(offering, provider, places);
  }

  // Names of provinces and of the cities in them; the table of counties is not fetched for a card.
  async places(codes) {
    if (!codes.length) return null;
    if (codes.includes(NATIONWIDE)) return this.widget.tongue.tell("nationwide");
    const known = new Map();
    const parents = new Set([NATIONWIDE, ...codes.filter((code) => !code.endsWith("0000")).map((code) => `${code.slice(0, 2)}0000`)]);
    const tables = await Promise.all([...parents].map((code) => this.widget.service.table(`/v1/regions?parent=${code}`)));
    for (const table of tables) for (const item of table.items) known.set(item.code, item.name_zh);
    const named = [...new Set(codes.map((code) => known.get(code) ?? known.get(`${code.slice(0, 4)}00`) ?? code))];
    return named.slice(0, 12).join("、") + (named.length > 12 ? " …" : "");
  }

  draw(offering, provider, places) {
    const { tongue, names } = this.widget;
    const { finance } = offering;
    const money = (fen) => tongue.money(fen);
    const facts = [
      ["price", price(offering.price, tongue)],
      ["amount", finance && (finance.amount_min ?? finance.amount_max) && tongue.range(finance.amount_min, finance.amount_max, money)],
      ["rate", finance && (finance.annual_rate_min_bp ?? finance.annual_rate_max_bp) && tongue.range(finance.annual_rate_min_bp, finance.annual_rate_max_bp, (points) => `${points / 100}%`)],
      ["term_months", finance && (finance.term_months_min ?? finance.term_months_max) && tongue.range(finance.term_months_min, finance.term_months_max, (months) => tongue.tell("months", months))],
      ["collateral", finance?.collateral && tongue.value(finance.collateral)],
      ["delivered", places],
      ["delivery", offering.delivery.length && tongue.values(offering.delivery)],
      ["lead", typeof offering.lead_time_days === "number" && tongue.tell("dayCount", offering.lead_time_days)],
      ["trial", offering.trial_days && tongue.tell("dayCount", offering.trial_days)],
      ["sizes", offering.enterprise_sizes.length && tongue.values(offering.enterprise_sizes)],
      ["compliance", offering.compliance.length && tongue.values(offering.compliance)],
      ["valid", offering.valid_until],
    ].filter(([, value]) => value);
    return make("article", { class: "card", "data-offering": offering.id, "aria-labelledby": "card-title" },
      make("h2", { id: "card-title", tabindex: "-1" }, offering.name),
      provider && make("p", { class: "by" }, provider.name),
      make("p", { class: "summary" }, offering.summary),
      make("p", { class: "tags" }, offering.categories.map((code) => make("span", {}, names.get(code) ?? code)), offering.features.map((word) => make("i", {}, word))),
      make("dl", { class: "facts" }, facts.map(([name, value]) => make("div", {}, make("dt", {}, tongue.tell(name)), make("dd", {}, value)))),
      make("p", { class: "description" }, offering.description));
  }
}

function price(given, tongue) {
  if (!given) return null;
  if (given.model === "free" || given.model === "quote") return tongue.value(given.model);
  const known = [given.min, given.max].filter((value) => value !== null && value !== undefined);
  if (!known.length) return null;
  const format = given.model === "rate" ? (points) => `${points / 100}%` : (fen) => tongue.money(fen);
  return `${tongue.range(given.min, given.max, format)}${given.per ? ` · ${tongue.value(given.per)}` : ""}`;
}

class OfferingMode {
  constructor(widget) {
    this.widget = widget;
  }

  memory() {
    return null;
  }

  async open() {
    const id = this.widget.getAttribute("offering");
    if (!id) throw new Misconfigured("offering");
    this.widget.show(this.widget.status);
    this.widget.announce("loading");
    const card = await new Card(this.widget).read(id);
    this.widget.announce(null);
    this.widget.show(card, this.widget.status);
  }
}
