"""How many users, sites and devices the text speaks of, and the head count it gives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.matching.intake import numerals
from services.matching.intake.texts import Found, NeedText

_COUNT = re.compile(
    rf"(?P<number>{numerals.NUMBER})(?P<more>[多来余几])?(?P<unit>[百千万])?(?P<measure>个人|多?号人|个员工|人|号|个|台套|台|辆|部|家|间|条|处|套)"
)
_USERS = re.compile(
    r"^(?:人|员工|同事|伙计|工人|师傅)?(?:都|要|来|同时|一起|在)?(?:用|使用|登录|上线办公|开账号|在线)|^(?:操作工|学员|工人要?学|销售|业务员|业务|客服|会计|设计师|工程师|司机|坐席|账号|用户|席位|点位?(?:授权)?的?|许可|授权|节点)"
)
_HEAD = re.compile(r"^(?:的?(?:小|厂|公司|企业|团队|规模|左右|上下|做|工厂|单位)|员工|工人|$)")
_SITES = re.compile(
    r"^(?:\S{0,6}?(?:店(?!铺的?员)|门市|网点|仓库?|厂(?!商|家)|工厂|校区|分公司|门诊|诊所|站|档口|营业部|食堂|药房|超市|酒店|馆))"
)
_SITES_EXCLUDED = re.compile(r"供应商|客户|下游|上游|小厂|同行|银行|丝网|机构")
_DEVICES = re.compile(
    r"^(?:\S{0,8}?(?:机(?!会|构|票|关)|车|设备|电脑|服务器|终端|炉|床|cnc|机器人|plc|五轴|罐|表|泵|线|压铸|注塑|数控|磨|铣|仪|叉车|空压机|冲床|锅炉|窑))"
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the text counts; `heads` is the firm's head count as the text gives it."""

    users: Found[int] | None = None
    sites: Found[int] | None = None
    devices: Found[int] | None = None
    heads: Found[int] | None = None


def read(text: NeedText) -> Counts:
    """The quantities; the largest mention counts where there are several of a kind."""
    kinds: dict[str, Found[int]] = {}
    for kind, found in _counts(text):
        if kind not in kinds or found.value > kinds[kind].value:
            kinds[kind] = found
    return Counts(kinds.get("users"), kinds.get("sites"), kinds.get("devices"), kinds.get("heads"))


def _counts(text: NeedText) -> Iterator[tuple[str, Found[int]]]:
    for match in _COUNT.finditer(text.folded):
        number = numerals.read(match["number"])
        if number is None or number.high < 1:
            continue
        count = round(number.high * numerals.unit(match["unit"] or ""))
        kind = _kind(text, match, count)
        if kind is not None and count <= 10**7:
            yield kind, Found(count, match.start(), match.end(), 80 if match["more"] else 90)


def _kind(text: NeedText, match: re.Match[str], count: int) -> str | None:
    """What is counted, from the measure word and the words that follow."""
    after = text.after(match.end(), 12)
    before = text.before(match.start(), 4)
    measure = match["measure"]
    if before.endswith(("第", "每", "前", "新到", "想添", "买")) or before.endswith("走了"):
        return None
    if measure in ("个人", "多号人", "号人", "个员工", "人", "号", "个"):
        if _USERS.match(after):
            return "users"
        if measure in ("个", "号", "家"):
            return "sites" if measure == "个" and count < 1000 and _SITES.match(after) else None
        return "heads" if not text.before(match.start(), 3).endswith(("走", "招", "退", "缺", "差")) else None
    if measure in ("家", "间", "处"):
        return "sites" if _SITES.match(after) and not _SITES_EXCLUDED.search(after) else None
    if measure in ("台套", "台", "辆", "部"):
        return "devices" if count > 0 and (_DEVICES.match(after) or measure == "台") else None
    if measure == "套":
        return "users" if re.match(r"^\S{0,4}(?:授权|许可|正版)", after) else None
    return None
