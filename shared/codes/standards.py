"""Standards of management systems that everybody calls by their number alone: 车厂要我们过16949."""

NUMBERS = ("9001", "14001", "16949", "27001", "27701", "45001", "50001", "13485", "22301")
DICTATED = {"".join("零一二三四五六七八九"[int(digit)] for digit in number): number for number in NUMBERS}
"""What voice input makes of them: 一三四八五."""


def in_digits(text: str) -> str:
    """The text with dictated numbers as they are written; they keep their length."""
    for said, number in DICTATED.items():
        text = text.replace(said, number)
    return text
