// What the widget says, from texts.json, which the form without scripts reads too. A sentence of the service comes as
// {zh, en}; `say` picks the language.

const { texts: TEXTS, values: VALUES, examples: EXAMPLES } = WORDS;

class Tongue {
  constructor(language) {
    this.language = language === "en" ? "en" : "zh";
    this.at = this.language === "en" ? 1 : 0;
  }

  say(text) {
    return typeof text === "string" ? text : text[this.language];
  }

  tell(name, ...facts) {
    return TEXTS[name][this.at].replace(/\{(\d)\}/g, (_, place) => facts[place]);
  }

  value(name) {
    return Object.hasOwn(VALUES, name) ? VALUES[name][this.at] : String(name);
  }

  values(names) {
    return names.map((name) => this.value(name)).join(this.at ? ", " : "、");
  }

  money(fen) {
    const yuan = fen / 100;
    if (this.at) return `¥${yuan.toLocaleString("en")}`;
    return yuan >= 10000 ? `${Number((yuan / 10000).toFixed(2))} 万元` : `${yuan} 元`;
  }

  range(low, high, format) {
    if (low === high || high === null || high === undefined) return low === high ? format(low) : this.tell("from", format(low));
    return low === null || low === undefined ? `≤ ${format(high)}` : `${format(low)} – ${format(high)}`;
  }
}
