// The form: region step by step, industry by typing, and what is wrong said beside its field.

import { byId, make } from "./elements.js";
import { call } from "./service.js";
import { tell } from "./texts.js";

const NATIONWIDE = "000000";
const steps = [["province", "choose"], ["city", "anyCity"], ["county", "anyCounty"]];
let industries = [];
let industry = null;
let active = -1;

export async function fill() {
  const [provinces, table] = await Promise.all([below(NATIONWIDE), call("GET", "/v1/industries")]);
  industries = table.items;
  [provinces, [], []].forEach((items, step) => offer(step, items));
  steps.forEach(([id], step) => byId(id).addEventListener("change", () => descend(step)));
  const input = byId("industry");
  input.addEventListener("input", suggest);
  input.addEventListener("keydown", steer);
  input.addEventListener("blur", () => setTimeout(close, 150));
}

export function retell() {
  for (const [id, empty] of steps) if (byId(id).options[0]) byId(id).options[0].textContent = tell(empty);
}

export const industryName = (code) => industries.find((item) => item.code === code)?.name_zh ?? code;

const below = async (code) => (await call("GET", `/v1/regions?parent=${code}`)).items;

function offer(step, items) {
  const [id, empty] = steps[step];
  const options = items.map((item) => make("option", { value: item.code }, item.name_zh));
  byId(id).replaceChildren(make("option", { value: "" }, tell(empty)), ...options);
  byId(id).disabled = items.length === 0;
}

async function descend(step) {
  fault("region");
  const code = byId(steps[step][0]).value;
  for (let later = step + 1; later < steps.length; later++) offer(later, []);
  if (!code || step + 1 === steps.length) return;
  const items = await below(code);
  if (byId(steps[step][0]).value !== code) return; // chosen anew meanwhile
  offer(step + 1, items);
  if (items.length === 1 && step === 0) {
    byId("city").value = items[0].code; // 北京、上海…: one "city" only
    await descend(1);
  }
}

function suggest() {
  const words = byId("industry").value.trim().toUpperCase();
  industry = null;
  active = -1;
  fault("industry");
  if (!words) return close();
  const found = industries
    .filter((item) => item.code.startsWith(words) || item.name_zh.includes(words))
    .sort((one, other) => rank(one, words) - rank(other, words))
    .slice(0, 30);
  const options = found.map((item, place) =>
    make("li", { role: "option", id: `industry-${place}`, "aria-selected": "false", onpointerdown: (event) => { event.preventDefault(); pick(item); } },
      make("span", {}, item.name_zh), make("code", {}, item.code)));
  const list = byId("industries");
  list.items = found;
  list.replaceChildren(...(options.length ? options : [make("li", { class: "empty" }, tell("noIndustry"))]));
  list.hidden = false;
  byId("industry").setAttribute("aria-expanded", "true");
  byId("industry").removeAttribute("aria-activedescendant");
}

// Coarse and early first: 金属制品业 before 金属制品修理.
const rank = (item, words) => item.code.length * 10 + Math.max(0, item.name_zh.indexOf(words));

function steer(event) {
  const list = byId("industries");
  const count = list.hidden ? 0 : list.items.length;
  if (event.key === "ArrowDown" && list.hidden) suggest();
  else if (event.key === "ArrowDown" && count) mark((active + 1) % count);
  else if (event.key === "ArrowUp" && count) mark((active - 1 + count) % count);
  else if (event.key === "Enter" && active >= 0) pick(list.items[active]);
  else if (event.key === "Escape" && !list.hidden) close();
  else return;
  event.preventDefault();
}

function mark(place) {
  active = place;
  [...byId("industries").children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
  byId("industry").setAttribute("aria-activedescendant", `industry-${place}`);
  byId(`industry-${place}`).scrollIntoView({ block: "nearest" });
}

function pick(item) {
  industry = item.code;
  byId("industry").value = `${item.name_zh} ${item.code}`;
  close();
}

function close() {
  byId("industries").hidden = true;
  active = -1;
  byId("industry").setAttribute("aria-expanded", "false");
  byId("industry").removeAttribute("aria-activedescendant");
}

export function fault(field, name) {
  const input = byId(field) ?? byId("province");
  const place = byId(`${field}-fault`);
  input.setAttribute("aria-invalid", String(Boolean(name)));
  if (!place) return;
  place.hidden = !name;
  place.textContent = name ? tell(name) : "";
}

// The body of POST /v1/needs, or null after having said what is wrong and gone there.
export function read() {
  const faults = [
    ["text", !byId("text").value.trim() && "needText", "text"],
    ["region", !byId("province").value && "needRegion", "province"],
    ["industry", byId("industry").value.trim() && !industry && "industryFault", "industry"],
    ...["employees", "revenue"].map((id) => [id, !byId(id).checkValidity() && "needNumber", id]),
  ];
  for (const [field, name] of faults) fault(field, name);
  const first = faults.find(([, name]) => name);
  if (first) {
    byId(first[2]).focus();
    return null;
  }
  const enterprise = { region: byId("county").value || byId("city").value || byId("province").value };
  if (industry) enterprise.industry = industry;
  if (byId("employees").value) enterprise.employees = Number(byId("employees").value);
  if (byId("revenue").value) enterprise.annual_revenue = Math.round(Number(byId("revenue").value) * 1e6); // 万元 → fen
  return { text: byId("text").value.trim(), enterprise, top_k: 10 };
}
