// Industry by typing: a combobox with a list, steered by the keyboard.

class Industries {
  constructor(tongue) {
    Object.assign(this, { tongue, items: [], chosen: null, active: -1, shown: [] });
    this.list = make("ul", { id: "industries", role: "listbox", "aria-label": tongue.tell("industry"), hidden: true });
    this.input = make("input", {
      id: "industry", role: "combobox", "aria-expanded": "false", "aria-controls": "industries", "aria-autocomplete": "list",
      "aria-describedby": "industry-help industry-fault", autocomplete: "off", spellcheck: "false", placeholder: tongue.tell("industryHint"),
      oninput: () => this.suggest(), onkeydown: (event) => this.steer(event), onblur: () => setTimeout(() => this.close(), 150),
    });
    this.told = make("p", { class: "help", id: "industry-help" }, tongue.tell("industryHelp"));
    this.element = make("div", { class: "combo" }, this.input, this.list, this.told);
  }

  name(code) {
    return this.items.find((item) => item.code === code)?.name_zh ?? code;
  }

  // They come after the form is shown: who types already gets the list now.
  know(items) {
    this.items = items;
    if (this.input.matches(":focus")) this.suggest();
  }

  suggest() {
    const words = this.input.value.trim().toUpperCase();
    this.chosen = null;
    this.active = -1;
    if (!words || !this.items.length) return this.close();
    this.shown = this.items
      .filter((item) => item.code.startsWith(words) || item.name_zh.includes(words))
      .sort((one, other) => this.rank(one, words) - this.rank(other, words))
      .slice(0, 30);
    const options = this.shown.map((item, place) => make("li", {
      role: "option", id: `industry-${place}`, "aria-selected": "false",
      onpointerdown: (event) => { event.preventDefault(); this.pick(item); },
    }, make("span", {}, item.name_zh), make("code", {}, item.code)));
    this.list.replaceChildren(...options);
    this.told.textContent = this.tongue.tell(options.length ? "industriesFound" : "noIndustry", options.length);
    this.list.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.removeAttribute("aria-activedescendant");
    return undefined;
  }

  // Coarse and early first: 金属制品业 before 金属制品修理.
  rank(item, words) {
    return item.code.length * 10 + Math.max(0, item.name_zh.indexOf(words));
  }

  steer(event) {
    const count = this.list.hidden ? 0 : this.shown.length;
    if (event.key === "ArrowDown" && this.list.hidden) this.suggest();
    else if (event.key === "ArrowDown" && count) this.mark((this.active + 1) % count);
    else if (event.key === "ArrowUp" && count) this.mark((this.active - 1 + count) % count);
    else if (event.key === "Enter" && this.active >= 0) this.pick(this.shown[this.active]);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
  }

  mark(place) {
    this.active = place;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    this.input.setAttribute("aria-activedescendant", `industry-${place}`);
    this.list.children[place].scrollIntoView({ block: "nearest" });
  }

  pick(item) {
    this.chosen = item.code;
    this.input.value = `${item.name_zh} ${item.code}`;
    this.close();
  }

  choose(code) {
    const item = this.items.find((known) => known.code === code);
    if (item) this.pick(item);
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.told.textContent = this.tongue.tell("industryHelp");
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
