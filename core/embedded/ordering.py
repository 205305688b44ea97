"""Which of several clips comes first where words say so: "join them, the short one first"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.embedded.files import file_named
from core.embedded.recall import shared
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

_BEFORE = re.compile(
    r"(?P<x>.+?)\b(?:in front of|(?:right |just )?before|ahead of|vor|devant|avant|delante de|antes d(?:e|el|o|a)"
    r"|davanti a|prima di|na frente d(?:e|o|a)|voor|przed|перед)\b(?P<y>.+)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?P<y>.+?)\b(?:(?:right |just )?after|behind|hinten an|hinter|nach|après|derrière|después del?"
    r"|detrás del?|dopo"
    r"|depois d(?:e|o|a)|atrás d(?:e|o|a)|achter|na|za|po|после|за)\b(?P<x>.+)",
    re.IGNORECASE,
)
"""One of two is named as what the other stands before or behind."""


def in_said_order(clips: Sequence[str], items: Sequence[Item], clause: str) -> list[str]:
    """The clips with the one in front that the words put there; as they are where the words put none."""
    several = [item for clip in clips for item in items if item.id == clip]
    match = _FIRST.search(clause)
    if match is None:
        return _beside(clips, several, clause)
    words = match["x"] or match["y"]
    mine = [i for i in several if i.mine] if MY.search(words) else []
    known = [shared(words, i) for i in several]
    told = several[known.index(max(known))] if known and known.count(max(known)) == 1 else None
    first = file_named(several, words) or by_length(words, several) or (mine[0] if len(mine) == 1 else told)
    return list(clips) if first is None else [first.id, *(clip for clip in clips if clip != first.id)]


def _beside(clips: Sequence[str], several: Sequence[Item], clause: str) -> list[str]:
    """The clips in order where both names stand at the sides of "before" or "behind"."""
    for pattern in (_BEFORE, _BEHIND):
        if match := pattern.search(clause):
            first, then = file_named(several, match["x"]), file_named(several, match["y"])
            if first is not None and then is not None and first is not then and len(several) == 2:
                return [first.id, then.id]
    return list(clips)
