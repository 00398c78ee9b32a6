// The page of a need: ask, wait, show. Every text of the service is set as text, never as markup.

import { show } from "./answer.js";
import { byId, make } from "./elements.js";
import { fill, read, retell } from "./form.js";
import { call, findKey, forgetKey, Problem, useKey } from "./service.js";
import { EXAMPLES, choose, language, say, tell, translate } from "./texts.js";

let categories = [];
let answered = null;
let asked = null;
let ready = false;

const names = () => new Map(categories.map((item) => [item.code, language === "en" ? item.name_en : item.name_zh]));

function speak() {
  translate(document);
  retell();
  byId("language").textContent = language === "en" ? "中文" : "English";
  byId("language").lang = language === "en" ? "zh-CN" : "en";
  document.title = `对接 · ${tell("title")}`;
  if (answered) show(answered, names(), again);
}

async function prepare() {
  byId("key-field").hidden = await findKey();
  if (!byId("key-field").hidden) return;
  categories = (await call("GET", "/v1/categories")).items;
  await fill();
  ready = true;
}

async function attempt(work) {
  byId("problem").hidden = true;
  try {
    await work();
  } catch (failure) {
    byId("state").textContent = "";
    if (!(failure instanceof Problem)) return complain([tell("offline")]);
    if (failure.status === 401) {
      forgetKey();
      ready = false;
      byId("key-field").hidden = false;
      byId("key").focus();
    }
    const { text, errors = [] } = failure.document;
    complain([say(text), ...errors.map((item) => say(item.text))]);
  }
}

function complain(lines) {
  byId("problem").replaceChildren(...lines.map((line) => make("p", {}, line)));
  byId("problem").hidden = false;
}

async function ask() {
  if (!ready) {
    const given = byId("key").value.trim();
    if (!given) return complain([tell("needKey")]);
    useKey(given);
    await prepare();
    byId("state").textContent = tell("keyGood");
    byId("text").focus();
    return undefined;
  }
  const body = read();
  return body && submit(body);
}

// What a relaxation changes is stated outright, which wins over what the text says; null takes a condition away.
function again(change) {
  const must = { ...asked.profile?.must, ...change };
  return attempt(() => submit({ ...asked, profile: { must } }));
}

async function submit(body) {
  byId("state").textContent = tell("working");
  asked = body;
  answered = await call("POST", "/v1/needs", body);
  show(answered, names(), again);
  const count = answered.match_run.results.length;
  byId("state").textContent = count ? tell("done", count) : tell("none");
  byId("answer").focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  byId("answer").scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

byId("language").addEventListener("click", () => {
  choose(language === "en" ? "zh" : "en");
  speak();
});
byId("need").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("send").disabled = true;
  byId("send").setAttribute("aria-busy", "true");
  await attempt(ask);
  byId("send").disabled = false;
  byId("send").removeAttribute("aria-busy");
});
byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("need").requestSubmit();
});
byId("examples").append(...EXAMPLES.map((text) =>
  make("button", { type: "button", lang: "zh-CN", onclick: () => { byId("text").value = text; byId("text").focus(); } }, text)));

speak();
attempt(prepare);
