"""Which level step of the official 2024 assessment a need asks for: from what the firm does today to what it wants."""

import re
from collections.abc import Sequence
from functools import cache

from services.matching.intake import tables
from services.matching.intake.texts import NeedText
from shared.contracts.needs import ReadCategory, ReadScenario

_PAPER = re.compile(
    r"手写|手工(?:记|登|填|统计|台账)|纸质|纸面|纸单|小本(?:子|本)|记账本(?:子|本)|本(?:子|本)|一沓|靠\S{0,6}?(?:人|脑子|嘴|喊|"
    r"吼|问|电话|打电话|记|经验|老师傅|跑)|白板|口头|没有?(?:任何)?(?:系统|软件)|全凭|脑子里|"
    r"打(?:电话|座机)|翻台账|流水账"
)
_SHEETS = re.compile(
    r"excel|表格|wps|邮件|电邮|微信|qq|群里|钉钉群|单机版|u盘|网盘|电子表|台账|各说各的|各是各|erp|"
    r"财务软件|老系统|旧系统|现有系统|流转卡|cad|后台"
)
_LINKED = re.compile(
    r"打通|对接|集成|联动|自动(?:采集|采|生成|派|排|算|预警|报警)|实时|追溯|能追|全程|全过程|闭环|"
    r"一体化|互通|接上|机床数据|设备数据|留痕|招标"
)
_CLEVER = re.compile(
    r"预测|人工智能|(?<![a-z])ai(?![a-z])|大模型|算法|智能(?:排产|调度|决策|优化)|数字孪生|自动优化|机器学习"
)
_LEAST_CONFIDENCE = 55


@cache
def _by_category() -> dict[str, str]:
    return {row["category"]: row["scenario"] for row in tables.rows("scenarios.csv")}


def read(text: NeedText, categories: Sequence[ReadCategory]) -> tuple[ReadScenario, ...]:
    """The step of the main category's scenario, when the text tells where the firm stands today."""
    if not categories or categories[0].confidence < _LEAST_CONFIDENCE:
        return ()
    scenario = _by_category().get(categories[0].code)
    if scenario is None:
        return ()
    paper, sheets = _PAPER.search(text.folded), _SHEETS.search(text.folded)
    today = paper or sheets
    if today is None:
        return ()
    to_level = 4 if _CLEVER.search(text.folded) else 3 if _LINKED.search(text.folded) else 2
    return (
        ReadScenario.model_validate(
            {
                "scenario": scenario,
                "from": 0 if paper else 1,
                "to": to_level,
                "evidence": text.words(today.start(), today.end()) or None,
            }
        ),
    )
