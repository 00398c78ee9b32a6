// Duijie 对接 widget 1.0.0: <duijie-match>. Readable as it is served; see /widget/playground.
"use strict";
(() => {
const STYLE = ":host {\nall: initial; display: block; container-type: inline-size; color-scheme: light; box-sizing: border-box;\n--paper: var(--duijie-paper, #fbfaf7); --surface: var(--duijie-surface, #fff); --sunk: var(--duijie-sunk, #f1efe9);\n--ink: var(--duijie-ink, #1c2321); --soft: var(--duijie-soft, #55605c); --line: var(--duijie-line, #dcd8cc); --edge: #7f8984;\n--accent: var(--duijie-accent, #0f5f5c); --accent-ink: var(--duijie-accent-ink, #fff); --accent-soft: var(--duijie-accent-soft, #e2efec);\n--warm: #7d4407; --warm-soft: #fbf0dc; --bad: #a3261b; --bad-soft: #fbe9e6; --good: #235c2d; --good-soft: #e7f2e6;\n--radius: var(--duijie-radius, 14px);\nfont: 400 var(--duijie-font-size, 16px)/1.65 var(--duijie-font, system-ui, -apple-system, \"PingFang SC\", \"Noto Sans CJK SC\", \"Microsoft YaHei\", sans-serif);\ncolor: var(--ink);\n}\n@media (prefers-color-scheme: dark) {\n:host(:not([theme=\"light\"])) {\ncolor-scheme: dark;\n--paper: var(--duijie-paper, #121615); --surface: var(--duijie-surface, #1a201e); --sunk: var(--duijie-sunk, #232a28);\n--ink: var(--duijie-ink, #e9ece8); --soft: var(--duijie-soft, #a9b4af); --line: var(--duijie-line, #38423f); --edge: #84908b;\n--accent: var(--duijie-accent, #6cc5bb); --accent-ink: var(--duijie-accent-ink, #08201e); --accent-soft: var(--duijie-accent-soft, #1a3532);\n--warm: #f0b969; --warm-soft: #322716; --bad: #ff9d90; --bad-soft: #3a1d1a; --good: #8fd19a; --good-soft: #1c3021;\n}\n}\n:host([theme=\"dark\"]) {\ncolor-scheme: dark;\n--paper: var(--duijie-paper, #121615); --surface: var(--duijie-surface, #1a201e); --sunk: var(--duijie-sunk, #232a28);\n--ink: var(--duijie-ink, #e9ece8); --soft: var(--duijie-soft, #a9b4af); --line: var(--duijie-line, #38423f); --edge: #84908b;\n--accent: var(--duijie-accent, #6cc5bb); --accent-ink: var(--duijie-accent-ink, #08201e); --accent-soft: var(--duijie-accent-soft, #1a3532);\n--warm: #f0b969; --warm-soft: #322716; --bad: #ff9d90; --bad-soft: #3a1d1a; --good: #8fd19a; --good-soft: #1c3021;\n}\n:host([hidden]) { display: none; }\n*, ::before, ::after { box-sizing: border-box; }\n[hidden] { display: none !important; }\n.root { background: var(--paper); border-radius: calc(var(--radius) + 4px); padding: clamp(.75em, 3cqi, 1.5em); overflow-wrap: anywhere; }\nh2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0; }\nul, ol { list-style: none; }\nh2, h3, h4 { line-height: 1.4; font-weight: 650; }\nh2 { font-family: var(--duijie-heading-font, inherit); font-size: clamp(1.3em, 1.05em + 1.4cqi, 1.75em); line-height: 1.3; text-wrap: balance; }\nh2:focus { outline: none; }\ncode { font-family: ui-monospace, Menlo, Consolas, \"Noto Sans Mono CJK SC\", monospace; font-size: .9em; }\n:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }\nbutton, input, select, textarea { font: inherit; color: inherit; }\nbutton { cursor: pointer; }\nform, .panel, .offer article, .card, .found li { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); }\nform { padding: clamp(1em, 4cqi, 1.75em); max-inline-size: 48em; margin-inline: auto; }\nlabel, legend { font-weight: 600; font-size: .9375em; }\nlabel small { font-weight: 400; color: var(--soft); margin-inline-start: .4em; font-size: .87em; }\nfieldset { border: 0; border-block-start: 1px solid var(--line); margin: 1.35em 0 0; padding: 1.25em 0 0; min-inline-size: 0; }\nlegend { padding: 0; float: inline-start; inline-size: 100%; margin-block-end: .75em; }\n.grid { clear: both; display: grid; gap: 1.1em 1em; }\n.grid label { display: block; margin-block-end: .3em; font-weight: 500; color: var(--soft); }\ninput, select, textarea { inline-size: 100%; min-inline-size: 0; background: var(--paper); border: 1px solid var(--edge); border-radius: calc(var(--radius) * .65); padding: .55em .75em; min-block-size: 2.75em; }\ntextarea { display: block; margin-block-start: .45em; font-size: 1.0625em; line-height: 1.6; resize: vertical; min-block-size: 7.5em; }\n::placeholder { color: var(--soft); opacity: 1; }\n:is(input, select, textarea):focus-visible { outline-offset: 0; border-color: var(--accent); border-radius: calc(var(--radius) * .65); }\n[aria-invalid=\"true\"] { border-color: var(--bad); }\nselect:disabled { display: none; }\n.regions { display: grid; gap: .5em; }\n.help, .fault { font-size: .8125em; margin-block-start: .3em; color: var(--soft); }\n.fault { color: var(--bad); font-weight: 500; }\n.examples { display: flex; flex-wrap: wrap; gap: .5em; margin-block-start: .75em; }\n.examples button { font-size: .8125em; line-height: 1.45; text-align: start; color: var(--soft); background: var(--sunk); border: 1px solid transparent; border-radius: 1.2em; padding: .35em .9em; min-block-size: 2em; max-inline-size: 100%; }\n.examples button:hover { border-color: var(--accent); color: var(--ink); }\n.combo { position: relative; }\n.combo [role=\"listbox\"] { position: absolute; z-index: 5; inset-inline: 0; inset-block-start: 3em; max-block-size: 18em; overflow: auto; background: var(--surface); border: 1px solid var(--edge); border-radius: calc(var(--radius) * .8); box-shadow: 0 8px 24px #0003; padding: .3em; }\n.combo li { display: flex; justify-content: space-between; gap: 1em; padding: .45em .6em; border-radius: 8px; cursor: pointer; }\n.combo li code { color: var(--soft); }\n.combo li[aria-selected=\"true\"], .combo li:hover { background: var(--accent-soft); }\n.send { display: flex; flex-wrap: wrap; align-items: center; gap: .5em 1.25em; margin-block-start: 1.5em; }\n.primary { font-weight: 600; font-size: 1.0625em; color: var(--accent-ink); background: var(--accent); border: 1px solid transparent; border-radius: calc(var(--radius) * .8); padding: .65em 1.9em; min-block-size: 2.8em; transition: filter .15s; white-space: nowrap; }\n.primary:hover { filter: brightness(1.12); }\n.primary:disabled { filter: saturate(.5); cursor: progress; }\n.quiet { font-weight: 500; font-size: .9375em; color: var(--accent); background: none; border: 1px solid currentcolor; border-radius: calc(var(--radius) * .8); padding: .4em 1.1em; min-block-size: 2.4em; }\n.quiet:hover { background: var(--accent-soft); }\n.status { color: var(--soft); font-size: .9375em; min-block-size: 1.65em; }\n.problem:not(:empty) { background: var(--bad-soft); color: var(--bad); border-radius: var(--radius); padding: .8em 1.1em; margin: 1em auto 0; max-inline-size: 48em; display: grid; gap: .5em; justify-items: start; }\n.problem .quiet { color: var(--bad); }\n.problem .quiet:hover { background: var(--surface); }\n.answer { display: grid; gap: 1.1em; margin-block-start: 2em; padding-block-start: 1.75em; border-block-start: 1px solid var(--line); scroll-margin-block-start: 1em; }\n.funnel { color: var(--soft); margin-block-start: .25em; }\n.side { display: grid; gap: 1em; align-content: start; }\n.list { min-inline-size: 0; }\n.panel { padding: 1em 1.1em; font-size: .9375em; }\n.panel h3, .notice h3 { font-size: 1em; margin-block-end: .55em; }\n.panel.good { background: var(--good-soft); border-color: transparent; }\n.panel.good h3 { color: var(--good); }\n.panel.good li { display: flex; gap: .75em; align-items: baseline; justify-content: space-between; }\n.panel.good button { font-weight: 500; font-size: .875em; color: var(--good); background: none; border: 1px solid currentcolor; border-radius: 99px; padding: .2em .8em; min-block-size: 1.9em; white-space: nowrap; }\n.panel.good button:hover { background: var(--surface); }\n.panel.soft { background: var(--sunk); border-color: transparent; }\n.list .panel + .panel { margin-block-start: 1em; }\n.panel li + li { margin-block-start: .5em; }\n.chips .chip { display: grid; grid-template-columns: auto 1fr; column-gap: .75em; align-items: baseline; margin: 0; padding-block: .5em; border-block-start: 1px dashed var(--line); }\n.chips .chip:first-child { border: 0; padding-block-start: 0; }\n.chip .name { color: var(--soft); font-size: .875em; }\n.chip b { text-align: end; font-weight: 600; }\n.chip .evidence { grid-column: 1 / -1; color: var(--accent); font-size: .875em; }\n.words { margin-block-start: .6em; display: flex; flex-wrap: wrap; gap: .35em; align-items: baseline; font-size: .875em; }\n.words span { color: var(--soft); }\n.words i { font-style: normal; background: var(--accent-soft); border-radius: 6px; padding: .05em .5em; }\n.bars li { display: grid; gap: .25em; }\n.run, .footer { color: var(--soft); font-size: .8125em; }\n.footer { text-align: center; margin-block-start: 1.25em; }\n.bar { display: block; block-size: 6px; border-radius: 6px; background: var(--sunk); overflow: hidden; }\n.bar > span { display: block; block-size: 100%; border-radius: 6px; background: var(--accent); }\n.bars .bar > span { background: var(--edge); }\n.notice { background: var(--warm-soft); color: var(--warm); border-radius: var(--radius); padding: .9em 1.15em; margin-block-end: 1em; }\n.offers { display: grid; gap: 1em; }\n.offer article { padding: 1.15em 1.25em; }\n.offer:first-child article { border-color: var(--accent); }\n.offer .top { display: grid; grid-template-columns: auto 1fr; gap: .5em .9em; align-items: start; }\n.rank { font-weight: 700; font-size: 1.6em; line-height: 1.15; color: var(--accent); min-inline-size: 1em; font-variant-numeric: tabular-nums; font-family: var(--duijie-heading-font, inherit); }\n.title h3 { font-size: 1.125em; }\n.title p, .by { color: var(--soft); font-size: .875em; }\n.score { grid-column: 1 / -1; display: flex; align-items: center; gap: .75em; }\n.score .bar { flex: 1; }\n.score b { font-weight: 700; font-size: 1.2em; line-height: 1.3; font-variant-numeric: tabular-nums; }\n.summary { margin-block: .65em .5em; }\n.tags { display: flex; flex-wrap: wrap; gap: .35em; }\n.tags span, .tags i { font-style: normal; font-size: .8125em; color: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .02em .55em; }\n.tags i { border-color: transparent; background: var(--sunk); }\n.reasons { margin-block-start: .75em; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17em, 100%), 1fr)); gap: .3em 1em; font-size: .9375em; }\n.reasons li, .cautions li { padding-inline-start: 1.5em; position: relative; }\n.reasons li::before { content: \"✓\"; position: absolute; inset-inline-start: .1em; color: var(--good); font-weight: 700; }\n.cautions { margin-block-start: .75em; background: var(--warm-soft); color: var(--warm); border-radius: calc(var(--radius) * .7); padding: .6em .85em; font-size: .9em; }\n.cautions h4 { font-size: .94em; }\n.cautions li::before { content: \"·\"; position: absolute; inset-inline-start: .5em; font-weight: 700; }\ndetails { margin-block-start: .7em; font-size: .875em; }\nsummary { cursor: pointer; color: var(--accent); padding-block: .35em; inline-size: fit-content; }\ntable { inline-size: 100%; border-collapse: collapse; font-size: .9375em; }\nth { text-align: start; font-weight: 500; color: var(--soft); }\nth, td { padding: .4em .5em .4em 0; border-block-end: 1px solid var(--line); vertical-align: top; }\nth:not(:first-child), .number { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }\ntr.unknown { color: var(--soft); }\n.finder { max-inline-size: none; margin-block-end: .6em; }\n.line { display: grid; grid-template-columns: 1fr auto; gap: .6em; margin-block-start: .4em; }\n.finder .primary { padding-inline: 1.4em; }\n.browse { display: grid; gap: 1em; margin-block-start: .4em; }\n.facets ul { display: flex; flex-wrap: wrap; gap: .4em; }\n.facets button { display: flex; gap: .6em; justify-content: space-between; align-items: baseline; font-size: .9375em; text-align: start; background: none; border: 1px solid var(--line); border-radius: 99px; padding: .25em .9em; min-block-size: 2.2em; }\n.facets button:hover { border-color: var(--accent); }\n.facets [aria-current] { background: var(--accent); color: var(--accent-ink); border-color: transparent; }\n.facets small { color: var(--soft); font-variant-numeric: tabular-nums; }\n.facets [aria-current] small { color: inherit; }\n.facets .deep button { border-style: dashed; }\n.found { display: grid; gap: .75em; }\n.found li { padding: .9em 1.1em; display: grid; gap: .3em; }\n.found h2 { font-size: 1.0625em; line-height: 1.4; font-family: inherit; }\n.found h2 button { font-weight: inherit; text-align: start; color: var(--accent); background: none; border: 0; padding: 0; min-block-size: 1.6em; text-decoration: underline; text-decoration-color: transparent; text-underline-offset: .2em; }\n.found h2 button:hover { text-decoration-color: currentcolor; }\nmark { background: var(--warm-soft); color: inherit; border-radius: 3px; }\n.more { text-align: center; margin-block-start: 1em; }\n.detail { display: grid; gap: .9em; justify-items: start; margin-block-start: .4em; }\n.card { padding: clamp(1.1em, 4cqi, 1.75em); inline-size: 100%; }\n.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(14em, 100%), 1fr)); gap: .9em 1.25em; margin-block: 1.1em; padding-block: 1.1em; border-block: 1px solid var(--line); }\n.facts dt { color: var(--soft); font-size: .8125em; }\n.facts dd { font-weight: 600; }\n.description { max-inline-size: 44em; white-space: pre-line; }\n@container (min-width: 34em) {\n.grid { grid-template-columns: 1fr 1fr; }\n.wide { grid-column: 1 / -1; }\n.regions { grid-template-columns: repeat(3, 1fr); }\n.regions select:disabled { display: block; opacity: .55; }\n.offer .top { grid-template-columns: auto 1fr auto; }\n.score { grid-column: auto; display: block; inline-size: 5.5em; text-align: end; }\n}\n@container (min-width: 46em) {\n.browse { grid-template-columns: 14em minmax(0, 1fr); align-items: start; }\n.facets ul { display: grid; gap: .15em; }\n.facets button { inline-size: 100%; border-color: transparent; border-radius: calc(var(--radius) * .6); }\n.facets .deep { padding-inline-start: 1em; }\n}\n@container (min-width: 58em) {\n.answer { grid-template-columns: minmax(0, 1fr) 19em; gap: 1.25em 1.75em; }\n.head { grid-column: 1 / -1; }\n}\n@media (prefers-reduced-motion: reduce) { *, ::before, ::after { transition: none !important; animation: none !important; scroll-behavior: auto !important; } }\n@media (forced-colors: active) { .primary, .facets [aria-current] { border-color: ButtonText; } .bar { outline: 1px solid; } }\n@media print { form, .footer, .facets { display: none; } }";
const WORDS = {"texts": {"title": ["说一句，找到对的服务商", "Say it in your words, meet the right provider"], "plainLead": ["用您自己的话说难处、预算和期限；我们逐条核对，只列出真正合适的，并告诉您为什么。", "Say in Chinese what troubles you, your budget and your deadline: we check every condition, list only what fits, and tell you why."], "askAnew": ["重新提一个需求", "Ask for something else"], "otherLanguage": ["English", "中文"], "offeredBy": ["由{0}提供", "Offered by {0}"], "refused": ["不能打开", "This cannot be opened"], "whole": ["{0}（不细分）", "{0} (all of it)"], "notChosen": ["不选", "not chosen"], "need": ["您需要什么？", "What do you need?"], "needHint": ["用您自己的话说难处、预算和期限。例如：三十来人的五金厂，订单老是乱，想上个进销存，一年五万以内，最好能上门教。", "In Chinese: what troubles you, your budget and deadline. E.g. 三十来人的五金厂，订单老是乱，想上个进销存，一年五万以内，最好能上门教。"], "examples": ["示例", "Examples"], "firm": ["您的企业", "Your firm"], "region": ["所在地区", "Place"], "province": ["省级", "Province"], "city": ["市级", "City"], "county": ["区县", "County"], "anyCity": ["全省 / 不细分", "Whole province"], "anyCounty": ["全市 / 不细分", "Whole city"], "choose": ["请选择省份", "Choose a province"], "optional": ["选填", "optional"], "industry": ["行业", "Industry"], "industryHint": ["输入名称或代码，如 金属制品", "A Chinese name or a code, e.g. 33"], "industryHelp": ["输入后用上下键选择，回车确认", "Type, choose with the arrow keys, confirm with Enter"], "noIndustry": ["没有匹配的行业", "No such industry"], "industriesFound": ["{0} 个行业", "{0} industries"], "employees": ["人数", "Head count"], "revenue": ["年营收（万元）", "Annual revenue (10,000 yuan)"], "send": ["找服务商", "Find providers"], "loading": ["正在载入…", "Loading…"], "working": ["正在匹配…", "Matching…"], "done": ["找到 {0} 项，已列在下方", "{0} offers found, listed below"], "none": ["没有找到合适的供给，原因见下方", "Nothing fits; the reason is below"], "noNetwork": ["您的设备没有联网，请联网后再试", "Your device is offline: connect and try again"], "offline": ["连不上对接服务，或本网站未登记使用此密钥。请稍后再试。", "The service cannot be reached, or this site is not registered for the key. Try again later."], "slow": ["等了太久没有答复，请再试一次", "No answer came in time: please try again"], "busy": ["现在使用的人太多，请 {0} 秒后再试", "Too many requests now: try again in {0} seconds"], "broken": ["组件出了差错，请刷新页面", "The widget failed: please reload the page"], "misconfigured": ["组件缺少 {0} 属性", "The widget lacks the attribute {0}"], "retry": ["再试一次", "Try again"], "needText": ["请说一说您的需要", "Please say what you need"], "needRegion": ["请选择企业所在的省份", "Please choose the firm's province"], "needNumber": ["请填数字", "Please give a number"], "industryFault": ["请从列表中选择行业，或清空", "Choose an industry from the list, or clear it"], "results": ["为您找到 {0} 项", "{0} offers for you"], "nothing": ["这次没有合适的", "Nothing fits this time"], "nothingHere": ["本栏目的类别里没有合适的", "Nothing in this section's categories fits"], "outside": ["另有 {0} 项属于其他类别，此处不列。", "{0} more belong to other categories and are not listed here."], "funnel": ["核对了 {0} 项相关供给，{1} 项符合全部硬性条件。", "{0} related offers checked; {1} meet every hard condition."], "inEdition": ["只看 {0} 第{1}期。", "Only {0}, edition {1}."], "understood": ["我们读到的", "What we understood"], "youSaid": ["“{0}”", "“{0}”"], "stated": ["您填写的", "stated"], "inferred": ["从整句推断，把握 {0}%", "inferred from the sentence, {0}% sure"], "fromFirm": ["按企业信息", "from the firm"], "conflicts": ["文字与企业信息不一致", "Text and firm disagree"], "notUnderstood": ["没读懂的", "Not understood"], "wishes": ["愿望", "Wishes"], "avoid": ["不要", "Not wanted"], "eliminated": ["因硬性条件未列入", "Left out by a hard condition"], "relaxations": ["放宽一点，可以更多", "A small change admits more"], "again": ["照此再找", "Try this"], "unmet": ["实话实说", "Honestly"], "score": ["匹配分", "Score"], "outOf": ["满分 100", "out of 100"], "rank": ["第 {0} 位", "Place {0}"], "why": ["为什么", "Why"], "ask": ["签约前请问清", "Ask before signing"], "all": ["全部评分依据", "Everything that counted"], "criterion": ["依据", "Reason"], "weight": ["权重", "Weight"], "points": ["得分", "Points"], "unknown": ["未知", "unknown"], "degraded": ["结果可能不完整：", "The answer may be incomplete: "], "run": ["匹配批次", "Match run"], "policy": ["规则版本", "policy"], "search": ["搜索供给", "Search offerings"], "searchHint": ["如：仓库、记账、贷款", "In Chinese, e.g. 仓库"], "find": ["搜索", "Search"], "categories": ["类别", "Categories"], "everything": ["全部", "All"], "found": ["{0} 项", "{0} offerings"], "more": ["再看 {0} 项", "{0} more"], "back": ["返回列表", "Back to the list"], "delivered": ["服务范围", "Delivered in"], "price": ["价格", "Price"], "lead": ["交付", "Lead time"], "trial": ["试用", "Trial"], "sizes": ["面向", "For"], "valid": ["有效期至", "Valid until"], "features": ["特点", "Features"], "finance": ["融资条件", "Terms"], "amount": ["额度", "Amount"], "rate": ["年化利率", "Annual rate"], "provider": ["服务商", "Provider"], "nationwide": ["全国", "nationwide"], "from": ["{0} 起", "from {0}"], "category": ["类别", "Category"], "budget_max": ["首年预算", "First-year budget"], "deadline_days": ["期限", "Deadline"], "delivery": ["交付方式", "Delivery"], "onsite": ["上门", "On site"], "compliance": ["合规", "Compliance"], "finance_amount": ["融资金额", "Amount"], "annual_rate_max_bp": ["年化不超过", "Annual rate at most"], "term_months": ["期限", "Term"], "collateral": ["担保", "Collateral"], "users": ["使用人数", "Users"], "sites": ["门店或工厂", "Sites"], "devices": ["设备", "Devices"], "enterprise_size": ["企业规模", "Firm size"], "scenario": ["场景", "Scenario"], "yes": ["需要", "yes"], "no": ["不需要", "no"], "days": ["{0} 天内", "within {0} days"], "dayCount": ["{0} 天", "{0} days"], "months": ["{0} 个月", "{0} months"], "footer": ["排序按公开的规则计算，不卖名次", "Ranked by published rules; places are not for sale"]}, "values": {"saas": ["SaaS 云服务", "SaaS"], "private-cloud": ["私有云", "private cloud"], "on-premises": ["本地部署", "on premises"], "hardware": ["硬件", "hardware"], "onsite-service": ["上门服务", "on-site service"], "remote-service": ["远程服务", "remote service"], "online-course": ["线上课程", "online course"], "offline-event": ["线下活动", "offline event"], "xinchuang": ["国产化（信创）", "xinchuang"], "mlps2": ["等保二级", "MLPS 2"], "mlps3": ["等保三级", "MLPS 3"], "iso27001": ["ISO 27001", "ISO 27001"], "pipl": ["个人信息保护", "PIPL"], "classified-protection-ready": ["等保就绪", "MLPS ready"], "none": ["无需抵押", "none"], "guarantee": ["担保", "guarantee"], "mortgage": ["抵押", "mortgage"], "receivables": ["应收账款", "receivables"], "ip": ["知识产权", "IP"], "equipment": ["设备", "equipment"], "self-employed": ["个体工商户", "self-employed"], "micro": ["微型", "micro"], "small": ["小型", "small"], "medium": ["中型", "medium-sized"], "large": ["大型", "large"], "free": ["免费", "free"], "quote": ["询价", "on request"], "project": ["每项目", "a project"], "year": ["每年", "a year"], "month": ["每月", "a month"], "user-year": ["每人每年", "a user and year"], "use": ["每次", "a use"], "person": ["每人", "a person"], "day": ["每天", "a day"]}, "examples": ["三十来人的五金厂，订单老是乱，想上个进销存，一年五万以内，最好能上门教。", "食品小厂想贷八十万周转，没有抵押物，年化别超过6%，最好一周内放款。", "四家连锁小店会员各管各的，想要一套手机上就能用的会员系统，每月三百以内。"]};
function make(name, properties = {}, ...children) {
const element = document.createElement(name);
for (const [key, given] of Object.entries(properties)) {
if (key.startsWith("on")) element.addEventListener(key.slice(2), given);
else if (given !== null && given !== undefined && given !== false) element.setAttribute(key, given === true ? "" : given);
}
element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
return element;
}
function bar(share, label) {
const filled = make("span", {});
filled.style.inlineSize = `${Math.max(0, Math.min(100, share))}%`;
return make("span", { class: "bar", role: label ? "img" : null, "aria-label": label, "aria-hidden": label ? null : "true" }, filled);
}
const byId = (id) => document.getElementById(id);
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
const PATIENCE = 30_000;
class Problem extends Error {
constructor(status, document, wait) {
super(document.title);
Object.assign(this, { status, document, wait });
}
}
class Service {
constructor(base, key) {
this.base = base;
this.key = key;
this.known = new Map(); // code tables do not change while a page is open
}
async call(method, path, body) {
const headers = { Authorization: `Bearer ${this.key}`, Accept: "application/json" };
if (body) {
headers["Content-Type"] = "application/json";
headers["Idempotency-Key"] = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
const patience = new AbortController();
const timer = setTimeout(() => patience.abort(), PATIENCE);
try {
const answer = await fetch(this.base + path, {
method, headers, body: body && JSON.stringify(body),
signal: patience.signal, credentials: "omit", referrerPolicy: "no-referrer", redirect: "error",
});
const document = await answer.json();
if (!answer.ok) throw new Problem(answer.status, document, Number(answer.headers.get("Retry-After")) || null);
return document;
} finally {
clearTimeout(timer);
}
}
table(path) {
if (!this.known.has(path)) {
const asked = this.call("GET", path);
this.known.set(path, asked);
asked.catch(() => this.known.delete(path));
}
return this.known.get(path);
}
}
function address(path, parameters) {
const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}
function complaint(failure, tongue) {
if (!(failure instanceof Problem)) {
if (failure instanceof TypeError || failure.name === "AbortError" || failure instanceof SyntaxError) {
return [tongue.tell(navigator.onLine === false ? "noNetwork" : failure.name === "AbortError" ? "slow" : "offline")];
}
return [tongue.tell("broken")];
}
if (failure.status === 429) return [tongue.tell("busy", failure.wait ?? 60)];
const { text, errors = [] } = failure.document;
return [text ? tongue.say(text) : failure.message, ...errors.map((item) => tongue.say(item.text))];
}
const INNER = new Set(["text", "meaning", "limits", "freshness"]);
class Answer {
constructor(tongue, names, industryName) {
Object.assign(this, { tongue, names, industryName });
this.formats = {
budget_max: (fen) => tongue.money(fen),
finance_amount: (fen) => tongue.money(fen),
deadline_days: (days) => tongue.tell("days", days),
term_months: (months) => tongue.tell("months", months),
annual_rate_max_bp: (points) => `${points / 100}%`,
onsite: (wanted) => tongue.tell(wanted ? "yes" : "no"),
};
}
parts(need, again, inside = () => true) {
const { tongue } = this;
const { profile, match_run: run } = need;
const listed = run.results.filter(inside);
const hidden = run.results.length - listed.length;
const missing = [this.relaxations(run, again), this.eliminated(run)].filter(Boolean);
const title = listed.length ? tongue.tell("results", listed.length) : tongue.tell(hidden ? "nothingHere" : "nothing");
return [
make("div", { class: "head" },
make("h2", { id: "answer-title", tabindex: "-1" }, title),
make("p", { class: "funnel" }, tongue.tell("funnel", run.considered, run.eligible),
run.edition && ` ${tongue.tell("inEdition", tongue.say(run.edition.title), run.edition.number)}`,
hidden > 0 && ` ${tongue.tell("outside", hidden)}`)),
make("div", { class: "list" },
run.degraded && make("p", { class: "notice" }, tongue.tell("degraded"), run.degraded_reason ? tongue.say(run.degraded_reason) : ""),
run.unmet && make("div", { class: "notice unmet" }, make("h3", {}, tongue.tell("unmet")), make("p", {}, tongue.say(run.unmet.text))),
listed.length ? make("ol", { class: "offers" }, listed.map((result) => this.offer(result))) : missing),
make("div", { class: "side" }, this.understood(profile), this.unknown(profile), listed.length > 0 && missing,
make("p", { class: "run" }, `${tongue.tell("run")} `, make("code", {}, run.id), ` · ${tongue.tell("policy")} ${run.policy_version} · ${run.as_of}`)),
];
}
name(code) {
return this.names.get(code) ?? code;
}
shown(field, given) {
if (this.formats[field]) return this.formats[field](given);
return Array.isArray(given) ? this.tongue.values(given) : this.tongue.value(given);
}
understood(profile) {
const { tongue } = this;
const chips = [
...profile.categories.map((read) => this.chip(tongue.tell("category"), this.name(read.code), read)),
...["must", "quantities"].flatMap((part) => Object.entries(profile[part]).filter(([name, read]) => read && TEXTS[name])
.map(([name, read]) => this.chip(tongue.tell(name), this.shown(name, read.value), read))),
...profile.scenarios.map((read) => this.chip(tongue.tell("scenario"), `${read.scenario} ${read.from ?? ""}→${read.to ?? ""}`, read)),
profile.place && this.chip(tongue.tell("region"), profile.place.evidence ?? profile.place.value, profile.place),
profile.industry && this.chip(tongue.tell("industry"), this.industryName(profile.industry.value), profile.industry),
profile.enterprise_size && this.chip(tongue.tell("enterprise_size"), tongue.value(profile.enterprise_size.value), profile.enterprise_size),
];
return make("section", { class: "panel understood" }, make("h3", {}, tongue.tell("understood")),
make("ul", { class: "chips" }, chips), this.words("wishes", profile.wishes), this.words("avoid", profile.avoid));
}
chip(name, text, read) {
return make("li", { class: "chip" }, make("span", { class: "name" }, name), make("b", {}, text), make("span", { class: "evidence" }, this.source(read)));
}
source(read) {
if (read.evidence) return this.tongue.tell("youSaid", read.evidence);
if (read.source === "enterprise") return this.tongue.tell("fromFirm");
return read.source === "text" ? this.tongue.tell("inferred", read.confidence) : this.tongue.tell("stated");
}
words(name, items) {
return items.length > 0 && make("p", { class: "words" }, make("span", {}, this.tongue.tell(name)), items.map((item) => make("i", {}, item)));
}
unknown(profile) {
const parts = [["conflicts", profile.conflicts], ["notUnderstood", profile.not_understood]].filter(([, items]) => items.length);
return parts.map(([name, items]) => make("section", { class: "panel soft" }, make("h3", {}, this.tongue.tell(name)),
make("ul", {}, items.map((item) => make("li", {}, this.tongue.say(item))))));
}
offer(result) {
const { tongue } = this;
const score = (result.score / 100).toFixed(1);
const reasons = result.contributions
.filter((part) => part.value !== null && part.contribution > 0 && !INNER.has(part.criterion))
.slice(0, 6);
return make("li", { class: "offer", "data-offering": result.offering_id },
make("article", { "aria-label": `${tongue.tell("rank", result.rank)} ${result.name}` },
make("div", { class: "top" },
make("span", { class: "rank", "aria-hidden": "true" }, String(result.rank)),
make("div", { class: "title" }, make("h3", {}, result.name), make("p", {}, result.provider_name)),
make("div", { class: "score" }, make("b", {}, score), bar(result.score / 100, `${tongue.tell("score")} ${score}, ${tongue.tell("outOf")}`))),
make("p", { class: "summary" }, result.summary),
make("p", { class: "tags" }, result.categories.map((code) => make("span", {}, this.name(code)))),
make("ul", { class: "reasons", "aria-label": tongue.tell("why") }, reasons.map((part) => make("li", {}, tongue.say(part.text)))),
result.cautions.length > 0 && make("div", { class: "cautions" }, make("h4", {}, tongue.tell("ask")),
make("ul", {}, result.cautions.map((caution) => make("li", {}, tongue.say(caution))))),
make("details", {}, make("summary", {}, tongue.tell("all")), this.contributions(result.contributions))));
}
contributions(parts) {
const { tongue } = this;
const row = (part) => make("tr", { class: part.value === null ? "unknown" : null },
make("td", {}, tongue.say(part.text)),
make("td", { class: "number" }, `${part.weight / 100}%`),
make("td", { class: "number" }, part.value === null ? `${tongue.tell("unknown")} ` : null, (part.contribution / 100).toFixed(1)));
return make("table", {},
make("thead", {}, make("tr", {}, ["criterion", "weight", "points"].map((name) => make("th", { scope: "col" }, tongue.tell(name))))),
make("tbody", {}, parts.map(row)));
}
eliminated(run) {
if (!run.eliminated.length) return null;
const most = Math.max(...run.eliminated.map((item) => item.count));
return make("section", { class: "panel" }, make("h3", {}, this.tongue.tell("eliminated")),
make("ul", { class: "bars" }, run.eliminated.map((item) => make("li", {}, make("span", {}, this.tongue.say(item.text)), bar((item.count / most) * 100)))));
}
relaxations(run, again) {
const { tongue } = this;
return run.relaxations.length > 0 && make("section", { class: "panel good" }, make("h3", {}, tongue.tell("relaxations")),
make("ul", {}, run.relaxations.map((item) => make("li", {}, make("span", {}, tongue.say(item.text)),
make("button", { type: "button", "aria-label": `${tongue.tell("again")}: ${tongue.say(item.text)}`, onclick: () => again(item.change) }, tongue.tell("again"))))));
}
}
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
class Card {
constructor(widget) {
this.widget = widget;
}
async read(id) {
const { service } = this.widget;
const offering = await service.call("GET", `/v1/offerings/${encodeURIComponent(id)}`);
const [provider, places] = await Promise.all([
service.table(`/v1/providers/${encodeURIComponent(offering.provider_id)}`).catch(() => null),
this.places(offering.regions),
]);
return this.draw(offering, provider, places);
}
async places(codes) {
if (!codes.length) return null;
if (codes.includes(NATIONWIDE)) return this.widget.tongue.tell("nationwide");
const known = new Map();
const parents = new Set([NATIONWIDE, ...codes.filter((code) => !code.endsWith("0000")).map((code) => `${code.slice(0, 2)}0000`)]);
const tables = await Promise.all([...parents].map((code) => this.widget.service.table(`/v1/regions?parent=${code}`)));
for (const table of tables) for (const item of table.items) known.set(item.code, item.name_zh);
const named = [...new Set(codes.map((code) => known.get(code) ?? known.get(`${code.slice(0, 4)}00`) ?? code))];
return named.slice(0, 12).join("、") + (named.length > 12 ? " …" : "");
}
draw(offering, provider, places) {
const { tongue, names } = this.widget;
const { finance } = offering;
const money = (fen) => tongue.money(fen);
const facts = [
["price", price(offering.price, tongue)],
["amount", finance && (finance.amount_min ?? finance.amount_max) && tongue.range(finance.amount_min, finance.amount_max, money)],
["rate", finance && (finance.annual_rate_min_bp ?? finance.annual_rate_max_bp) && tongue.range(finance.annual_rate_min_bp, finance.annual_rate_max_bp, (points) => `${points / 100}%`)],
["term_months", finance && (finance.term_months_min ?? finance.term_months_max) && tongue.range(finance.term_months_min, finance.term_months_max, (months) => tongue.tell("months", months))],
["collateral", finance?.collateral && tongue.value(finance.collateral)],
["delivered", places],
["delivery", offering.delivery.length && tongue.values(offering.delivery)],
["lead", typeof offering.lead_time_days === "number" && tongue.tell("dayCount", offering.lead_time_days)],
["trial", offering.trial_days && tongue.tell("dayCount", offering.trial_days)],
["sizes", offering.enterprise_sizes.length && tongue.values(offering.enterprise_sizes)],
["compliance", offering.compliance.length && tongue.values(offering.compliance)],
["valid", offering.valid_until],
].filter(([, value]) => value);
return make("article", { class: "card", "data-offering": offering.id, "aria-labelledby": "card-title" },
make("h2", { id: "card-title", tabindex: "-1" }, offering.name),
provider && make("p", { class: "by" }, provider.name),
make("p", { class: "summary" }, offering.summary),
make("p", { class: "tags" }, offering.categories.map((code) => make("span", {}, names.get(code) ?? code)), offering.features.map((word) => make("i", {}, word))),
make("dl", { class: "facts" }, facts.map(([name, value]) => make("div", {}, make("dt", {}, tongue.tell(name)), make("dd", {}, value)))),
make("p", { class: "description" }, offering.description));
}
}
function price(given, tongue) {
if (!given) return null;
if (given.model === "free" || given.model === "quote") return tongue.value(given.model);
const known = [given.min, given.max].filter((value) => value !== null && value !== undefined);
if (!known.length) return null;
const format = given.model === "rate" ? (points) => `${points / 100}%` : (fen) => tongue.money(fen);
return `${tongue.range(given.min, given.max, format)}${given.per ? ` · ${tongue.value(given.per)}` : ""}`;
}
class OfferingMode {
constructor(widget) {
this.widget = widget;
}
memory() {
return null;
}
async open() {
const id = this.widget.getAttribute("offering");
if (!id) throw new Misconfigured("offering");
this.widget.show(this.widget.status);
this.widget.announce("loading");
const card = await new Card(this.widget).read(id);
this.widget.announce(null);
this.widget.show(card, this.widget.status);
}
}
class NeedMode {
constructor(widget) {
this.widget = widget;
this.asked = null;
this.answered = null;
}
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
async ask() {
if (this.asking) return;
this.asking = true;
if (this.filled) await this.filled.catch(() => null); // told where it was asked for
const body = this.widget.mode === this && this.read();
if (body) await this.submit(body);
this.asking = false;
}
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
const PAGE = 10;
class BrowseMode {
constructor(widget) {
this.widget = widget;
Object.assign(this, { q: "", category: widget.narrowing.categories[0] ?? null, next: null, round: 0 });
}
memory() {
return { q: this.input?.value ?? "", category: this.category };
}
async open(memory) {
const { tongue } = this.widget;
if (memory) Object.assign(this, memory);
this.input = make("input", { id: "q", type: "search", maxlength: "200", placeholder: tongue.tell("searchHint"), autocomplete: "off" });
this.input.value = this.q;
this.form = make("form", { role: "search", class: "finder", onsubmit: (event) => { event.preventDefault(); this.q = this.input.value.trim(); this.find(); } },
make("label", { for: "q" }, tongue.tell("search")),
make("div", { class: "line" }, this.input, make("button", { type: "submit", class: "primary" }, tongue.tell("find"))));
this.facets = make("nav", { class: "facets", "aria-label": tongue.tell("categories") });
this.items = make("ol", { class: "found" });
this.foot = make("div", { class: "more" });
this.pages = make("div", { class: "browse" }, this.facets, make("div", { class: "list" }, this.items, this.foot));
this.detail = make("div", { class: "detail", hidden: true });
this.widget.show(this.form, this.widget.status, this.pages, this.detail);
await this.load();
}
find(category = this.category) {
this.category = category;
return this.widget.attempt(() => this.load());
}
async load(cursor) {
const { narrowing, service, tongue } = this.widget;
const round = ++this.round;
this.back(false);
if (!cursor) this.widget.announce("loading");
const wanted = { q: this.q, category: this.category, region: narrowing.region, edition: narrowing.edition, limit: PAGE, cursor };
const found = await service.call("GET", address("/v1/offerings/search", wanted));
if (round !== this.round) return; // asked anew meanwhile
const rows = found.items.map((item) => this.row(item));
if (cursor) this.items.append(...rows);
else this.items.replaceChildren(...rows);
if (!cursor) this.count(found.categories);
const left = found.total - this.items.children.length;
this.foot.replaceChildren(...(found.next && left > 0
? [make("button", { type: "button", class: "quiet", onclick: () => this.widget.attempt(() => this.load(found.next)) }, tongue.tell("more", Math.min(PAGE, left)))]
: []));
const notes = [found.total ? tongue.tell("found", found.total) : tongue.say(found.empty_reason ?? tongue.tell("nothing"))];
if (found.degraded && found.degraded_reason) notes.push(tongue.tell("degraded") + tongue.say(found.degraded_reason));
this.widget.say(notes.join(" · "));
if (cursor) rows[0]?.querySelector("button").focus();
}
row(item) {
const { names, tongue } = this.widget;
const marked = (fragments) => fragments.map((part) => (part.matched ? make("mark", {}, part.text) : part.text));
const cost = price(item.price, tongue);
return make("li", { "data-offering": item.offering_id },
make("h2", {}, make("button", { type: "button", onclick: (event) => this.open_one(item.offering_id, event.currentTarget) }, marked(item.name_fragments))),
make("p", { class: "by" }, item.provider_name, cost && ` · ${cost}`),
make("p", {}, marked(item.summary_fragments)),
make("p", { class: "tags" }, item.categories.map((code) => make("span", {}, names.get(code) ?? code))));
}
count(counts) {
const { names, narrowing, tongue } = this.widget;
const chosen = this.category;
const parent = this.widget.parents.get(chosen) ?? chosen;
const counted = new Map(counts.map((item) => [item.code, item]));
const entry = (code, label, count, deep) => make("li", { class: deep ? "deep" : null },
make("button", { type: "button", "aria-current": code === chosen ? "true" : null, onclick: () => this.find(code) },
make("span", {}, label), count !== null && make("small", {}, String(count))));
let entries;
if (narrowing.facets.length) {
entries = narrowing.facets.filter((code) => code === chosen || code === narrowing.categories[0] || narrowing.categories.includes(code) || counted.has(code))
.map((code) => entry(code, names.get(code) ?? code, counted.get(code)?.count ?? null, !narrowing.categories.includes(code)));
} else {
const shown = counts.filter((item) => !item.parent || item.parent === parent);
if (chosen && !counted.has(chosen)) shown.unshift({ code: chosen, parent: this.widget.parents.get(chosen), count: 0 });
shown.sort((one, other) => this.widget.order(one.code) - this.widget.order(other.code));
entries = [entry(null, tongue.tell("everything"), null),
...shown.map((item) => entry(item.code, names.get(item.code) ?? item.code, item.count, Boolean(item.parent)))];
}
const had = this.facets.contains(this.widget.shadowRoot.activeElement);
this.facets.replaceChildren(make("ul", {}, entries));
if (had) this.facets.querySelector("[aria-current]")?.focus();
}
open_one(id, from) {
return this.widget.attempt(async () => {
const card = await new Card(this.widget).read(id);
this.came = from;
const back = make("button", { type: "button", class: "quiet", onclick: () => this.back(true) }, `← ${this.widget.tongue.tell("back")}`);
this.detail.replaceChildren(back, card);
this.pages.hidden = true;
this.detail.hidden = false;
card.querySelector("h2").focus();
});
}
back(focus) {
this.pages.hidden = false;
this.detail.hidden = true;
if (focus) this.came?.focus();
}
}
const BASE = new URL(document.currentScript.src).origin;
const MODES = { need: NeedMode, browse: BrowseMode, offering: OfferingMode };
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLE);
class Misconfigured extends Error {}
class Narrowing {
constructor(bounds, attributes, parents) {
const inside = (wide, code) => !wide || wide === NATIONWIDE || code.startsWith(wide.replace(/(00)+$/, ""));
this.region = attributes.region && inside(bounds.region, attributes.region) ? attributes.region : bounds.region;
this.edition = bounds.edition ?? attributes.edition;
const wanted = attributes.category;
const allowed = wanted && (!bounds.categories.length || bounds.categories.includes(wanted));
this.categories = allowed ? [wanted] : bounds.categories;
const below = (code) => (parents.get(code) ? [code] : [...parents].filter(([, parent]) => parent === code).map(([child]) => child));
const fine = bounds.categories.length ? this.categories.filter((code) => parents.get(code)) : this.categories.flatMap(below);
this.stated = [...new Set(fine)].slice(0, 10); // what a need may state
const listed = new Set(this.categories.flatMap((code) => [code, ...below(code)]));
this.facets = bounds.categories.length ? this.categories : [...listed];
this.inside = (result) => !listed.size || result.categories.some((code) => listed.has(code));
}
}
class DuijieMatch extends HTMLElement {
static observedAttributes = ["key", "mode", "region", "category", "edition", "offering", "lang"];
constructor() {
super();
this.attachShadow({ mode: "open" }).adoptedStyleSheets = [SHEET];
this.root = make("div", { class: "root" });
this.alert = make("div", { class: "problem", role: "alert" });
this.body = make("div", { class: "body" });
this.shadowRoot.append(this.root);
this.round = 0;
}
connectedCallback() {
this.start();
}
attributeChangedCallback(name, before, after) {
if (this.isConnected && before !== after) this.start(name === "lang");
}
get language() {
const told = this.getAttribute("lang") || this.closest("[lang]")?.lang || document.documentElement.lang;
return /^en/i.test(told || "zh") ? "en" : "zh";
}
start(keep = false) {
this.keep = keep && this.keep !== false;
this.round += 1;
const round = this.round;
queueMicrotask(() => round === this.round && this.isConnected && this.begin(this.keep ? this.mode?.memory() : null));
}
async begin(memory) {
const { round } = this;
this.keep = undefined;
this.tongue = new Tongue(this.language);
this.status = make("p", { class: "status", role: "status" });
this.root.lang = this.language === "en" ? "en" : "zh-CN";
this.root.replaceChildren(this.body, this.alert, make("p", { class: "footer" }, this.tongue.tell("footer")));
this.show(this.status);
this.announce("loading");
await this.attempt(async () => {
const key = this.getAttribute("key");
if (!key) throw new Misconfigured("key");
if (this.service?.key !== key) this.service = new Service(BASE, key);
const [tree, bounds] = await Promise.all([this.service.table("/v1/categories"), this.bounds(key)]);
if (round !== this.round) return;
this.learn(tree.items);
const attributes = Object.fromEntries(["region", "category", "edition"].map((name) => [name, this.getAttribute(name) || null]));
this.narrowing = new Narrowing(bounds, attributes, this.parents);
this.mode = new (MODES[this.getAttribute("mode")] ?? NeedMode)(this);
this.announce(null);
await this.mode.open(memory);
}, () => this.start());
}
bounds(key) {
return key.startsWith("djw_") ? this.service.table("/v1/widget") : { region: null, categories: [], edition: null };
}
learn(categories) {
const name = this.language === "en" ? "name_en" : "name_zh";
const places = new Map(categories.map((item, place) => [item.code, place]));
this.names = new Map(categories.map((item) => [item.code, item[name]]));
this.parents = new Map(categories.map((item) => [item.code, item.parent]));
this.order = (code) => places.get(code) ?? Infinity;
}
show(...parts) {
this.body.replaceChildren(...parts);
}
say(text) {
this.status.textContent = text;
}
announce(name, ...facts) {
this.say(name ? this.tongue.tell(name, ...facts) : "");
}
async attempt(work, again) {
const { round } = this;
this.alert.replaceChildren();
try {
await work();
} catch (failure) {
if (round !== this.round) return;
this.announce(null);
const lines = failure instanceof Misconfigured ? [this.tongue.tell("misconfigured", failure.message)] : complaint(failure, this.tongue);
this.alert.replaceChildren(...lines.map((line) => make("p", {}, line)));
if (again) this.alert.append(make("button", { type: "button", class: "quiet", onclick: again }, this.tongue.tell("retry")));
this.emit("duijie:error", { status: failure.status ?? null, type: failure.document?.type ?? null, text: lines.join(" ") });
}
}
emit(name, detail) {
this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
}
if (!customElements.get("duijie-match")) customElements.define("duijie-match", DuijieMatch);
})();
