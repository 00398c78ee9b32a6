// Region step by step: province, city, county. A narrowed widget begins inside its region and cannot leave it.

const NATIONWIDE = "000000";
const STEPS = [["province", "choose"], ["city", "anyCity"], ["county", "anyCounty"]];

class Places {
  constructor(service, tongue, within) {
    Object.assign(this, { service, tongue, within: within && within !== NATIONWIDE ? within : null });
    this.selects = STEPS.map(([name, empty], step) => make("select", {
      id: name, "aria-label": tongue.tell(name), "aria-describedby": "region-fault", disabled: step > 0,
      required: step === 0, onchange: () => this.descend(step),
    }, make("option", { value: "" }, tongue.tell(empty))));
    this.element = make("div", { class: "regions" }, this.selects);
  }

  get value() {
    return [...this.selects].reverse().find((select) => select.value)?.value ?? "";
  }

  async below(code) {
    return (await this.service.table(`/v1/regions?parent=${code}`)).items;
  }

  async fill() {
    this.offer(0, await this.below(NATIONWIDE));
    if (this.within) await this.choose(this.within, true);
  }

  // Goes down to a code; `fix` takes away every other choice on the way.
  async choose(code, fix = false) {
    const steps = [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code];
    for (const [step, place] of [...new Set(steps)].entries()) {
      this.selects[step].value = place;
      if (this.selects[step].value !== place) return;
      if (fix) [...this.selects[step].options].filter((option) => option.value !== place).forEach((option) => option.remove());
      await this.descend(step, false);
    }
  }

  offer(step, items) {
    const options = items.map((item) => make("option", { value: item.code }, item.name_zh));
    this.selects[step].replaceChildren(make("option", { value: "" }, this.tongue.tell(STEPS[step][1])), ...options);
    this.selects[step].disabled = items.length === 0;
  }

  async descend(step, alone = true) {
    const code = this.selects[step].value;
    for (let later = step + 1; later < STEPS.length; later++) this.offer(later, []);
    if (!code || step + 1 === STEPS.length) return;
    const items = await this.below(code).catch(() => []); // the province alone is a place too
    if (this.selects[step].value !== code) return; // chosen anew meanwhile
    this.offer(step + 1, items);
    if (items.length === 1 && step === 0 && alone) {
      this.selects[1].value = items[0].code; // 北京、上海…: one "city" only
      await this.descend(1);
    }
  }
}
