"""Whether words are asked for, refused, or only mentioned as what is there already."""

import re

from services.matching.intake import collateral
from services.matching.intake.denials import DO_NOT, NO_MOVE, NO_UP, NOT
from services.matching.intake.texts import NeedText

_REFUSED_BEFORE = re.compile(
    rf"{NOT}$|(?:不想|不要|不用|{DO_NOT}|不需要|不打算|不考虑|不碰|不愿|不愿意|不敢|{NO_UP}|不买|不换|{NO_MOVE}|不做|不接受|"
    r"不搞|不找|没必要|拒绝|排除|除了|不是要?|不再|无需|用不着|甭|莫)"
    r"(?:再|去|来|给我|跟我|[叫让逼要]我们?|提|说|推|什么|换|动|上|买|搞|做|用|碰|改|装|推荐?|找|那种|弄|现有|现在|的|我们|原来)*\S{0,2}$"
)
_REFUSED_AFTER = re.compile(
    rf"^\S{{0,3}}?(?:{NO_UP}|{NO_MOVE}|不(?:换|碰|要|用|做|考虑|需要|想|接受|能换|能动|买|搞|打算)|就算了|免谈|别来|"
    r"别找|别提|甭提|别说了|别推|别介绍|别再|的别|的不要|改的不要|先不|暂时不|太贵不|我不|除外|保留|照旧|照用|接着用|继续用)"
)
_EXISTING_BEFORE = re.compile(
    r"(?:现有|已有|已经有|已经上了|上了|做过|上过|办过|买过|搞过|装过|试过|在用|用着|用的是|现在的|目前的|原来的|原有|手上的|用了|跟|和|"
    r"与|同|对接|打通|接入|接到|接上|接|连|连上|导入|导到|同步到|兼容|卖|从|把)(?:我们|我们的|咱们的|"
    r"自己的|现有的?|现在的?|目前的?|原来的?|老|那套|这套|公司的?|厂里的?)*$"
)
_EXISTING_AFTER = re.compile(
    r"^(?:系统|软件|平台|接口|里|里面|数据|后台)*(?:\S{0,2}(?:对接|打通|对上|集成|接起来|连起来|接上|"
    r"互通|同步|连通)|\S{0,2}的(?:工程师|技术员|师傅|技工|操作工|工人|员工)|"
    r"已经有|已经上|有了|做过了?|上过了?|办过了?|搞过了?|是有的|在用|用着呢|用得好好的|开不了|的来了|推销)"
)
_LACKED_BEFORE = re.compile(
    r"(?:没有?|无|缺|拿不出|提供不了|找不[着到]|寻不到|名下没)(?:什么|啥|任何|足够的?|自己的?)*\S{0,2}$"
)
_LACKED_AFTER = re.compile(r"^\S{0,2}(?:没有|都没|也没|也?[找寻]不[着到]|拿不出|提供不了)")


def weight(text: NeedText, start: int, end: int, *, named: bool, lacked: bool = False) -> float:
    """How much a mention counts: 1 asked for, 0.25 there already or only to be connected, 0 refused.

    Only what is `named` can be there already; a symptom or a pain can only be refused. What would be `lacked` is not
    asked for where the firm says that it has none, or that it has given it already.
    """
    before, after = text.before(start, 10), text.after(end, 10)
    if _REFUSED_BEFORE.search(before) or _REFUSED_AFTER.match(after):
        return 0.0
    if lacked and (
        _LACKED_BEFORE.search(before)
        or _LACKED_AFTER.match(after)
        or collateral.is_pledged_already(text, text.folded[start:end] + after)
    ):
        return 0.0
    if named and (_EXISTING_BEFORE.search(before) or _EXISTING_AFTER.match(after)):
        return 0.25
    return 1.0
