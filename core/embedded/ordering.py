"""Which of several clips comes first where words say so: "join them, the short one first"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.embedded.files import file_named
from core.embedded.recall_words import MY
from core.embedded.retrying import by_length
from core.plans import Item

_FIRST = re.compile(
    r"(?P<x>[^,.;:!?，。、]{2,60}?)\s*(?:\bgoes\b|\bcomes\b|\bkommt\b)?\s*"
    r"(?:\b(?:first|zuerst|als erste[sr]?|d'abord|en premier|primero|la primera|per prim[oa]|primeiro|eerst|als eerste"
    r"|najpierw|сначала|перв\w+)|在前|放前面|を?(?:最初に|先に))\W*(?:then\b.*)?$"
    r"|\b(?:start(?:ing)? with|begin(?:ning)? with|angefangen mit|beginnend mit|en commençant par|empezando (?:por|con)"
    r"|cominciando (?:da|con)|começando (?:por|com)|te beginnen met|zaczynając od|начиная с|начни с)\s+(?P<y>[^,.;]+)",
    re.IGNORECASE,
)


def in_said_order(clips: Sequence[str], items: Sequence[Item], clause: str) -> list[str]:
    """The clips with the one in front that the words put there; as they are where the words put none."""
    match = _FIRST.search(clause)
    if match is None:
        return list(clips)
    words = match["x"] or match["y"]
    several = [item for clip in clips for item in items if item.id == clip]
    mine = [i for i in several if i.mine] if MY.search(words) else []
    first = file_named(several, words) or by_length(words, several) or (mine[0] if len(mine) == 1 else None)
    return list(clips) if first is None else [first.id, *(clip for clip in clips if clip != first.id)]
