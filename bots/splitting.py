"""Long texts cut where one would pause: at paragraphs, lines, sentences, words, and only then inside a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Length = Callable[[str], int]

_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"""(?:(?<=[.!?…])|(?<=[.!?…]["'”’)\]]))\s+|(?<=[。！？])"""),
    re.compile(r"(?<=[,;:])\s+|(?<=[，、；：])"),
    re.compile(r"\s+"),
)
_FENCE = "```"
_WORTH = 0.4
"""A break in the first part of what would fit is passed over for a lesser one nearer to the end."""


def utf16(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(c > "\uffff" for c in text)


def split(text: str, most: int, length: Length = len) -> list[str]:
    """Parts of at most `most`, by `length`, that hold all words in order. A code block is closed and opened again.

    An empty text has no parts.
    """
    return list(_parts(text.strip(), most, length))


def _parts(text: str, most: int, length: Length) -> Iterator[str]:
    opened = ""
    while text:
        room = most - (len(opened) + 1 if opened else 0)
        if length(text) <= room:
            yield f"{opened}\n{text}" if opened else text
            return
        head, text = _cut(text, room - len(_FENCE) - 1, length)
        whole = f"{opened}\n{head}" if opened else head
        opened = _open_fence(whole)
        yield f"{whole}\n{_FENCE}" if opened else whole


def _cut(text: str, most: int, length: Length) -> tuple[str, str]:
    fitting = _fitting(text, most, length)
    for wanted in _BREAKS:
        ends = [m for m in wanted.finditer(text[: fitting + 1]) if 0 < m.start() <= fitting]
        if ends and ends[-1].start() >= fitting * _WORTH:
            return text[: ends[-1].start()].rstrip(), text[ends[-1].end() :].lstrip()
    while 0 < fitting < len(text) and _joined(text, fitting):
        fitting -= 1
    fitting = fitting or _fitting(text, most, length)
    return text[:fitting], text[fitting:]


def _fitting(text: str, most: int, length: Length) -> int:
    """How many characters fit; at least one, so that there is an end."""
    low, high = 1, min(len(text), most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle]) <= most else (low, middle - 1)
    return low


def _joined(text: str, at: int) -> bool:
    """Whether a cut here would tear one visible character: a joiner, a variation or a skin tone is beside it."""
    after = text[at]
    return after in "\u200d\ufe0e\ufe0f\u20e3" or text[at - 1] == "\u200d" or "\U0001f3fb" <= after <= "\U0001f3ff"


def _open_fence(text: str) -> str:
    """The line that opened a code block which is still open at the end; empty when none is."""
    fences = [line for line in text.splitlines() if line.lstrip().startswith(_FENCE)]
    return fences[-1].strip()[:20] if len(fences) % 2 else ""
