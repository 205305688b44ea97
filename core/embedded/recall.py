"""Which earlier piece of media words mean: by who sent or made it, when, what is in it, and its place among such."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeVar

import numpy as np

from core.embedded import recall_words as said
from core.embedded.clauses import masked
from core.embedded.editing import OF_CLIPS, operation
from core.embedded.lineage_words import HOW
from core.embedded.telling import Lack
from core.embedded.tongue import language_of
from core.embedded.wording import points_back
from core.encoder import Vectors, shared_encoder
from core.errors import RefusalKind
from core.plans import Item, Request

T = TypeVar("T")

_MEANT = 0.42
"""Cosine from which on what is said of a piece and what is known to be in it are about one thing."""
_CLEAR = 0.08
"""So much more alike than the next one is plainly the one that is meant."""
_SHARED = 0.6
"""A word in both counts for more than any likeness."""
_LONGEST = 4
"""Words of a description none of which is known of the piece."""
_SEVERAL = ("speech_separation", "music_separation", "sound_extraction")
_SHORTEST = 3
"""Letters of a file's name that words can be."""
_ASKED, _TOLD = 4, 60
"""How many pieces a question names, and how many characters of what is in them."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What words mean of what came before."""

    items: tuple[Item, ...]
    """Those that fit, the likeliest first, else the newest; none where words name one that is not there."""
    named: bool
    """Whether the words single anything out."""
    sure: bool = True
    """False where several fit and the words should have told them apart."""


def recalled(items: Sequence[Item], words: str, now: datetime | None) -> Recalled:
    """Those of earlier pieces, given the newest first, that words mean; all where they name none."""
    fitting, named = _by_origin(items, words)
    days = _days(words, now or datetime.now(UTC))
    if days is not None:
        fitting, named = [i for i in fitting if i.at is not None and days[0] <= i.at < days[1]], True
    if said.SUNG.search(words):
        sung = [i for i in fitting if i.made == "text_to_sing" or said.SUNG.search(i.text)]
        fitting, named = sung or fitting, named or bool(sung)
    about = _about(words)
    alike = _alike(fitting, about[1], explicit=about[0]) if about and fitting else None
    if alike is not None:
        fitting, named = alike, True
    placed = _placed(fitting, words)
    if placed is not None:
        return Recalled((placed,), True)
    if said.PLACE_OF_ONE.search(words):
        return Recalled((), True)  # "the fifth recording" of three
    return Recalled(tuple(fitting), named, len(fitting) < 2 or (days is None and alike is None))


def names_earlier(words: str) -> bool:
    """Whether words can mean something from earlier by whose it is, from when, or what is in it."""
    told = [pattern for _, _, pattern in said.DAYS_AGO]
    return any(
        pattern.search(words)
        for pattern in (said.I_SENT, said.MY, said.OURS, said.THEIRS, said.SPAN, said.THE_ONE, said.THE_THING, *told)
    )


def settled(request: Request) -> tuple[Request, Lack | None]:
    """The request with a short word for an earlier piece that it describes, which then counts as attached.

    What is in a piece must not be read as what is asked for: "make the one with the dog louder" is about loudness.
    Where "the one with ..." is none that is remembered, or may be several, that is given beside.
    """
    request = _without_names(request)
    earlier = [i for i in request.items if not i.current]
    hidden = masked(request.text)
    meant = recalled(earlier, hidden, request.at) if earlier else None
    attached = any(i.current and not i.voice for i in request.items)
    if meant is None or not meant.named or (attached and not _surely_another(hidden)):
        return request, None
    if len(meant.items) != 1:
        return request, unsettled(meant) if said.THE_ONE.search(hidden) and not attached else None
    (item,) = meant.items
    span = _described(hidden, item)
    if span is None:
        return request, None
    start, end, word = span
    times = (pattern.search(hidden, end) for pattern in (said.SPAN, *(told for _, _, told in said.DAYS_AGO)))
    when = next((found.span() for found in times if found), (end, end))
    others = [i for i in request.items if i is not item and not i.current]
    items = (*(i for i in request.items if i.current), replace(item, current=True, elsewhere=False), *others)
    text = f"{request.text[:start]}{word}{request.text[end : when[0]].rstrip()}{request.text[when[1] :]}"
    return replace(request, text=text, items=items), None


def _surely_another(words: str) -> bool:
    """Whether words mean something from earlier although something is attached, which may be "my song" itself."""
    told = [pattern for _, _, pattern in said.DAYS_AGO]
    surely = (said.THE_ONE, said.THE_THING, said.KEPT_X, said.THEIRS, said.SPAN, said.TAKE, said.ONE_BEFORE, *told)
    found = [match for pattern in (*surely, *(p for _, p in said.NTH)) if (match := pattern.search(words))]
    found = [match for match in found if not points_back(next((g for g in match.groups() if g), "-"))]
    return bool(found) or bool(_BESIDE.search(words))


_BESIDE = re.compile(
    r"\b(?:with|under|over|behind|before|after|to|and|onto|on|like|mit|unter|über|hinter|vor|nach|zu|und|wie|avec"
    r"|sous|sur"
    r"|devant|après|et|comme|con|sobre|bajo|tras|y|como|sotto|sopra|dopo|e|come|com|sob|depois d[aeo]|met|onder|over"
    r"|achter|na|en|z|pod|po|i|с|под|после|и)\s+(?:my|our|mein\w*|unser\w*|ma|mon|mes|notre|mi|mis|nuestr\w|mi[ao]"
    r"|la mia|il mio|nostr\w|minha|meu|a minha|o meu|nosso|mijn|onze|mo[ji]\w*|нашей|мо\w+)\b"
    r"|[和跟与把]我的|私の.{1,8}(?:と|に)",
    re.IGNORECASE,
)
"""What is attached goes with an earlier thing: "put this under my song"."""
_ITSELF = r"(?!\s+(?:of|from|for|with|about|like)\b)"
"""Not "the sound of rain", though we called the last one sound.wav."""


def _without_names(request: Request) -> Request:
    """The request with a short word for a file that it names: 'reverse "sing along.wav"' does not ask for a song."""
    if sum(i.name.lower() in request.text.lower() for i in request.items if i.name) > 1:
        return request
    if operation(masked(request.text)) in OF_CLIPS:  # one of two clips may be named so: "lay that over the rain"
        return request
    attached = any(i.current and not i.voice for i in request.items)
    for item in request.items:
        stem = item.name.rpartition(".")[0] or item.name
        if len(stem) < _SHORTEST:
            continue
        name = "[-_ ]".join(re.escape(part) for part in re.split(r"[-_ ]+", stem))
        quoted = rf"[\"“„«'‘「]{name}(?:\.\w{{2,4}})?[\"”“»'’」]"
        pattern = quoted if item.current else rf"{quoted}|(?<!\w){re.escape(item.name)}(?!\w)"
        pattern = pattern if attached or not item.made else rf"{pattern}|\b(?!as?\b){said.THE}{name}\b{_ITSELF}"
        if match := re.search(pattern, request.text, re.IGNORECASE):
            word = said.IT.get(language_of(request.text), said.IT["en"])
            text = f"{request.text[: match.start()]}{word}{request.text[match.end() :]}"
            others = [i for i in request.items if i is not item]
            current = [i for i in others if i.current]
            now = replace(item, current=True, elsewhere=False)
            items = request.items if item.current else (*current, now, *(i for i in others if not i.current))
            return replace(request, text=text, items=tuple(items))
    return request


def unsettled(meant: Recalled) -> Lack | None:
    """What to say where words mean nothing that is remembered, or several things alike."""
    if not meant.items:
        return Lack(RefusalKind.MISSING_INPUT, "not_remembered")
    return None if meant.sure else Lack(RefusalKind.AMBIGUOUS, "which_earlier", names=told_apart(meant.items))


def _described(hidden: str, item: Item) -> tuple[int, int, str] | None:
    """From where to where a text describes a piece, and the short word for it in the text's language."""
    if match := said.THE_ONE.search(hidden) or said.THE_THING.search(hidden):
        word = next(name for name, group in match.groupdict().items() if group)
        end = match.end() if match.end(word) < match.end() else match.start(word) + _end(match[word], item)
        return match.start(), end, word
    if match := said.WHAT_THEY_SENT.search(hidden):
        return match.start(), match.end(), "it"
    if match := said.ORIGINAL.search(hidden):
        return match.start(), match.end(), said.IT.get(language_of(hidden), said.IT["en"])
    match = said.KEPT_X.search(hidden)
    if match is None or not (_tokens(match["x"]) & _tokens(_known(item)) or _made_so(match[0], item)):
        return None
    return match.start(), match.end(), "it"


def _made_so(words: str, item: Item) -> bool:
    """Whether words tell how a piece was made: "the cleaned one"."""
    return made_how(item) in HOW and bool(HOW[made_how(item)].search(words))


def _end(about: str, item: Item) -> int:
    """Where what describes a piece ends: by the last word that is known of it, else where it is most alike."""
    have = _tokens(_known(item))
    words = list(re.finditer(r"\S+", about))
    known = [word.end() for word in words if _tokens(word[0]) & have]
    if known:
        return known[-1]
    alike = [(_likeness(about[: word.end()], item), word.end()) for word in words[:_LONGEST]]
    best = max(alike, default=(0.0, 0))[0]
    return next((end for likeness, end in alike if likeness > best - _CLEAR), 0)


def made_how(item: Item) -> str:
    """The edit that made a piece, else the capability; empty for what a person sent."""
    return item.how or item.made


def nth(items: Sequence[T], words: str) -> T | None:
    """The one at the place that words name, of items in their order."""
    for place, pattern in said.NTH:
        if pattern.search(words) and -len(items) <= place < len(items):
            return items[place]
    return None


def told_apart(items: Sequence[Item]) -> str:
    """What people would call some pieces, for a question: what is in them, whose they are, and from when."""
    names = []
    known = [item.caption or " ".join(item.text.split())[:_TOLD] for item in items[:_ASKED]]
    for item, held in zip(items, known, strict=False):
        what = (held if known.count(held) == 1 else "") or item.name or held or item.kind.value
        origin = ", ".join(part for part in (item.who, f"{item.at:%d.%m. %H:%M}" if item.at else "") if part)
        names.append(f"“{what}”" + (f" ({origin})" if origin else ""))
    return ", ".join(names)


def _by_origin(items: Sequence[Item], words: str) -> tuple[list[Item], bool]:
    """Those by whom the words name: somebody of the group by their name, who asks, us, or "her"."""
    for name in sorted({name for i in items for name in (i.who, i.asked_by) if name}, key=len, reverse=True):
        first = name.split()[0]
        if len(first) > 1 and re.search(rf"(?<!\w){re.escape(first)}(?!\w)", words):  # "will" is no Will
            return [i for i in items if i.who == name] or [i for i in items if i.asked_by == name], True
    people = len({i.who for i in items if i.who}) > 1
    for pattern, whose in (
        (said.I_SENT, [i for i in items if i.mine and not i.made]),
        (said.MY_SENT, [i for i in items if people and i.mine and not i.made]),
        (said.MY, [i for i in items if i.mine]),
        (said.OURS, [i for i in items if i.made]),
        (said.THEIRS, [i for i in items if i.who and not i.mine]),
        (said.ORIGINAL, [i for i in items if not i.made]),
        *((pattern, [i for i in items if made_how(i) == how]) for how, pattern in HOW.items()),
    ):
        if whose and pattern.search(words):
            return whose, True
    return list(items), False


def _days(words: str, now: datetime) -> tuple[datetime, datetime] | None:
    """From when to when, in the time zone of the clock that is given."""
    if span := said.SPAN.search(words):
        count = float(span["n"]) if span["n"].isdigit() else said.COUNTS[span["n"].lower()]
        seconds = count * said.UNITS_S[span["unit"].lower()]
        around = timedelta(seconds=max(60.0, seconds / 2))
        middle = now - timedelta(seconds=seconds)
        return middle - around, middle + around
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for first, last, pattern in said.DAYS_AGO:
        if pattern.search(words):
            return midnight - timedelta(days=last), midnight - timedelta(days=first - 1)
    return None


def _about(words: str) -> tuple[bool, str] | None:
    """What is in the piece, and whether it is said in so many words: "the one with the dog"."""
    if match := said.THE_ONE.search(words) or said.THE_THING.search(words):
        return match.re is said.THE_ONE, next(group for group in match.groups() if group)
    for match in said.THE_X.finditer(words):
        content = match["x"].lower().split()
        if content and not said.NO_CONTENT.intersection(content):
            return False, match["x"].strip()
    return None


def _alike(items: list[Item], about: str, *, explicit: bool) -> list[Item] | None:
    """Those with that in them, the likeliest first; one where it is plainly the one.

    None where none is and the words need not have meant one: "the rain sound" may be a sound that is wished for.
    """
    scores = np.array([_score(about, i) for i in items])
    best = float(scores.max())
    if best < _MEANT:
        return [] if explicit else None
    order = [n for n in np.argsort(-scores, kind="stable") if scores[n] >= max(_MEANT, best - _CLEAR)]
    return [items[n] for n in order]


def _score(about: str, item: Item) -> float:
    wanted, have = _tokens(about), _tokens(_known(item))
    if shared := wanted & have:
        return _SHARED + (1 - _SHARED) * len(shared) / len(wanted)
    return _likeness(about, item)


def _likeness(about: str, item: Item) -> float:
    asked = _vector(about)
    parts = [part for part in re.split(r"[.!?\n]+", f"{item.caption}\n{item.text}") if part.strip()]
    return max((float(asked @ _vector(part)) for part in parts), default=0.0)


def shared(words: str, item: Item, more: str = "") -> int:
    """How many of the words that say something are known of a piece, or are among `more`."""
    return len(_tokens(words) & _tokens(f"{_known(item)} {more}"))


def _known(item: Item) -> str:
    return f"{item.name.rpartition('.')[0]} {item.caption} {item.text}"


def _tokens(text: str) -> frozenset[str]:
    """Beginnings of the words that say something; pairs of ideographs, or one that stands alone."""
    low = text.lower()
    words = [w for w in re.findall(r"[^\W\d_]{3,}", low) if w not in said.NO_CONTENT and ord(w[0]) < 0x2E80]
    dense = re.findall(r"(?=([\u3040-\u30ff\u4e00-\u9fff]{2}))", low)
    return frozenset([*(w[:5].removesuffix("s") for w in words), *(dense or re.findall(r"[\u4e00-\u9fff]", low))])


@lru_cache(maxsize=512)
def _vector(text: str) -> Vectors:
    vector: Vectors = shared_encoder().encode([text])[0]
    return vector


def _placed(items: Sequence[Item], words: str) -> Item | None:
    """The one at a named place of those that fit; takes are those made in the same way as the newest."""
    if said.TAKE.search(words):
        made = next((i.made for i in items if i.made), "")
        items = [i for i in items if i.made == made]
    if said.ONE_BEFORE.search(words) and len(items) > 1:
        return items[1]
    if items and items[0].made in _SEVERAL and not said.TAKE.search(words):
        items = [i for i in items if (i.made, i.at) == (items[0].made, items[0].at)]
    elif said.TALKER.search(words):
        items = [i for i in items if i.made in _SEVERAL] or items
    return nth(in_time(items), words)


def as_sent(items: Sequence[Item], words: str, least: int) -> Sequence[Item]:
    """Those that people sent, where words mean them as they were and there are enough; else all."""
    sent = [i for i in items if not i.made]
    as_was = said.I_SENT.search(words) or said.ORIGINAL.search(words) or said.AS_WAS.search(words)
    return sent if as_was and len(sent) >= least else items


def in_time(items: Sequence[Item]) -> list[Item]:
    """Pieces, given the newest message first, in the order in which they came."""
    if any(i.at is None for i in items):
        return list(items[::-1])
    return sorted(items, key=lambda i: i.at.timestamp() if i.at else 0.0)  # those of one message stay in their order
