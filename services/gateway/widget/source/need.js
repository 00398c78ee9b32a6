// The need form and its answer: mode="need".

class NeedMode {
  constructor(widget) {
    this.widget = widget;
    this.asked = null;
    this.answered = null;
  }

  // What was typed and answered, carried over when the language changes.
  memory() {
    const { text, employees, revenue } = this.fields ?? {};
    return this.fields && {
      text: text.value, employees: employees.value, revenue: revenue.value, region: this.places.value,
      industry: this.industries.chosen, asked: this.asked, answered: this.answered,
    };
  }

  async open(memory) {
    const { tongue, service, narrowing } = this.widget;
    this.places = new Places(service, tongue, narrowing.region);
    this.industries = new Industries(tongue);
    this.outcome = make("section", { class: "answer", "aria-labelledby": "answer-title", hidden: true });
    this.widget.show(this.form(), this.outcome);
    await (this.filled = this.fill(memory));
  }

  async fill(memory) {
    const [table] = await Promise.all([this.widget.service.table("/v1/industries"), this.places.fill()]);
    this.industries.know(table.items);
    if (memory) await this.recall(memory);
    this.filled = null; // from now on an answer to a press is at once
  }

  async recall(memory) {
    for (const name of ["text", "employees", "revenue"]) this.fields[name].value = memory[name];
    if (memory.region) await this.places.choose(memory.region);
    if (memory.industry) this.industries.choose(memory.industry);
    Object.assign(this, { asked: memory.asked, answered: memory.answered });
    if (this.answered) this.draw();
  }

  form() {
    const { tongue, narrowing } = this.widget;
    const fault = (name) => make("p", { class: "fault", id: `${name}-fault`, hidden: true });
    const field = (name, label, control, wide, target = name) => make("div", { class: wide ? "field wide" : "field" },
      make("label", { for: target }, label), control, fault(name));
    const soft = (name) => [tongue.tell(name), make("small", {}, tongue.tell("optional"))];
    const text = make("textarea", {
      id: "text", rows: "4", maxlength: "2000", required: true, "aria-describedby": "text-fault", placeholder: tongue.tell("needHint"),
      onkeydown: (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.element.requestSubmit(); },
    });
    const number = (id, pattern, mode, hint) => make("input", { id, inputmode: mode, pattern, placeholder: hint, autocomplete: "off", "aria-describedby": `${id}-fault` });
    this.fields = {
      text, employees: number("employees", "[0-9]{1,7}", "numeric", "32"),
      revenue: number("revenue", "[0-9]{1,8}([.][0-9]{1,2})?", "decimal", "1800"),
    };
    this.button = make("button", { type: "submit", class: "primary" }, tongue.tell("send"));
    this.element = make("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.ask(); } },
      field("text", tongue.tell("need"), text, true),
      !narrowing.categories.length && make("div", { class: "examples", role: "group", "aria-label": tongue.tell("examples") },
        EXAMPLES.map((example) => make("button", { type: "button", lang: "zh-CN", onclick: () => { text.value = example; text.focus(); } }, example))),
      make("fieldset", {}, make("legend", {}, tongue.tell("firm")),
        make("div", { class: "grid" },
          field("region", tongue.tell("region"), this.places.element, true, "province"),
          field("industry", soft("industry"), this.industries.element, true),
          field("employees", soft("employees"), this.fields.employees),
          field("revenue", soft("revenue"), this.fields.revenue))),
      make("div", { class: "send" }, this.button, this.widget.status));
    return this.element;
  }

  fault(name, text) {
    const place = this.element.querySelector(`#${name}-fault`);
    const control = this.element.querySelector(name === "region" ? "#province" : `#${name}`);
    control.setAttribute("aria-invalid", String(Boolean(text)));
    place.hidden = !text;
    place.textContent = text ? this.widget.tongue.tell(text) : "";
    return text ? control : null;
  }

  // The body of POST /v1/needs, or null after having said what is wrong and gone there.
  read() {
    const { text, employees, revenue } = this.fields;
    const controls = [
      this.fault("text", !text.value.trim() && "needText"),
      this.fault("region", !this.places.value && "needRegion"),
      this.fault("industry", this.industries.input.value.trim() && !this.industries.chosen && "industryFault"),
      this.fault("employees", !employees.checkValidity() && "needNumber"),
      this.fault("revenue", !revenue.checkValidity() && "needNumber"),
    ];
    const first = controls.find(Boolean);
    if (first) {
      first.focus();
      return null;
    }
    const { narrowing } = this.widget;
    const enterprise = { region: this.places.value };
    if (this.industries.chosen) enterprise.industry = this.industries.chosen;
    if (employees.value) enterprise.employees = Number(employees.value);
    if (revenue.value) enterprise.annual_revenue = Math.round(Number(revenue.value) * 1e6); // 万元 → fen
    const body = { text: text.value.trim(), enterprise, top_k: 10 };
    if (narrowing.stated.length) body.profile = { categories: narrowing.stated };
    if (narrowing.edition) body.edition = narrowing.edition;
    return body;
  }

  // A quick person sends while the regions are still on their way. Nobody could choose one yet, and a narrowed widget
  // chooses for itself: so the sending waits for them, and is one however often it is pressed.
  async ask() {
    if (this.asking) return;
    this.asking = true;
    if (this.filled) await this.filled.catch(() => null); // told where it was asked for
    const body = this.widget.mode === this && this.read();
    if (body) await this.submit(body);
    this.asking = false;
  }

  // What a relaxation changes is stated outright, which wins over what the text says; null takes a condition away.
  again(change) {
    const profile = { ...this.asked.profile, must: { ...this.asked.profile?.must, ...change } };
    return this.submit({ ...this.asked, profile });
  }

  async submit(body) {
    const { widget } = this;
    widget.announce("working");
    this.button.disabled = true;
    this.element.setAttribute("aria-busy", "true");
    await widget.attempt(async () => {
      this.answered = await widget.service.call("POST", "/v1/needs", body);
      this.asked = body;
      this.draw();
      const count = this.answered.match_run.results.filter(widget.narrowing.inside).length;
      widget.announce(count ? "done" : "none", count);
      this.reveal();
      widget.emit("duijie:answer", this.answered);
    });
    this.button.disabled = false;
    this.element.removeAttribute("aria-busy");
  }

  draw() {
    const { tongue, names, narrowing } = this.widget;
    const answer = new Answer(tongue, names, (code) => this.industries.name(code));
    this.outcome.replaceChildren(...answer.parts(this.answered, (change) => this.again(change), narrowing.inside));
    this.outcome.hidden = false;
  }

  reveal() {
    this.outcome.querySelector("h2").focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.outcome.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  }
}
