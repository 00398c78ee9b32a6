// Elements from plain values. Text always goes in as text, so nothing that the service sends can become markup.

export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, given] of Object.entries(properties)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), given);
    else if (given !== null && given !== undefined && given !== false) element.setAttribute(key, given === true ? "" : given);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function bar(share, label) {
  const filled = make("span", {});
  filled.style.inlineSize = `${Math.max(0, Math.min(100, share))}%`;
  return make("span", { class: "bar", role: label ? "img" : null, "aria-label": label, "aria-hidden": label ? null : "true" }, filled);
}

export const byId = (id) => document.getElementById(id);
