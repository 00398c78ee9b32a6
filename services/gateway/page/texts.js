// What the page says, Chinese first. A sentence of the service comes as {zh, en}; `say` picks the language.

const TEXTS = {
  skip: ["跳到主要内容", "Skip to the main part"],
  docs: ["接口文档", "API docs"],
  title: ["说一句，找到对的服务商", "Say it in your words, meet the right provider"],
  lead: ["用您自己的话说难处、预算和期限。我们读懂它，逐条核对，只列出真正合适的，并告诉您为什么。",
    "Say what troubles you, your budget and your deadline, in Chinese. We read it, check every condition, list only what fits, and tell you why."],
  need: ["您需要什么？", "What do you need?"],
  needHint: ["例如：三十来人的五金厂，订单老是乱，想上个进销存，一年五万以内，最好能上门教。",
    "In Chinese, e.g. 三十来人的五金厂，订单老是乱，想上个进销存，一年五万以内，最好能上门教。"],
  examples: ["示例", "Examples"],
  firm: ["您的企业", "Your firm"],
  region: ["所在地区", "Place"],
  province: ["省级", "Province"],
  city: ["市级", "City"],
  county: ["区县", "County"],
  anyCity: ["全省 / 不细分", "Whole province"],
  anyCounty: ["全市 / 不细分", "Whole city"],
  choose: ["请选择省份", "Choose a province"],
  industry: ["行业（可不填）", "Industry (optional)"],
  industryHint: ["输入行业名称或代码，如 金属制品", "Type a Chinese name or a code, e.g. 33"],
  noIndustry: ["没有匹配的行业", "No such industry"],
  employees: ["人数（可不填）", "Head count (optional)"],
  revenue: ["年营收，万元（可不填）", "Annual revenue, 10,000 yuan (optional)"],
  key: ["密钥", "API key"],
  keyHelp: ["只保存在本标签页，关闭即忘。", "Kept in this tab only, forgotten when it closes."],
  send: ["找服务商", "Find providers"],
  keyGood: ["密钥可用，请填写需要", "The key works: now say what you need"],
  footer: ["排序按公开的规则计算，不卖名次。每次匹配都有存档，可以复核。",
    "Ranked by published rules; places are not for sale. Every run is kept and can be verified."],
  working: ["正在匹配…", "Matching…"],
  done: ["找到 {0} 项，已列在下方", "{0} offers found, listed below"],
  none: ["没有找到合适的供给，原因见下方", "Nothing fits; the reason is below"],
  offline: ["连不上服务，请稍后再试", "The service cannot be reached: try again later"],
  needText: ["请说一说您的需要", "Please say what you need"],
  needRegion: ["请选择企业所在的省份", "Please choose the firm's province"],
  needNumber: ["请填数字", "Please give a number"],
  needKey: ["请填写密钥", "Please give an API key"],
  industryFault: ["请从列表中选择行业，或清空", "Choose an industry from the list, or clear it"],
  results: ["为您找到 {0} 项", "{0} offers for you"],
  nothing: ["这次没有合适的", "Nothing fits this time"],
  funnel: ["核对了 {0} 项相关供给，{1} 项符合全部硬性条件。", "{0} related offers checked; {1} meet every hard condition."],
  understood: ["我们读到的", "What we understood"],
  youSaid: ["“{0}”", "“{0}”"],
  stated: ["您填写的", "stated"],
  inferred: ["从整句推断，把握 {0}%", "inferred from the sentence, {0}% sure"],
  fromFirm: ["按企业信息", "from the firm"],
  conflicts: ["文字与企业信息不一致", "Text and firm disagree"],
  notUnderstood: ["没读懂的", "Not understood"],
  wishes: ["愿望", "Wishes"],
  avoid: ["不要", "Not wanted"],
  eliminated: ["因硬性条件未列入", "Left out by a hard condition"],
  relaxations: ["放宽一点，可以更多", "A small change admits more"],
  again: ["照此再找", "Try this"],
  industryRead: ["行业", "Industry"],
  unmet: ["实话实说", "Honestly"],
  score: ["匹配分", "Score"],
  outOf: ["满分 100", "out of 100"],
  why: ["为什么", "Why"],
  ask: ["签约前请问清", "Ask before signing"],
  all: ["全部评分依据", "Everything that counted"],
  criterion: ["依据", "Reason"],
  weight: ["权重", "Weight"],
  points: ["得分", "Points"],
  unknown: ["未知", "unknown"],
  degraded: ["结果可能不完整：", "The answer may be incomplete: "],
  run: ["匹配批次", "Match run"],
  policy: ["规则版本", "policy"],
  category: ["类别", "Category"],
  budget_max: ["首年预算", "First-year budget"],
  deadline_days: ["期限", "Deadline"],
  delivery: ["交付方式", "Delivery"],
  onsite: ["上门", "On site"],
  compliance: ["合规要求", "Compliance"],
  finance_amount: ["融资金额", "Amount"],
  annual_rate_max_bp: ["年化不超过", "Annual rate at most"],
  term_months: ["期限", "Term"],
  collateral: ["可提供的担保", "Collateral"],
  users: ["使用人数", "Users"],
  sites: ["门店或工厂", "Sites"],
  devices: ["设备", "Devices"],
  enterprise_size: ["企业规模", "Firm size"],
  scenario: ["场景", "Scenario"],
  yes: ["需要", "yes"],
  no: ["不需要", "no"],
  days: ["{0} 天内", "within {0} days"],
  months: ["{0} 个月", "{0} months"],
};

const VALUES = {
  saas: ["SaaS 云服务", "SaaS"], "private-cloud": ["私有云", "private cloud"], "on-premises": ["本地部署", "on premises"],
  hardware: ["硬件", "hardware"], "onsite-service": ["上门服务", "on-site service"], "remote-service": ["远程服务", "remote service"],
  "online-course": ["线上课程", "online course"], "offline-event": ["线下活动", "offline event"],
  xinchuang: ["国产化（信创）", "xinchuang"], mlps2: ["等保二级", "MLPS 2"], mlps3: ["等保三级", "MLPS 3"], iso27001: ["ISO 27001", "ISO 27001"],
  pipl: ["个人信息保护", "PIPL"], "classified-protection-ready": ["等保就绪", "MLPS ready"],
  none: ["无抵押", "none"], guarantee: ["担保", "guarantee"], mortgage: ["抵押", "mortgage"], receivables: ["应收账款", "receivables"],
  ip: ["知识产权", "IP"], equipment: ["设备", "equipment"],
  "self-employed": ["个体工商户", "self-employed"], micro: ["微型", "micro"], small: ["小型", "small"], medium: ["中型", "medium-sized"], large: ["大型", "large"],
};

export const EXAMPLES = [
  "三十来人的五金厂，订单老是乱，想上个进销存，一年五万以内，最好能上门教。",
  "食品小厂想贷八十万周转，没有抵押物，年化别超过6%，最好一周内放款。",
  "四家连锁小店会员各管各的，想要一套手机上就能用的会员系统，每月三百以内。",
];

export let language = localStorage.getItem("language") === "en" ? "en" : "zh";

export function choose(wanted) {
  language = wanted;
  localStorage.setItem("language", wanted);
}

export const say = (text) => (typeof text === "string" ? text : text[language]);

export function tell(name, ...facts) {
  const text = TEXTS[name][language === "en" ? 1 : 0];
  return text.replace(/\{(\d)\}/g, (_, place) => facts[place]);
}

export const value = (name) => (VALUES[name] ? VALUES[name][language === "en" ? 1 : 0] : String(name));

export function money(fen) {
  const yuan = fen / 100;
  if (language === "en") return `¥${yuan.toLocaleString("en")}`;
  return yuan >= 10000 ? `${Number((yuan / 10000).toFixed(2))} 万元` : `${yuan} 元`;
}

export function translate(root) {
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  for (const part of root.querySelectorAll("[data-text]")) part.textContent = tell(part.dataset.text);
  for (const part of root.querySelectorAll("[data-label]")) part.setAttribute("aria-label", tell(part.dataset.label));
  for (const part of root.querySelectorAll("[data-hint]")) part.placeholder = tell(part.dataset.hint);
}
