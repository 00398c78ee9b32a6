// What the page around the widget says, Chinese first.

const TEXTS = {
  skip: ["跳到主要内容", "Skip to the main part"],
  docs: ["接口文档", "API docs"],
  playground: ["嵌入到您的网站", "Embed it in your site"],
  title: ["说一句，找到对的服务商", "Say it in your words, meet the right provider"],
  lead: ["用您自己的话说难处、预算和期限。我们读懂它，逐条核对，只列出真正合适的，并告诉您为什么。",
    "Say what troubles you, your budget and your deadline, in Chinese. We read it, check every condition, list only what fits, and tell you why."],
  key: ["密钥", "API key"],
  keyHelp: ["只保存在本标签页，关闭即忘。", "Kept in this tab only, forgotten when it closes."],
  keyUse: ["使用此密钥", "Use this key"],
  needKey: ["请填写密钥", "Please give an API key"],
  footer: ["每次匹配都有存档，可以复核。", "Every run is kept and can be verified."],
};

export let language = localStorage.getItem("language") === "en" ? "en" : "zh";

export function choose(wanted) {
  language = wanted;
  localStorage.setItem("language", wanted);
}

export const tell = (name) => TEXTS[name][language === "en" ? 1 : 0];

export function translate(root) {
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  for (const part of root.querySelectorAll("[data-text]")) part.textContent = tell(part.dataset.text);
}
