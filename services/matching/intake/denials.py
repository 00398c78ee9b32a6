"""The signs that deny, told from the same signs inside other words: 能不能 asks, 特别 stresses, 搬不动 complains."""

MAKES_A_WORD = "区类级个特性识告差分辨鉴派"
"""What makes another word of 别 when it stands before it."""
NOT = "(?<![能要可行是会想])不"
DO_NOT = f"(?<![{MAKES_A_WORD}])别"
NO_UP = "不上(?<![跟赶比顾接对配补供排]不上)"
NO_MOVE = "不动(?<![走扛搬叫拖跑推干带挪拿管指]不动)"
