"""Which earlier clip words mean by how it came to be: "the backwards one", "before the echo", "the other one"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from core.artifacts import Kind
from core.embedded import lineage_words as said
from core.embedded.clauses import masked
from core.embedded.editing import OF_CLIPS, operation
from core.embedded.recall import made_how, shared, told_apart
from core.embedded.recall_words import IT
from core.embedded.retrying import OF_SEVERAL, by_length
from core.embedded.telling import Lack
from core.embedded.tongue import language_of
from core.errors import RefusalKind
from core.plans import Item, Request

_ROOMS = ("reverb", "echo")
_SPACE = "mono_to_binaural"
_SPUN = ("spin", "circle", "3d", "binaural", "left", "right", "dreh")

Found = tuple[tuple[int, int], tuple[Item, ...]]
"""Where some words stand, from and to, and what they mean."""


def settled_by_lineage(request: Request) -> tuple[Request, Lack | None]:
    """The request with a short word for each earlier clip that it calls by what was done to it.

    That clip then counts as attached. Without it "the backwards one, fade it in" reads as two edits. Where "the other
    one" may be several, that is given beside.
    """
    earlier = [i for i in request.items if i.kind is Kind.AUDIO and not i.current and not i.voice and not i.elsewhere]
    hidden = masked(request.text)
    found = _apart(meant(hidden, earlier))
    if not found:
        others = _others(earlier) if said.OTHER.search(hidden) else []
        unclear = len(others) > 1 and not any(i.current for i in request.items)
        return request, Lack(RefusalKind.AMBIGUOUS, "which_earlier", names=told_apart(others)) if unclear else None
    rest = _without(hidden, found)
    attached = any(i.current and i.kind is Kind.AUDIO and not i.voice for i in request.items)
    items = [item for _, those in found for item in those]
    several = operation(rest) in OF_CLIPS
    if not rest.strip(" ,.!?-–") or len(items) > (2 if several and not attached else 1) or (attached and not several):
        return request, None
    word = IT.get(language_of(request.text), IT["en"])
    others = [i for i in request.items if i not in items]
    now = (i for i in others if i.current)
    now_meant = (replace(i, current=True) for i in items)
    meant_now = (*now, *now_meant, *(i for i in others if not i.current))
    return replace(request, text=_without(request.text, found, word), items=meant_now), None


def meant(hidden: str, earlier: Sequence[Item]) -> Iterator[Found]:
    """Where the words call an earlier clip by how it came to be, and which one; what is surer comes first."""
    for match in said.BEFORE.finditer(hidden):
        changed = _changed(next(group for group in match.groups() if group), earlier)
        if changed is not None and (was := _parent(changed, earlier)):
            yield match.span(), (was,)
    wet = next((i for i in earlier if i.how in _ROOMS), None)
    dry = said.DRY.search(hidden)
    if dry is not None and wet is not None and (was := _parent(wet, earlier)):
        yield dry.span(), (was,)
    sent = [i for i in earlier if not i.made]
    used = {parent for i in earlier for parent in i.parents}
    left = [i for i in sent if i.id not in used]
    rules: tuple[tuple[re.Pattern[str], Callable[[str], Sequence[Item | None]]], ...] = (
        (said.ORIGIN, lambda words: [_origin(words, earlier)]),
        (OF_SEVERAL, lambda words: [by_length(words, sent)]),
        *((pattern, partial(_made, how=how, earlier=earlier)) for how, pattern in said.HOW.items()),
        (said.OTHER, lambda _: [the_other(earlier)]),
        (said.UNTOUCHED, lambda _: left if len(left) == 1 else []),
    )
    for pattern, which in rules:
        found = pattern.search(hidden)
        items = tuple(i for i in which(found[0]) if i is not None) if found else ()
        if found and items:
            yield found.span(), items


def _made(words: str, *, how: str, earlier: Sequence[Item]) -> tuple[Item, ...]:
    """The newest clip that was made so; two of them in the order of time where words mean two."""
    made = [i for i in earlier if made_how(i) == how]
    return tuple(made[1::-1] if said.TWO.search(words) else made[:1])


def the_other(earlier: Sequence[Item]) -> Item | None:
    """The only one beside the one that was worked on last."""
    others = _others(earlier)
    return others[0] if len(others) == 1 else None


def _others(earlier: Sequence[Item]) -> list[Item]:
    """What came with the one that was worked on last, else what is of its kind."""
    if not earlier:
        return []
    last = root(earlier[0], earlier)
    peers = [i for i in earlier if i is not last and i.made == last.made and not i.how]
    return [i for i in peers if i.at == last.at and not last.made] or peers


def _origin(words: str, earlier: Sequence[Item]) -> Item | None:
    """Of what something was made of in the end: what the words name, else what the newest was made of."""
    origins = [i for i in dict.fromkeys(root(i, earlier) for i in earlier if i.parents) if not i.how]
    counts = [shared(words, i) for i in origins]
    return origins[counts.index(max(counts))] if origins else None


def root(item: Item, earlier: Sequence[Item]) -> Item:
    """What a clip was made of in the end, as far as that is remembered."""
    seen = {item.id}
    while (parent := _parent(item, earlier)) is not None and parent.id not in seen:
        item = parent  # what is reversed twice is what it was, and so its own grandparent
        seen.add(item.id)
    return item


def _parent(item: Item, earlier: Sequence[Item]) -> Item | None:
    return next((i for parent in item.parents for i in earlier if i.id == parent and i is not item), None)


def _changed(word: str, earlier: Sequence[Item]) -> Item | None:
    """The newest clip to which that was done."""
    named = operation(word)
    if named is None and any(part in word.lower() for part in _SPUN):
        return next((i for i in earlier if i.made == _SPACE), None)
    return next((i for i in earlier if named and i.how.rstrip("+-") == named), None)


def _apart(found: Iterator[Found]) -> list[Found]:
    """In the order of the text, each clip once, and none within another."""
    kept: list[Found] = []
    for (start, end), items in found:
        if all((end <= s or start >= e) and not set(items) & set(others) for (s, e), others in kept):
            kept.append(((start, end), items))
    return sorted(kept, key=lambda one: one[0])


def _without(text: str, found: Sequence[Found], word: str = "") -> str:
    for (start, end), _ in reversed(found):
        text = f"{text[:start]}{word}{text[end:]}"
    return text
