"""Which earlier piece a request is about where it but names what is in it: "dat havengeluid 6 dB zachter"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.embedded.clauses import masked
from core.embedded.editing import operation
from core.embedded.effects import space_named
from core.embedded.recall_words import NO_CONTENT
from core.embedded.space import names_a_place
from core.plans import Item

_SHORTEST, _STEM, _TAIL = 4, 5, 3
"""Letters of a word that can tell a piece, of what words of one stem share, and of what a compound adds."""
_NAMED = re.compile(
    r"(?<!\w)(?:the|that|those|de|der|die|das|den|dem|vom|zum|beim|im|am|le|la|les|du|des|au|aux|ce|cet|cette|el"
    r"|los|las|del|al|es[ea]"
    r"|aquel\w*|il|gli|dello|della|dell|nel|nella|sul|sulla|alla|quel|quella|quello|os|as|do|da|no|na|ao|pro"
    r"|pra|ess[ea]"
    r"|aquel[ea]|het|dat|o|a|l)(?:\s+|['’])(?:[^\W\d_]+\s*){1,3}|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{2,}",
    re.IGNORECASE,
)
"""What may name a piece: the words behind an article, as nothing else tells a name in so many languages."""
_FILE_END = re.compile(r"\.\w{2,4}$")
_WORD = re.compile(r"[^\W\d_]{3,}")
_DENSE = re.compile(r"(?=([\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{2}))")


def mentioned(items: Sequence[Item], words: str, names: Mapping[str, str]) -> Item | None:
    """The newest of the earlier pieces, given the newest first, of which the words name most.

    `names` are those of all media by id, for what a piece was made from. None where they name nothing of any, or as
    much of the newest one, which is meant then anyway.
    """
    if len(items) < 2:
        return None
    named = " ".join(match[0] for match in _NAMED.finditer(masked(words)))
    said = [word for word in _told(named) if not _is_about_edits(word)]
    counts = [sum(_knows(_of(item, names), word) for word in said) for item in items]
    best = max(counts)
    return items[counts.index(best)] if best > counts[0] else None


def _of(item: Item, names: Mapping[str, str]) -> list[str]:
    """The words that are known of a piece: its name, what is in it, and the names of what it was made of."""
    known = (item.name, item.caption, item.text, *(names.get(parent, "") for parent in item.parents))
    return _told(" ".join(_FILE_END.sub("", text) for text in known))


def _told(text: str) -> list[str]:
    """The words that say something; of scripts without spaces, pairs of signs."""
    low = text.lower().replace("_", " ")
    words = [w for w in _WORD.findall(low) if len(w) >= _SHORTEST and w not in NO_CONTENT and ord(w[0]) < 0x2E80]
    return list(dict.fromkeys([*words, *_DENSE.findall(low)]))


def _is_about_edits(word: str) -> bool:
    return operation(word) is not None or space_named(word) is not None or names_a_place(word)


def _knows(known: Sequence[str], word: str) -> bool:
    """Whether a word is among others, in another form, or as the beginning of a compound."""
    return any(
        word == other
        or (len(other) >= _STEM and word[:_STEM] == other[:_STEM])
        or (len(other) >= _SHORTEST and word.startswith(other) and len(word) >= len(other) + _TAIL)
        for other in known
    )
