"""Digits as one says them where a stop parts the thousands and a comma begins the decimals."""

from __future__ import annotations

import re
from collections.abc import Callable

NUMBER = r"\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_MOST = 999_999_999


def in_words(number: str, cardinal: Callable[[int], str], comma: str) -> str:
    """The words of a `NUMBER`; what begins with 0 or is too long, and the decimals, digit by digit."""
    whole, _, decimals = re.sub(r"[. ]", "", number).partition(",")
    alone = (len(whole) > 1 and whole.startswith("0")) or int(whole) > _MOST
    said = " ".join(cardinal(int(digit)) for digit in whole) if alone else cardinal(int(whole))
    return f"{said} {comma} " + " ".join(cardinal(int(digit)) for digit in decimals) if decimals else said
