"""What the offer must be like: form of delivery, somebody on site, marks that the product must carry."""

import re
from collections.abc import Iterator

from services.matching.intake.texts import Found, NeedText
from shared.contracts.vocabulary import Compliance, Delivery

_SOFT = re.compile(r"最好|优先|尽量|能的话|有更好|更好|如果能|要是能|可以的话|也行|也可以")
_NEGATED = re.compile(r"(?:(?<![能要可行是会想])不(?:用|要|需要|必|想|能|许|让|准|肯)?|无需|别|没必要|用不着)\S{0,3}$")
_ON_PREMISES = re.compile(
    r"(?:本地|内网|局域网|厂内|厂里|公司内部|单位内部|自有机房|自有服务器)(?:化)?(?:部署|安装|版|装|运行|存储|服务器)|部署(?:到|在)\S{0,6}(?:厂|机房|内网|本地|公司|自有|自己|我司|我们|单位|服务器)"
    r"|(?:数据|资料|图纸|配方|工艺|文件|信息)\S{0,8}?(?:不出|不能出|不得出|不许出|别出|不离开|不能离开|不上传|不能上传|不能传|不许传|不能上|不上|不放|不能放|不可以传)(?:厂|公司|园区|内网|网|云|外|到网|到云|到外|企业|院|门|单位)?"
    r"|(?:数据|资料|东西|服务器|服务端|系统)?(?:只能|必须|都要|得|要)?(?:放|存|留|装|搭|架|跑)(?:在|到)?(?:我们|我司|咱们?|公司|厂里|单位)?(?:自己|自家|自有|本公司|本地|内部|厂里|厂内)(?:的)?(?:机房|服务器|电脑|内网|机器|手里|这边|$)?"
    r"|服务端放本|不上(?:公有)?云|不(?:要|用|想用)(?:公有)?云|不能联外网|不能连外网|不连外网|不接外网|断网也?[能要]用|涉密|离线部署|物理隔离"
)
_PRIVATE = re.compile(r"私有云|私有化?部署|私有化|专有云|专属云|不(?:放|上|用|要|进)公有云|不放在?公有云")
_PREMISES_WORDS = re.compile(r"私有化?部署|私有化")
_SAAS = re.compile(
    r"saas|(?:云端|云上|网页|在线|订阅)(?:版|的|就行|就好)|(?:不想?|不要|不用|没法|没钱|养不起|不养)(?:自己)?(?:买|养|架|装|弄|搭|维护|备)\S{0,3}(?:服务器|机房)|(?:机房|服务器)\S{0,4}(?:养不起|不想[买养]|不[买养]|没有也不想)"
    r"|(?:打开|开)(?:浏览器|网页)就能用|不(?:用|要|想)(?:安装|装软件|部署)"
)
_VISIT = re.compile(
    r"上门|驻厂|驻场|驻点|进场|(?:到|来|去|进)(?:我们|我|咱们|咱|我司|公司)?(?:家|这)?(?:的)?(?:厂里|厂子里?|车间|工厂|现场|店里|门店|公司|单位|仓库|库区|矿上|工地|项目部|办公室|基地|场里|船上|田里|大棚|一趟)(?!拿|取|提货|自提|验货|打工|上班|干活)"
    r"|(?:到|来|去)\S{1,6}(?:现场|看现场|看场地|安装|当面)|(?:能|要|得|须|先|马上|赶紧|立刻|今天|派|安排)\S{0,3}(?:来|派|过来)(?:个|几个|一个|两个)?(?:人|师傅|工程师|懂行|老师|专家|技术)|(?:(?<![十百千几多余])来|派)人(?:来|到|看|弄|修|装|处理|驻|帮|教)?|蹲(?:到|在)(?:车间|厂|现场)"
    r"|现场(?:勘查|勘察|勘测|踏勘|看|查看|安装|调试|服务|指导|教|实施|支持|培训|处理|诊断|测量|布线|带|施工)|(?:老师|师傅|工程师|讲师|教练)(?:能|要|得)?(?:来|到|上)(?:我们|咱们)?\S{0,4}(?:厂|公司|店|现场|车间|门)|面对面"
)
_VISIT_FACT = re.compile(
    r"以前|上次|去年|等\S{0,6}(?:师傅|工程师)|卖\S{0,4}的|推销|检查|来(?:审|查|催|验)厂?|客户(?:来|到|去)|专家查|(?:师傅|工程师|安装工|维修工)上门|上门(?:干了|换了|修了)"
)
_NO_VISIT = re.compile(
    r"(?:不用|不需要|无需|不必|用不着|不要|别|没必要)\S{0,4}(?:上门|到现场|来人|来现场|来厂|来店|驻场|驻厂)|远程(?:就行|也行|就可以|也可以|搞定|即可|就好)"
)
_XINCHUANG = re.compile(
    r"信创|国产化|(?:全|必须|都得|都要|须|得|要|只要|只用|只能用|要求)(?:是|用|全)?国产|国产(?:操作系统|数据库|芯片|cpu|服务器|软硬件|替代|系统|平台|的才)|(?:适配|支持|兼容|跑在|装在)\S{0,6}(?:麒麟|统信|飞腾|鲲鹏|龙芯|海光|达梦|人大金仓|欧拉|uos)|麒麟系统|统信uos|自主可控|国产正版|正版国产|只准用?国产|(?:^|[，,。；;])(?:要|用)?国产(?:的|软件|设备|品牌)?(?=[，,。；;]|$)"
)
_MLPS = re.compile(
    r"等(?:级)?保(?:护)?(?:要?做?到?|测评)?(?P<before>[二三23])级|(?P<after>[二三23])级等(?:级)?保|等保(?P<bare>[23])(?:\.0)?(?!\.)"
)
_MLPS_PRODUCT = re.compile(
    r"(?:满足|符合|达到|具备|支持|通过了?|够|按|过了|有|带)\S{0,8}$|(?:系统|平台|软件|云|产品|整体|环境|机房)\S{0,4}(?:要|得|须|必须|需)?(?:过|通过|能过)$"
)
_MARKS: tuple[tuple[Compliance, re.Pattern[str]], ...] = (
    ("pipl", re.compile(r"(?:符合|满足|遵守|按)\S{0,6}(?:个人信息保护法|个保法)|个保法合规")),
    (
        "iso27001",
        re.compile(
            r"(?:服务商|供应商|平台|软件商|厂家|厂商|产品|你们|对方)\S{0,6}(?:有|通过|具备|持有?|要|得)\S{0,4}(?:iso)?\s?27001"
        ),
    ),
)


def delivery(text: NeedText) -> Found[tuple[Delivery, ...]] | None:
    """The accepted forms; the first firm wish decides, all that point the same way are joined."""
    private = _first(_PRIVATE, text, refusable=False)
    premises = _first(_ON_PREMISES, text, refusable=False)
    if private is not None:
        wanted = text.folded[private[0] : private[1]]
        both = premises is not None or bool(_PREMISES_WORDS.search(wanted)) or wanted.startswith("不")
        return Found(("on-premises", "private-cloud") if both else ("private-cloud",), *private, 85)
    if premises is not None:
        return Found(("on-premises",), *premises, 85)
    saas = _first(_SAAS, text, refusable=True)
    return Found(("saas",), *saas, 85) if saas is not None else None


def onsite(text: NeedText) -> Found[bool] | None:
    """Somebody must come: a visit that is asked for, not one that was or is refused."""
    if _NO_VISIT.search(text.folded):
        return None
    place = _first(_VISIT, text, refusable=True, also_not=_VISIT_FACT)
    return Found(True, *place, 85) if place is not None else None


def compliance(text: NeedText) -> Found[tuple[Compliance, ...]] | None:
    """Marks that the product must carry; a certificate that the firm itself is after is none."""
    found = sorted(_marks(text), key=lambda mark: mark.start)
    if not found:
        return None
    marks = tuple(dict.fromkeys(mark.value for mark in found))
    return Found(marks, found[0].start, found[0].end, min(mark.confidence for mark in found))


def _marks(text: NeedText) -> Iterator[Found[Compliance]]:
    place = _first(_XINCHUANG, text, refusable=True)
    if place is not None:
        yield Found("xinchuang", *place, 85)
    for match in _MLPS.finditer(text.folded):
        if _SOFT.search(text.before(match.start(), 8)):
            continue
        if _MLPS_PRODUCT.search(text.before(match.start(), 14)) and not _is_own_mlps(text):
            level = match["before"] or match["after"] or match["bare"]
            yield Found("mlps3" if level in "三3" else "mlps2", match.start(), match.end(), 80)
    for mark, pattern in _MARKS:
        place = _first(pattern, text, refusable=True)
        if place is not None:
            yield Found(mark, *place, 75)


def _is_own_mlps(text: NeedText) -> bool:
    """Whether the text is after the firm's own grading: filing, assessment or rectification."""
    return bool(re.search(r"测评|备案|定级|网安|公安", text.folded))


def _first(
    pattern: re.Pattern[str], text: NeedText, *, refusable: bool, also_not: re.Pattern[str] | None = None
) -> tuple[int, int] | None:
    """Where the pattern first stands as a firm demand."""
    for match in pattern.finditer(text.folded):
        clause = text.clause_at(match.start())
        before = text.folded[clause.start : match.start()]
        if _SOFT.search(before[-8:]) or (refusable and _NEGATED.search(before)):
            continue
        if also_not is not None and also_not.search(text.folded[clause.start : clause.end]):
            continue
        return match.start(), match.end()
    return None
