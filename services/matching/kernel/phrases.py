"""Sentences that rest on facts of few values, such as a share in percent: each is made once for all answers."""

from datetime import date
from functools import lru_cache

from services.matching.kernel.figures import percent, yuan_en, yuan_zh
from services.matching.kernel.parts import Pattern, Said
from services.matching.snapshot.code_sets import ANY, COVERED
from shared.codes import industries, regions

SIZES = {
    "self-employed": ("个体工商户", "self-employed"),
    "micro": ("微型", "micro"),
    "small": ("小型", "small"),
    "medium": ("中型", "medium-sized"),
    "large": ("大型", "large"),
}
_shared = lru_cache(maxsize=8192)
_NO_AREA = Said("未说明服务地区", "delivery area not stated")
_COARSE_AREA = Said("企业地区较粗，需核对服务范围", "the firm's region is coarse; check the delivery area")


@_shared
def in_category(zh: str, en: str) -> Said:
    """Of the category asked for, by its names."""
    return Said(f"属于所需类别“{zh}”", f"in the category asked for: {en}")


@_shared
def bordering(zh: str, en: str, wanted_zh: str, wanted_en: str) -> Said:
    """Of a category of the same family."""
    return Said(f"类别“{zh}”与所需的“{wanted_zh}”相邻", f"{en} borders on {wanted_en}")


NEAR = [Said(f"说明与需求的语义接近度 {n}%", f"its text is {n}% near to the need in meaning") for n in range(101)]
"""How near in meaning, in percent."""
COVERED_WISHES = [Said(f"具体愿望的覆盖程度约 {n}%", f"covers about {n}% of the particular wishes") for n in range(101)]
"""How much of the wishes is covered, in percent."""
STATED = [Said(f"关键条件写明了 {n}/5 项", f"states {n} of 5 key conditions") for n in range(6)]
"""How many of the key conditions are stated."""


@_shared
def made_for(firm: str | None, closeness: int) -> Said:
    """The industry that an offering names for a firm, by how near it comes (see `code_sets`)."""
    if closeness == ANY:
        return Said("不限行业", "for any industry")
    if firm is None:
        return Said("企业行业未知，供给限定了行业", "the firm's industry is unknown, and the offer names industries")
    if closeness < COVERED:
        return Said("企业行业代码较粗，需核对供给所列行业", "the firm's industry is coarse; check the industries named")
    held = industries.lineage(firm)[COVERED - closeness - 1]
    return Said(f"面向“{industries.names()[held]}”（{held}）", f"made for industry {held}")


@_shared
def delivered(firm: str, closeness: int) -> Said:
    """The area in which an offering is delivered to a firm, by how near it comes."""
    if closeness < COVERED:
        return _NO_AREA if closeness == ANY else _COARSE_AREA
    return Said(*_area(firm, closeness))


@_shared
def delivered_from(firm: str, closeness: int) -> Pattern:
    """The same where it covers the firm, and the seat of the provider: its `seat`, and its code."""
    zh, en = _area(firm, closeness)
    return Pattern(f"{zh}%b", f"{en}; the provider is seated in %b")


def _area(firm: str, closeness: int) -> tuple[str, str]:
    held = regions.lineage(firm)[COVERED - closeness - 1]
    return f"服务范围含{regions.full_name(held)}", f"delivers to {held}"


@_shared
def seat(code: str) -> bytes:
    """Where a provider is seated, in Chinese; nothing where the name is not known."""
    name = regions.full_name(code)
    return f"，服务商在{name}".encode() if name else b""


@_shared
def for_size(size: str | None, named: bool) -> Said:
    """Whether an offering names sizes, of which the firm's must be one."""
    if size is None:
        return Said("企业规模无法计算", "the firm's size cannot be computed")
    zh, en = SIZES[size]
    if not named:
        return Said(f"不限规模（企业为{zh}）", f"for firms of any size (this one is {en})")
    return Said(f"面向{zh}企业", f"made for {en} firms")


@_shared
def budget(fen: int) -> tuple[bytes, bytes]:
    """A need's budget, which most places of its list are compared with, in both languages."""
    return yuan_zh(fen).encode(), yuan_en(fen).encode()


@_shared
def rates(least: int, most: int) -> Said:
    """Annual rates in basis points."""
    low, high = percent(least), percent(most)
    return Said(f"年化 {low}–{high}", f"annual rate {low}–{high}")


@_shared
def ready_in(days: int | None, deadline: int | None) -> Said:
    """Lead time against the deadline."""
    if days is None:
        return Said("未说明交付周期", "lead time not stated")
    if deadline is None:
        return Said(f"约 {days} 天可用", f"ready in about {days} days")
    if days <= deadline:
        return Said(
            f"约 {days} 天可用，在 {deadline} 天期限内",
            f"ready in about {days} days, within the deadline of {deadline}",
        )
    return Said(
        f"约 {days} 天可用，略超 {deadline} 天期限",
        f"ready in about {days} days, just beyond the deadline of {deadline}",
    )


@_shared
def graded(grade: str | None, certificates: int) -> Said:
    """What others attest of the provider."""
    shown = grade or "–"
    return Said(f"服务商信用等级 {shown}，证书 {certificates} 项", f"credit grade {shown}, {certificates} certificates")


@_shared
def served(customers: int | None) -> Said:
    """How many firms the provider served."""
    if customers is None:
        return Said("服务企业数未知", "number of firms served unknown")
    return Said(f"已服务 {customers} 家企业", f"has served {customers} firms")


@_shared
def published(day: int) -> Said:
    """The day of publication, as an ordinal."""
    iso = date.fromordinal(day).isoformat()
    return Said(f"{iso} 发布", f"published {iso}")


@_shared
def lets_go(discount: int | None, trial: int | None) -> Said:
    """A discount in basis points, and days of trial."""
    zh, en = [], []
    if discount:
        zh.append(f"让利 {percent(discount)}")
        en.append(f"{percent(discount)} off")
    if trial:
        zh.append(f"试用 {trial} 天")
        en.append(f"{trial} days of trial")
    return Said("，".join(zh) or "没有让利说明", ", ".join(en) or "no discount stated")
