"""Names of files in a message: which of them are meant, and which are not there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.artifacts import Kind
from core.embedded.recall_words import SMALL
from core.plans import Item

_SOUND = "wav|mp3|ogg|oga|opus|m4a|aac|flac|aiff?|wma|amr|mp4|mov|mkv|webm|avi|m4v"
_PICTURE = "jpe?g|png|webp|gif|heic|heif|bmp|tiff?"
FILE_NAME = re.compile(rf"(?<![\w.])[\w-][\w.-]*\.(?:{_SOUND}|{_PICTURE})(?![\w])", re.IGNORECASE)
_SHORTEST = 2
"""Letters of a stem that may be any word."""
_ASKS_TOO = re.compile(
    r"(?:nois|ruido|ruído|rauschen|bruit|rumor|szum|шум|vocal|voice|voz|voix|stimm|voce|głos|голос|vokal|sing|song"
    r"|lied|chanson|canción"
    r"|canzon|music|musik|música|музык|beat|loop|track|spur|piste|pista|take|clip|file|datei|audio|sound|son|ton"
    r"|klang|record|aufnahm"
    r"|graba|registr|grava|nagran|запис|note|memo|message|mess|mix|edit|cut|final|master|raw|clean|the|and|und|der"
    r"|die|das|les|los|las"
    r"|part|teil|video|film|photo|foto|bild|image|imag|speech|talk|intro|outro|cover|drum|bass|guitar|piano)",
)
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ENDING = 2
"""Letters by which the same word can be longer."""
_OF_KIND = {
    Kind.AUDIO: re.compile(rf"\.(?:{_SOUND})$", re.IGNORECASE),
    Kind.IMAGE: re.compile(rf"\.(?:{_PICTURE})$", re.IGNORECASE),
}
_RESULT = re.compile(
    r"(?:\b(?:as|named?|call(?:ed)?(?: it)?|save(?: it)?|als|nenn\w*(?: es)?|come|como|com o nome|comme|nommé|llámalo"
    r"|chiamalo|как|назови)|为|名为|成)[\s:\"'“„«]*$",
    re.IGNORECASE,
)
"""Before the name of what is to be made: "save it as notes.wav"."""


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def kinds_named(words: str) -> frozenset[Kind]:
    """Of which kinds the files are that words name."""
    names = FILE_NAME.findall(words)
    return frozenset(kind for kind, pattern in _OF_KIND.items() if any(map(pattern.search, names)))


def file_named(items: Sequence[Item], words: str) -> Item | None:
    """The item whose file's name, or its stem, stands in the words."""
    low = words.lower()
    named = {_plain(match) for match in FILE_NAME.findall(words)}
    for item in items:
        stem = item.name.lower().rpartition(".")[0]
        if item.name and (item.name.lower() in low or _plain(item.name) in named):
            return item
        if len(stem) > _SHORTEST and re.search(rf"\b{re.escape(stem)}\b", low):
            return item
    return None


def partly_named(items: Sequence[Item], words: str, *, loosely: bool = True) -> Item | None:
    """The item of whose file's name most words stand in the words, if with another ending: "the red one".

    Not `loosely`, words that ask for something as well do not count: with a noise.wav "remove the noise" names none.
    """
    told = [w for w in re.findall(r"[^\W\d_]{3,}", words.lower()) if w not in SMALL]
    said = [w for w in told if loosely or not _ASKS_TOO.match(w)]
    stems = [item.name.lower().rpartition(".")[0] for item in items]
    counts = []
    for stem in stems:
        parts = set(re.findall(r"[^\W\d_]{3,}", stem))
        signs = {c for c in _DENSE.findall(stem) if sum(c in other for other in stems) == 1}
        counts.append(
            sum(any(_are_one(part, word) for word in said) for part in parts) + sum(sign in words for sign in signs)
        )
    most = max(counts, default=0)
    return items[counts.index(most)] if most and counts.count(most) == 1 else None


def _are_one(part: str, word: str) -> bool:
    """Whether two words are the same but for an ending."""
    short, long = sorted((part, word), key=len)
    return long.startswith(short) and len(long) - len(short) <= _ENDING


def missing_file(items: Sequence[Item], kind: Kind, words: str) -> str:
    """The name of a file of that kind that words are about and that is none of these; empty where there is none."""
    pattern = _OF_KIND.get(kind)
    if pattern is None or any(i.current and not i.name for i in items):  # some platforms send no names
        return ""
    names = [i.name for i in items if i.name]
    known = tuple(_plain(part) for name in names for part in (name, name.rpartition(".")[0]) if _plain(part))
    for match in FILE_NAME.finditer(words):
        name, result = match[0], _RESULT.search(words[: match.start()])
        if pattern.search(name) and not result and not _is_one_of(name, known):
            return name
    return ""


def _is_one_of(name: str, known: tuple[str, ...]) -> bool:
    """Whether a name, or its stem, is or ends in a known one: Chinese has no space before it."""
    return _plain(name).endswith(known) or _plain(name.rpartition(".")[0]).endswith(known)
