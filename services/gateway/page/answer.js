// The answer: what was understood, the ranked offers with their reasons, and what is missing, said honestly.

import { bar, byId, make } from "./elements.js";
import { industryName } from "./form.js";
import { money, say, tell, value } from "./texts.js";

const FORMATS = {
  budget_max: money,
  finance_amount: money,
  deadline_days: (days) => tell("days", days),
  term_months: (months) => tell("months", months),
  annual_rate_max_bp: (points) => `${points / 100}%`,
  onsite: (wanted) => tell(wanted ? "yes" : "no"),
};
// Figures of the text model tell a person little; they stand in the full table only.
const INNER = new Set(["text", "meaning", "limits", "freshness"]);

const shown = (name, given) =>
  FORMATS[name] ? FORMATS[name](given) : Array.isArray(given) ? given.map(value).join("、") : value(given);

// `again(change)` asks once more with some hard conditions changed.
export function show(need, categories, again) {
  const { profile, match_run: run } = need;
  const missing = [relaxations(run, again), eliminated(run)].filter(Boolean);
  const found = run.results.length > 0;
  byId("answer").replaceChildren(
    make("div", { class: "head" },
      make("h2", { id: "answer-title" }, found ? tell("results", run.results.length) : tell("nothing")),
      make("p", { class: "funnel" }, tell("funnel", run.considered, run.eligible))),
    make("aside", {}, understood(profile, categories), unknown(profile)),
    make("div", { class: "list" },
      run.degraded && make("p", { class: "notice" }, tell("degraded"), run.degraded_reason ? say(run.degraded_reason) : ""),
      run.unmet && make("div", { class: "notice unmet" }, make("h3", {}, tell("unmet")), make("p", {}, say(run.unmet.text))),
      found ? make("ol", { class: "offers" }, run.results.map((result) => offer(result, categories))) : missing),
    make("aside", {}, found && missing,
      make("p", { class: "run" }, `${tell("run")} `, make("code", {}, run.id), ` · ${tell("policy")} ${run.policy_version} · ${run.as_of}`)));
  byId("answer").hidden = false;
}

function understood(profile, categories) {
  const chips = [
    ...profile.categories.map((read) => chip(tell("category"), categories.get(read.code) ?? read.code, read)),
    ...["must", "quantities"].flatMap((part) =>
      Object.entries(profile[part]).filter(([, read]) => read).map(([name, read]) => chip(tell(name), shown(name, read.value), read))),
    ...profile.scenarios.map((read) => chip(tell("scenario"), `${read.scenario} ${read.from ?? ""}→${read.to ?? ""}`, read)),
    profile.place && chip(tell("region"), profile.place.evidence ?? profile.place.value, profile.place),
    profile.industry && chip(tell("industryRead"), industryName(profile.industry.value), profile.industry),
    profile.enterprise_size && chip(tell("enterprise_size"), value(profile.enterprise_size.value), profile.enterprise_size),
  ];
  return make("section", { class: "panel understood" }, make("h3", {}, tell("understood")), make("ul", { class: "chips" }, chips),
    words("wishes", profile.wishes), words("avoid", profile.avoid));
}

function chip(name, text, read) {
  return make("li", { class: "chip" }, make("span", { class: "name" }, name), make("b", {}, text), make("q", { class: "evidence" }, source(read)));
}

function source(read) {
  if (read.evidence) return tell("youSaid", read.evidence);
  if (read.source === "enterprise") return tell("fromFirm");
  return read.source === "text" ? tell("inferred", read.confidence) : tell("stated");
}

const words = (name, items) =>
  items.length > 0 && make("p", { class: "words" }, make("span", {}, tell(name)), items.map((item) => make("i", {}, item)));

function unknown(profile) {
  const parts = [["conflicts", profile.conflicts], ["notUnderstood", profile.not_understood]].filter(([, items]) => items.length);
  return parts.map(([name, items]) =>
    make("section", { class: "panel soft" }, make("h3", {}, tell(name)), make("ul", {}, items.map((item) => make("li", {}, say(item))))));
}

function offer(result, categories) {
  const score = (result.score / 100).toFixed(1);
  const reasons = result.contributions
    .filter((part) => part.value !== null && part.contribution > 0 && !INNER.has(part.criterion))
    .slice(0, 6);
  return make("li", { class: "offer" },
    make("article", { "aria-label": result.name },
      make("header", {},
        make("span", { class: "rank", "aria-hidden": "true" }, String(result.rank)),
        make("div", { class: "title" }, make("h3", {}, result.name), make("p", {}, result.provider_name)),
        make("div", { class: "score" }, make("b", {}, score), bar(result.score / 100, `${tell("score")} ${score}, ${tell("outOf")}`))),
      make("p", { class: "summary" }, result.summary),
      make("p", { class: "tags" }, result.categories.map((code) => make("span", {}, categories.get(code) ?? code))),
      make("ul", { class: "reasons", "aria-label": tell("why") }, reasons.map((part) => make("li", {}, say(part.text)))),
      result.cautions.length > 0 && make("div", { class: "cautions" }, make("h4", {}, tell("ask")),
        make("ul", {}, result.cautions.map((caution) => make("li", {}, say(caution))))),
      make("details", {}, make("summary", {}, tell("all")), contributions(result.contributions))));
}

function contributions(parts) {
  const row = (part) => make("tr", { class: part.value === null ? "unknown" : null },
    make("td", {}, say(part.text)),
    make("td", { class: "number" }, `${part.weight / 100}%`),
    make("td", { class: "number" }, part.value === null ? `${tell("unknown")} ` : null, (part.contribution / 100).toFixed(1), bar(part.weight ? (part.contribution / part.weight) * 100 : 0)));
  return make("table", {},
    make("thead", {}, make("tr", {}, ["criterion", "weight", "points"].map((name) => make("th", { scope: "col" }, tell(name))))),
    make("tbody", {}, parts.map(row)));
}

function eliminated(run) {
  if (!run.eliminated.length) return null;
  const most = Math.max(...run.eliminated.map((item) => item.count));
  return make("section", { class: "panel" }, make("h3", {}, tell("eliminated")),
    make("ul", { class: "bars" }, run.eliminated.map((item) => make("li", {}, make("span", {}, say(item.text)), bar((item.count / most) * 100)))));
}

function relaxations(run, again) {
  return run.relaxations.length > 0 && make("section", { class: "panel good" }, make("h3", {}, tell("relaxations")),
    make("ul", {}, run.relaxations.map((item) => make("li", {}, make("span", {}, say(item.text)),
      make("button", { type: "button", "aria-label": `${tell("again")}: ${say(item.text)}`, onclick: () => again(item.change) }, tell("again"))))));
}
