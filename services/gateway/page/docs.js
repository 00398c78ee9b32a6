// The API docs, drawn from /openapi.json: nothing about any operation is written here.

import { byId, make } from "./elements.js";

const DEPTH = 5;
let whole;

const resolve = (part) => {
  let found = part;
  while (found?.$ref) found = found.$ref.slice(2).split("/").reduce((place, step) => place[step], whole);
  return found ?? {};
};

// `code` between backticks, paragraphs at empty lines; the rest is plain text.
const prose = (text = "") => text.split(/\n\s*\n/).filter(Boolean).map((paragraph) =>
  make("p", {}, paragraph.split("`").map((piece, place) => (place % 2 ? make("code", {}, piece) : piece))));

function operation(path, method, told) {
  const id = told.operationId;
  const body = Object.entries(told.requestBody?.content ?? {})[0];
  return make("article", { class: "operation", id, "data-find": `${method} ${path} ${told.summary} ${told.tags} ${told.description}`.toLowerCase() },
    make("h3", {}, make("span", { class: `method ${method}` }, method.toUpperCase()), " ", make("code", {}, path)),
    make("p", { class: "what" }, told.summary),
    make("div", { class: "prose" }, prose(told.description)),
    make("p", { class: "roles" }, "可调用 / callers: ", told["x-access"].roles.map((role) => make("span", {}, role)),
      told["x-access"].ownership !== "any" && make("i", {}, ` (${told["x-access"].ownership})`)),
    parameters(told.parameters), body && request(...body), example(path, method, told, body), answers(told.responses));
}

function parameters(list = []) {
  if (!list.length) return null;
  return part("参数 / Parameters", make("dl", {}, list.map(resolve).map((given) => [
    make("dt", {}, make("code", {}, given.name), make("small", {}, ` ${given.in} · ${type(given.schema)}${given.required ? " · 必填 required" : ""}`)),
    make("dd", {}, given.description ?? ""),
  ])));
}

const request = (media, content) =>
  part("请求体 / Body", make("p", {}, make("code", {}, media)), fields(content.schema, 0));

function answers(responses) {
  return part("答复 / Answers", make("dl", {}, Object.entries(responses).map(([status, answer]) => {
    const schema = Object.entries(answer.content ?? {}).find(([media]) => media === "application/json")?.[1]?.schema;
    return [make("dt", {}, make("code", { class: `status s${status[0]}` }, status), " ", answer.description),
      schema && make("dd", {}, fields(schema, 0))];
  })));
}

const part = (title, ...children) => make("details", {}, make("summary", {}, title), children);

function type(schema) {
  const read = resolve(schema);
  const choices = read.anyOf ?? read.oneOf;
  if (choices) return choices.map(type).join(" | ");
  if (read.enum) return read.enum.map((item) => JSON.stringify(item)).join(" | ");
  if (read.const !== undefined) return JSON.stringify(read.const);
  if (read.type === "array") return `[${type(read.items ?? read.prefixItems?.[0])}]`;
  const bounds = [["minimum", "≥"], ["maximum", "≤"], ["maxLength", "≤ chars "], ["maxItems", "≤ items "]].filter(([name]) => name in read);
  return [schema?.$ref ? schema.$ref.split("/").pop() : read.type ?? "any", read.format, ...bounds.map(([name, sign]) => `${sign}${read[name]}`)].filter(Boolean).join(" ");
}

function inner(schema) {
  const read = resolve(schema);
  if (read.properties) return read;
  if (read.type === "array") return inner(read.items ?? {});
  const choice = (read.anyOf ?? read.oneOf ?? []).find((item) => resolve(item).type !== "null");
  return choice ? inner(choice) : null;
}

function fields(schema, depth) {
  const read = inner(schema);
  if (!read || depth > DEPTH) return depth ? null : make("p", {}, make("code", {}, type(schema)));
  return make("dl", { class: "fields" }, Object.entries(read.properties).map(([name, field]) => {
    const told = field.description ?? resolve(field).description ?? "";
    const deeper = inner(field);
    return [
      make("dt", {}, make("code", {}, name), make("small", {}, ` ${type(field)}${read.required?.includes(name) ? " · 必填 required" : ""}`)),
      make("dd", {}, told, deeper && make("details", { ontoggle: (event) => unfold(event.target, field, depth) }, make("summary", {}, "…"))),
    ];
  }));
}

// Opened fields are drawn only then: the shapes refer to each other deeply.
function unfold(details, field, depth) {
  if (details.open && details.children.length === 1) details.append(fields(field, depth + 1) ?? "");
}

// The document's own example, or the smallest body that the schema lets one guess.
function sample(schema) {
  const read = resolve(schema);
  const given = schema?.examples ?? read.examples;
  if (given) return given[0];
  if (read.default !== undefined) return read.default;
  if (read.enum) return read.enum[0];
  if (read.anyOf) return sample(read.anyOf[0]);
  if (read.type === "array") return [sample(read.items)];
  if (!read.properties) return { integer: 1, number: 1, boolean: true }[read.type] ?? "…";
  return Object.fromEntries((read.required ?? []).map((name) => [name, sample(read.properties[name])]));
}

function example(path, method, told, body) {
  const lines = [`curl -s ${method === "get" ? "" : `-X ${method.toUpperCase()} `}'${location.origin}${path}'`, "  -H 'Authorization: Bearer dj_…'"];
  if ((told.parameters ?? []).some((given) => resolve(given).name === "if-match")) lines.push(`  -H 'If-Match: "1"'`);
  if (body) {
    const given = body[1].example ?? Object.values(body[1].examples ?? {})[0]?.value ?? sample(body[1].schema);
    if (body[0].includes("json")) lines.push(`  -H 'Content-Type: ${body[0]}'`, `  -d '${JSON.stringify(given, null, 2).replaceAll("'", "'\\''")}'`);
    else lines.push("  -F 'file=@list.jsonl'");
  }
  const text = lines.join(" \\\n");
  const copy = make("button", { type: "button", onclick: async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = "已复制 / copied";
  } }, "复制 / copy");
  return make("div", { class: "curl" }, make("pre", { tabindex: "0" }, text), copy);
}

function draw() {
  const groups = new Map();
  for (const [path, item] of Object.entries(whole.paths))
    for (const [method, told] of Object.entries(item)) groups.set(told.tags[0], [...(groups.get(told.tags[0]) ?? []), [path, method, told]]);
  byId("about").replaceChildren(...prose(whole.info.description));
  byId("operations").replaceChildren(...[...groups].map(([tag, list]) => make("section", { "aria-label": tag }, make("h2", {}, tag), list.map((each) => operation(...each)))));
  byId("index").replaceChildren(...[...groups].map(([tag, list]) => make("div", {}, make("b", {}, tag),
    make("ul", {}, list.map(([path, method, told]) => make("li", { "data-for": told.operationId },
      make("a", { href: `#${told.operationId}` }, make("span", { class: `method ${method}` }, method.toUpperCase()), " ", told.summary ?? path)))))));
  byId("state").textContent = "";
}

function filter() {
  const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const shown of document.querySelectorAll(".operation")) {
    shown.hidden = !words.every((word) => shown.dataset.find.includes(word));
    document.querySelector(`[data-for="${shown.id}"]`).hidden = shown.hidden;
  }
  for (const group of document.querySelectorAll("#operations > section, #index > div"))
    group.hidden = [...group.querySelectorAll(".operation, li")].every((item) => item.hidden);
}

const answer = await fetch("/openapi.json");
if (answer.ok) {
  whole = await answer.json();
  draw();
  byId("filter").addEventListener("input", filter);
  if (location.hash) byId(location.hash.slice(1))?.scrollIntoView();
} else {
  byId("state").textContent = (await answer.json()).detail;
}
