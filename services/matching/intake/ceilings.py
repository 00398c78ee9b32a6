"""A limit that is said by what happens beyond it: 超过三千就不划算了, 超四个点的不要介绍."""

import re

AT_MOST = (
    "(?:[别不]|不[得能要])超过?|[别莫]过|(?:不能|不得|不要|别)贵过|不[高多大]于|[低少小]于|最[多高]|[顶至]多|顶天|封顶|"
    "控制在|压到"
)
"""What stands before a limit."""
NO_FURTHER = "以内|以下|之内|封顶|为限|打住|打顶|打死|卡死|包圆|红线"
"""What stands behind one."""
_BEYOND = re.compile(r"(?:超过?|(?<!通)过了|超出|高过|高于|多过|贵过)$")
_THEN_NOT = re.compile(
    r"^(?:块钱?|元)?(?:的)?(?:\S{0,3}就(?:算了|免谈|拉倒|作罢|继续|放弃|别|不|没)|\S{0,3}不(?:要|考虑|批|谈|接|买|用|看)|"
    r"(?:别|莫)(?:介绍|推荐|找|谈))"
)


def refuses_more(before: str, following: str) -> bool:
    """Whether the words on both sides of a number make it the most that is accepted."""
    return _BEYOND.search(before) is not None and _THEN_NOT.match(following) is not None
