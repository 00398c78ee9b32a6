"""Amounts as people write them, in Chinese and English."""


def yuan_zh(fen: int) -> str:
    """Money in Chinese, e.g. 4.2万元, 980元."""
    if fen >= 10**12:
        return f"{_short(fen, 10**10)}亿元"
    if fen >= 10**6:
        return f"{_short(fen, 10**6)}万元"
    return f"{_short(fen, 100)}元"


def yuan_en(fen: int) -> str:
    """Money in English, e.g. CNY 42,000."""
    whole, rest = divmod(fen, 100)
    return f"CNY {whole:,}" + (f".{rest:02}" if rest else "")


def percent(basis_points: int) -> str:
    """A rate, e.g. 4.35%."""
    return f"{_short(basis_points, 100)}%"


def _short(number: int, unit: int) -> str:
    """`number / unit` with at most four decimals and no trailing zeros."""
    whole, rest = divmod((number * 10_000 + unit // 2) // unit, 10_000)
    return f"{whole}.{rest:04}".rstrip("0") if rest else str(whole)
