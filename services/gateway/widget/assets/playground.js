// The playground: options in, a live widget and the code to copy out.

import { byId, make } from "/page/elements.js";

const ORDER = ["key", "mode", "region", "category", "edition", "offering", "lang", "theme"];
const form = byId("options");
let integrity = null;

const SIGNS = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };
const escaped = (text) => text.replace(/[&"<>]/g, (sign) => SIGNS[sign]);

function chosen() {
  const given = Object.fromEntries(new FormData(form));
  if (given.mode !== "offering") delete given.offering;
  return Object.fromEntries(ORDER.filter((name) => given[name]?.trim()).map((name) => [name, given[name].trim()]));
}

function show() {
  byId("offering-field").hidden = form.elements.mode.value !== "offering";
  const attributes = chosen();
  const { key = "" } = attributes;
  const told = Object.entries({ key, ...attributes }).map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
  const query = (names) => new URLSearchParams(names.filter((name) => attributes[name]).map((name) => [name, attributes[name]]));
  const version = integrity.versions[integrity.current];
  byId("script-code").textContent =
    `<script src="${location.origin}${version.url}" integrity="${version.integrity}" crossorigin="anonymous" defer></script>\n<duijie-match${told}></duijie-match>`;
  byId("frame-code").textContent =
    `<iframe src="${escaped(`${location.origin}/widget/frame?${query(ORDER)}`)}" title="对接" width="100%" height="900" loading="lazy"></iframe>`;
  byId("link-code").textContent = `${location.origin}/widget/form?${query(["key", "region", "category", "edition", "lang"])}`;
  byId("stage").replaceChildren(key ? make("duijie-match", attributes) : make("p", { class: "help" }, "请先填写组件密钥 / Give a widget key first"));
}

// The names to choose from come through the key itself, so a wrong key is seen at once.
async function offer() {
  const headers = { Authorization: `Bearer ${form.elements.key.value.trim()}` };
  const read = async (path) => {
    const answer = await fetch(path, { headers });
    return answer.ok ? (await answer.json()).items : [];
  };
  const [regions, categories] = await Promise.all([read("/v1/regions?parent=000000"), read("/v1/categories")]);
  fill("region", regions.map((item) => [item.code, item.name_zh]));
  fill("category", categories.map((item) => [item.code, `${item.parent ? "　" : ""}${item.name_zh} ${item.name_en}`]));
}

function fill(name, entries) {
  const select = form.elements[name];
  const kept = select.value;
  select.replaceChildren(select.options[0], ...entries.map(([value, label]) => make("option", { value }, label)));
  select.value = entries.some(([value]) => value === kept) ? kept : "";
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", async (event) => {
  if (event.target.name === "key") await offer();
  show();
});
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(byId(button.dataset.copy).textContent);
    byId("said").textContent = "已复制 / Copied";
  });
}

const demo = await fetch("/demo/key").catch(() => null);
if (demo?.ok) form.elements.key.value = (await demo.json()).widget ?? "";
integrity = await (await fetch("/widget/integrity.json")).json();
await offer();
show();
