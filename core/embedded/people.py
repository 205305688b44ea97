"""The people of a group by their names: whom a message is for, and whose voice it wants."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.plans import Item, Request

_WORDS_TOO = frozenset(
    ["will", "mark", "may", "grace", "rose", "art", "bill", "rob", "sue", "hope", "joy", "faith", "dawn", "june",
     "april", "summer", "max",
     "drew", "pat", "jack", "chase", "frank", "rich", "bob", "ray", "victor", "echo", "melody", "harmony",
     "carol", "viola", "alto", "bass", "sol", "luna", "stella", "pia", "marina", "clara", "page", "clip"]
)  # fmt: skip
"""Names that are words: they call somebody only before a comma."""
_SHORTEST = 3
_BOT = re.compile(r"\b(?:the |le |el |il |o |der )?(?:bot|audiogpt)\b|机器人|ボット|봇", re.IGNORECASE)
_CALLS = r"(?:@|hey |hi |oh |aww? |nossa |ay |eh |ah )?{name}(?P<end>\s*[,:!]|\s*\W?$|야|아|\s+(?=[^\W\d]))"
_OF_SOMEBODY = re.compile(
    r"\b(?:in|with|using|use|by)\s+(?P<en>[^\W\d_]{2,})['’]s\s+(?:own\s+|real\s+)?voice\b"
    r"|\b(?:mit|in)\s+(?:de[rm] )?stimme von\s+(?P<de>[^\W\d_]{2,})|\bavec la voix d(?:e |['’])(?P<fr>[^\W\d_]{2,})"
    r"|\bcon la voz de\s+(?P<es>[^\W\d_]{2,})|\bcon la voce di\s+(?P<it>[^\W\d_]{2,})"
    r"|\bcom a voz d[aeo]\s+(?P<pt>[^\W\d_]{2,})",
    re.IGNORECASE,
)


def _first(name: str) -> str:
    return re.split(r"[\s(]+", name.strip())[0]


def participants(request: Request) -> frozenset[str]:
    """The first names of those who wrote or sent something before."""
    names: Iterable[str] = (*(line.name for line in request.history), *(item.who for item in request.items))
    return frozenset(first for name in names if name and len(first := _first(name)) > 1)


def speaks_to_somebody(request: Request) -> bool:
    """Whether a message begins by calling somebody of the group who is not the bot: "Ben, that was too loud"."""
    text = request.text.strip()
    if _BOT.search(text):
        return False
    for name in participants(request):
        match = re.match(_CALLS.format(name=re.escape(name)), text, re.IGNORECASE)
        if match is None:
            continue
        plainly = bool(match["end"].strip()) or not text[match.end() :].strip()
        if plainly or (len(name) >= _SHORTEST and name.lower() not in _WORDS_TOO):
            return True
    return False


def named_voice(clause: str) -> str:
    """Whose voice a clause names: "in Ben's voice"; empty where it names nobody's."""
    match = _OF_SOMEBODY.search(clause)
    return next((name for name in match.groups() if name), "") if match else ""


def sent_by(name: str, items: Iterable[Item]) -> Item | None:
    """The newest thing that somebody of that name sent."""
    return next((i for i in items if i.who and not i.made and _first(i.who).casefold() == name.casefold()), None)
