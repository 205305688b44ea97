"""Which earlier piece a request is about where it but names what is in it: "dat havengeluid 6 dB zachter"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from core.artifacts import Kind
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

_OF_ANY = (
    "소리 음악 노래 녹음 파일 목소 목소리 만들 만들어줘 만들어 해줘 주세 주세요 하나 그냥"
    " 그거 이거 방금 아까 초짜 초짜리 짜리"
    " 音声 音源 音楽 録音 作って 作成 して ください お願い お願いします これ それ さっき 先ほど"
    " 录音 音频 音乐 声音 歌曲 给我 帮我 一个 一段 一首 这个 那个 这段 那段 刚才 再来 变成"
)
_ANY_PAIR = frozenset(pair for word in _OF_ANY.split() for pair in _DENSE.findall(word))
"""Pairs of signs that any piece may be asked for with."""


def mentioned(items: Sequence[Item], words: str, names: Mapping[str, str]) -> Item | None:
    """The newest of the earlier pieces, given the newest first, of which the words name most.

    `names` are those of all media by id, for what a piece was made from. None where they name nothing of any, or as
    much of the newest one, which is meant then anyway.
    """
    if len(items) < 2:
        return None
    said = _named(words)
    counts = [sum(_knows(_of(item, names), word) for word in said) for item in items]
    best = max(counts)
    return items[counts.index(best)] if best > counts[0] else None


def named_by_content(items: Sequence[Item], words: str) -> bool:
    """Whether words name what is in an earlier recording."""
    earlier = [item for item in items if not item.current and item.kind is Kind.AUDIO]
    said = _named(words) if earlier else []
    return any(_knows(_of(item, {}), word) for item in earlier for word in said)


def _named(words: str) -> list[str]:
    """The words that may name a piece and are about no edit."""
    named = " ".join(match[0] for match in _NAMED.finditer(masked(words)))
    return [word for word in _told(named) if not _is_about_edits(word)]


def _of(item: Item, names: Mapping[str, str]) -> list[str]:
    """The words that are known of a piece: its name, what is in it, and the names of what it was made of."""
    known = (item.name, item.caption, item.text, *(names.get(parent, "") for parent in item.parents))
    return _told(" ".join(_FILE_END.sub("", text) for text in known))


def _told(text: str) -> list[str]:
    """The words that say something; of scripts without spaces, pairs of signs."""
    low = _plain(text.lower().replace("_", " "))
    words = [w for w in _WORD.findall(low) if len(w) >= _SHORTEST and w not in NO_CONTENT and ord(w[0]) < 0x2E80]
    return list(dict.fromkeys([*words, *(pair for pair in _DENSE.findall(low) if pair not in _ANY_PAIR)]))


def _plain(text: str) -> str:
    """Without the accents of Latin letters, which file names mostly lack."""
    kept = [c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c) or ord(c) > 0x3000]
    return unicodedata.normalize("NFC", "".join(kept))


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
