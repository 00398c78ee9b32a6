// The answer: what was understood, the ranked offers with their reasons, and what is missing, said honestly.
// Places stand in the order of the API; a widget narrowed to categories leaves some out and says how many.

// Figures of the text model tell a person little; they stand in the full table only.
const INNER = new Set(["text", "meaning", "limits", "freshness"]);

class Answer {
  constructor(tongue, names, industryName) {
    Object.assign(this, { tongue, names, industryName });
    this.formats = {
      budget_max: (fen) => tongue.money(fen),
      finance_amount: (fen) => tongue.money(fen),
      deadline_days: (days) => tongue.tell("days", days),
      term_months: (months) => tongue.tell("months", months),
      annual_rate_max_bp: (points) => `${points / 100}%`,
      onsite: (wanted) => tongue.tell(wanted ? "yes" : "no"),
    };
  }

  // `again(change)` asks once more with some hard conditions changed; `inside(result)` says what may be listed here.
  parts(need, again, inside = () => true) {
    const { tongue } = this;
    const { profile, match_run: run } = need;
    const listed = run.results.filter(inside);
    const hidden = run.results.length - listed.length;
    const missing = [this.relaxations(run, again), this.eliminated(run)].filter(Boolean);
    const title = listed.length ? tongue.tell("results", listed.length) : tongue.tell(hidden ? "nothingHere" : "nothing");
    return [
      make("div", { class: "head" },
        make("h2", { id: "answer-title", tabindex: "-1" }, title),
        make("p", { class: "funnel" }, tongue.tell("funnel", run.considered, run.eligible),
          run.edition && ` ${tongue.tell("inEdition", tongue.say(run.edition.title), run.edition.number)}`,
          hidden > 0 && ` ${tongue.tell("outside", hidden)}`)),
      make("div", { class: "list" },
        run.degraded && make("p", { class: "notice" }, tongue.tell("degraded"), run.degraded_reason ? tongue.say(run.degraded_reason) : ""),
        run.unmet && make("div", { class: "notice unmet" }, make("h3", {}, tongue.tell("unmet")), make("p", {}, tongue.say(run.unmet.text))),
        listed.length ? make("ol", { class: "offers" }, listed.map((result) => this.offer(result))) : missing),
      make("div", { class: "side" }, this.understood(profile), this.unknown(profile), listed.length > 0 && missing,
        make("p", { class: "run" }, `${tongue.tell("run")} `, make("code", {}, run.id), ` · ${tongue.tell("policy")} ${run.policy_version} · ${run.as_of}`)),
    ];
  }

  name(code) {
    return this.names.get(code) ?? code;
  }

  shown(field, given) {
    if (this.formats[field]) return this.formats[field](given);
    return Array.isArray(given) ? this.tongue.values(given) : this.tongue.value(given);
  }

  understood(profile) {
    const { tongue } = this;
    const chips = [
      ...profile.categories.map((read) => this.chip(tongue.tell("category"), this.name(read.code), read)),
      ...["must", "quantities"].flatMap((part) => Object.entries(profile[part]).filter(([name, read]) => read && TEXTS[name])
        .map(([name, read]) => this.chip(tongue.tell(name), this.shown(name, read.value), read))),
      ...profile.scenarios.map((read) => this.chip(tongue.tell("scenario"), `${read.scenario} ${read.from ?? ""}→${read.to ?? ""}`, read)),
      profile.place && this.chip(tongue.tell("region"), profile.place.evidence ?? profile.place.value, profile.place),
      profile.industry && this.chip(tongue.tell("industry"), this.industryName(profile.industry.value), profile.industry),
      profile.enterprise_size && this.chip(tongue.tell("enterprise_size"), tongue.value(profile.enterprise_size.value), profile.enterprise_size),
    ];
    return make("section", { class: "panel understood" }, make("h3", {}, tongue.tell("understood")),
      make("ul", { class: "chips" }, chips), this.words("wishes", profile.wishes), this.words("avoid", profile.avoid));
  }

  chip(name, text, read) {
    return make("li", { class: "chip" }, make("span", { class: "name" }, name), make("b", {}, text), make("span", { class: "evidence" }, this.source(read)));
  }

  source(read) {
    if (read.evidence) return this.tongue.tell("youSaid", read.evidence);
    if (read.source === "enterprise") return this.tongue.tell("fromFirm");
    return read.source === "text" ? this.tongue.tell("inferred", read.confidence) : this.tongue.tell("stated");
  }

  words(name, items) {
    return items.length > 0 && make("p", { class: "words" }, make("span", {}, this.tongue.tell(name)), items.map((item) => make("i", {}, item)));
  }

  unknown(profile) {
    const parts = [["conflicts", profile.conflicts], ["notUnderstood", profile.not_understood]].filter(([, items]) => items.length);
    return parts.map(([name, items]) => make("section", { class: "panel soft" }, make("h3", {}, this.tongue.tell(name)),
      make("ul", {}, items.map((item) => make("li", {}, this.tongue.say(item))))));
  }

  offer(result) {
    const { tongue } = this;
    const score = (result.score / 100).toFixed(1);
    const reasons = result.contributions
      .filter((part) => part.value !== null && part.contribution > 0 && !INNER.has(part.criterion))
      .slice(0, 6);
    return make("li", { class: "offer", "data-offering": result.offering_id },
      make("article", { "aria-label": `${tongue.tell("rank", result.rank)} ${result.name}` },
        make("div", { class: "top" },
          make("span", { class: "rank", "aria-hidden": "true" }, String(result.rank)),
          make("div", { class: "title" }, make("h3", {}, result.name), make("p", {}, result.provider_name)),
          make("div", { class: "score" }, make("b", {}, score), bar(result.score / 100, `${tongue.tell("score")} ${score}, ${tongue.tell("outOf")}`))),
        make("p", { class: "summary" }, result.summary),
        make("p", { class: "tags" }, result.categories.map((code) => make("span", {}, this.name(code)))),
        make("ul", { class: "reasons", "aria-label": tongue.tell("why") }, reasons.map((part) => make("li", {}, tongue.say(part.text)))),
        result.cautions.length > 0 && make("div", { class: "cautions" }, make("h4", {}, tongue.tell("ask")),
          make("ul", {}, result.cautions.map((caution) => make("li", {}, tongue.say(caution))))),
        make("details", {}, make("summary", {}, tongue.tell("all")), this.contributions(result.contributions))));
  }

  contributions(parts) {
    const { tongue } = this;
    const row = (part) => make("tr", { class: part.value === null ? "unknown" : null },
      make("td", {}, tongue.say(part.text)),
      make("td", { class: "number" }, `${part.weight / 100}%`),
      make("td", { class: "number" }, part.value === null ? `${tongue.tell("unknown")} ` : null, (part.contribution / 100).toFixed(1)));
    return make("table", {},
      make("thead", {}, make("tr", {}, ["criterion", "weight", "points"].map((name) => make("th", { scope: "col" }, tongue.tell(name))))),
      make("tbody", {}, parts.map(row)));
  }

  eliminated(run) {
    if (!run.eliminated.length) return null;
    const most = Math.max(...run.eliminated.map((item) => item.count));
    return make("section", { class: "panel" }, make("h3", {}, this.tongue.tell("eliminated")),
      make("ul", { class: "bars" }, run.eliminated.map((item) => make("li", {}, make("span", {}, this.tongue.say(item.text)), bar((item.count / most) * 100)))));
  }

  relaxations(run, again) {
    const { tongue } = this;
    return run.relaxations.length > 0 && make("section", { class: "panel good" }, make("h3", {}, tongue.tell("relaxations")),
      make("ul", {}, run.relaxations.map((item) => make("li", {}, make("span", {}, tongue.say(item.text)),
        make("button", { type: "button", "aria-label": `${tongue.tell("again")}: ${tongue.say(item.text)}`, onclick: () => again(item.change) }, tongue.tell("again"))))));
  }
}
