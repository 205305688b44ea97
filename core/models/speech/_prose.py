"""Translation of a text as it stands: sentence by sentence, with its lines, lists, addresses and emoji kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.models.base import File, Made, Output, Progress
from core.models.speech._reading import ADDRESS, PICTURE, cut
from core.models.speech._transcript import LONG_TEXT

Translate = Callable[[Sequence[str]], Sequence[str]]
"""Sentences to sentences."""

BATCH = 16
_LONGEST = 300
"""Characters of one sentence. Small networks lose the end of longer ones, which are cut at commas, else at spaces."""
_MARK = re.compile(r"^(\s*(?:[-*•>#]+\s+|\d{1,3}[.)]\s+)?)(.*?)(\s*)$", re.DOTALL)
_KEPT = re.compile(f"{ADDRESS.pattern}|{PICTURE.pattern}|`[^`\n]+`")
_HOLDER = "QX{}"
"""Networks pass such a word on as it is, as they do with names."""


def translated(text: str, translate: Translate, progress: Progress) -> str:
    """The text in the other language; what holds no letters stays as it is."""
    lines = [_Line(line) for line in text.split("\n")]
    pieces = [piece for line in lines for piece in line.pieces]
    for start in range(0, len(pieces), BATCH):
        progress(start / len(pieces))
        batch = pieces[start : start + BATCH]
        for piece, words in zip(batch, translate([piece.words for piece in batch]), strict=True):
            piece.take(words)
    progress(1.0)
    return "\n".join(str(line) for line in lines)


def translation(text: str, facts: Mapping[str, Any], media: Sequence[Made] = ()) -> Output:
    """The output of a translation: its words, and a file too when they are many."""
    files = (Made(File(text.encode(), "text/plain", ".txt"), "translation"),) if len(text) > LONG_TEXT else ()
    return Output(text=text, media=(*media, *files), facts=facts)


class _Piece:
    """A sentence, or a part of a long one."""

    def __init__(self, text: str) -> None:
        self._kept: list[str] = []
        self._shouted = text.isupper() and len(text.split()) > 1
        plain = _KEPT.sub(self._keep, text)
        self.words = plain.capitalize() if self._shouted else plain
        self.text = text

    def _keep(self, match: re.Match[str]) -> str:
        end = re.search(r"[.,!?;:)]*$", match[0])
        kept = match[0][: end.start()] if end else match[0]
        self._kept.append(kept)
        return _HOLDER.format(len(self._kept)) + match[0][len(kept) :]

    def take(self, words: str) -> None:
        """Put in the translation, and what was kept in its place; at the end where its place was lost."""
        words = words.upper() if self._shouted else words
        for number in range(len(self._kept), 0, -1):
            holder, kept = _HOLDER.format(number), self._kept[number - 1]
            words = words.replace(holder, kept, 1) if holder in words else f"{words} {kept}"
        self.text = words.strip()


class _Line:
    """A line: what stands before its words, its pieces, what stands behind."""

    def __init__(self, line: str) -> None:
        match = _MARK.match(line)
        assert match is not None  # it matches anything
        self._before, words, self._after = match.groups()
        self._parts = [_Piece(part) for sentence in cut(words) for part in _short(sentence)]
        self.pieces = [p for p in self._parts if any(c.isalpha() for c in _KEPT.sub("", p.text))]

    def __str__(self) -> str:
        return self._before + " ".join(p.text for p in self._parts if p.text) + self._after


def _short(sentence: str) -> list[str]:
    """The sentence in parts of at most `_LONGEST` characters."""
    parts, rest = [], sentence
    while len(rest) > _LONGEST:
        head = rest[:_LONGEST]
        end = max(head.rfind(mark) for mark in (", ", "; ", ": ", " – ", "、", "，"))
        end = end + 1 if end > _LONGEST // 3 else head.rfind(" ")
        end = end if end > 0 else _LONGEST
        parts.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [*parts, rest]
