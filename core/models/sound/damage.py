"""What people call the damage of a recording, in nine languages and more."""

from __future__ import annotations

import re
from typing import Literal

Damage = Literal["dropout", "click", "clipping"]

_WORDS: dict[Damage, re.Pattern[str]] = {
    "click": re.compile(
        r"\b(?:de-?)?click|\bpop(?:s|ping)?\b|\bcrackl|\bscratch|\bkna[ck]k|\bknist|\bclics?\b|\bcraqu|\bchasqui|\bcliques?\b"
        r"|\bestal|\bschiocc|\bklik|\btrzask|щелч|треск|咔嗒|爆音|クリック|プチ",
        re.IGNORECASE,
    ),
    "dropout": re.compile(
        r"\bdrop-?\s?outs?\b|\bgaps?\b|\bholes?\b|\bglitch|\bskips?\b|\bsilen|\baussetzer|\blücke|\btrous?\b|\bhueco"
        r"|\bcortes?\b|\bfalhas?\b|\bbuc[ho]i?\b|\bgaten?\b|\bluk[aię]|пропуск|провал|断音|缺口|音切れ|途切れ",
        re.IGNORECASE,
    ),
    "clipping": re.compile(r"\bclipp|\boverload|\bdistort|\bübersteuer|\bsatur|\bdistors|\bdistorç|клиппинг", re.I),
}


def damages_named(words: str) -> list[Damage]:
    """The kinds of damage that words mean, where they mean none of the world's sounds."""
    return [kind for kind, pattern in _WORDS.items() if pattern.search(words)]
