// The first page: the widget with the demo firm's key, or with a key that the person brings.

import { byId } from "./elements.js";
import { choose, language, tell, translate } from "./texts.js";

const KEY = "duijie-key";
const match = byId("match");

function speak() {
  translate(document);
  byId("language").textContent = language === "en" ? "中文" : "English";
  byId("language").lang = language === "en" ? "zh-CN" : "en";
  document.title = `对接 · ${tell("title")}`;
  match.lang = language === "en" ? "en" : "zh-CN";
}

// In a demonstration the gateway gives out the demo firm's key (on loopback only); elsewhere the person brings one.
async function findKey() {
  const kept = sessionStorage.getItem(KEY);
  if (kept) return kept;
  const answer = await fetch("/demo/key").catch(() => null);
  return answer?.ok ? (await answer.json()).key : null;
}

function use(key) {
  byId("key-form").hidden = Boolean(key);
  match.hidden = !key;
  if (key) match.setAttribute("key", key);
  else byId("key").focus();
}

byId("language").addEventListener("click", () => {
  choose(language === "en" ? "zh" : "en");
  speak();
});
byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const given = byId("key").value.trim();
  byId("key-fault").hidden = Boolean(given);
  if (!given) return byId("key").focus();
  sessionStorage.setItem(KEY, given);
  return use(given);
});
match.addEventListener("duijie:error", (event) => {
  if (event.detail.status !== 401) return;
  sessionStorage.removeItem(KEY);
  byId("key-form").hidden = false;
});

speak();
use(await findKey());
