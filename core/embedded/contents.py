"""Edits of what came before, told by what is in it: "make the rain quieter", "reverse the vocals"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.artifacts import Kind
from core.embedded import recall_words as said
from core.embedded.clauses import masked, pieces
from core.embedded.editing import OF_CLIPS, operation
from core.embedded.effects import makes_loop
from core.embedded.parts import role
from core.embedded.recall import recalled, shared
from core.embedded.tongue import language_of
from core.plans import Item, Request

_EDITS = frozenset(
    ["gain", "speed", "pitch", "reverse", "fade", "normalise", "loop", "echo", "reverb", "mix", "join", "equalise"]
)
"""What is done to a clip as a whole; a sound that is to go, or a stretch, may be in any clip."""
_CALLED = {
    "text_to_sing": "song singing lied canción chanson canzone",
    "text_to_music": "music tune melody piece song musik música musique musica melodie",
    "text_to_speech": "announcement speech sentence ansage anuncio annonce annuncio",
    "text_to_audio": "noise effect geräusch ruido bruit rumore",
}
"""What people call the works of a capability."""
_OTHERWISE = (
    *(said.THE_ONE, said.THE_THING, said.TAKE, said.ONE_BEFORE, said.WHAT_THEY_SENT, said.I_SENT, said.OURS),
    *(pattern for _, pattern in said.NTH),
)
"""Words that say otherwise which one is meant."""
_SPLITS = ("music_separation", "sound_extraction")
_THING = re.compile(
    r"(?<![^\W\d_])(?:(?:(?:the|my|your|that|de[rnm]|die|das|mein\w*|el|los|las?|les?|il|lo|gli|i|os?|as?|het|minha|meu"
    r"|mi|ma|mon"
    r"|mia) |l['’])(?P<x>(?P<first>[^\W\d_][\w-]*)(?: (?P<second>[^\W\d_][\w-]*))?)"
    r"|(?P<who>[A-Z][\w-]+)['’]s (?P<whose>[\w-]+))",
    re.IGNORECASE,
)

_OF = re.compile(r"\s*(?:of|from|von|vom|des?|du|d['’]|del|dell\w*|di|do|da|dos|das|van|een)\b", re.IGNORECASE)
"""Behind "the noise": which noise is told then, by what it is of."""


def settled_by_content(request: Request) -> Request:
    """An edit with a short word for each earlier clip that it names by what is in it, which then counts as attached.

    Without it "make the rain quieter" may be read as a wish for a sound, and "reverse the vocals" for a split.
    """
    hidden = masked(request.text)
    named = operation(hidden)
    earlier = [i for i in request.items if i.kind is Kind.AUDIO and not i.current and not i.voice and not i.elsewhere]
    otherwise = any(pattern.search(hidden) for pattern in _OTHERWISE)
    attached = any(i.current and i.kind is Kind.AUDIO for i in request.items)
    if named not in _EDITS or not earlier or attached or otherwise or makes_loop(hidden):
        return request
    found = list(_named(hidden, earlier, request))
    if len(found) != (2 if named in OF_CLIPS else 1) or len({i.id for _, i in found}) < len(found):
        return request
    text, word = request.text, said.IT.get(language_of(request.text), said.IT["en"])
    for (start, end), _ in reversed(found):
        text = f"{text[:start]}{word}{text[end:]}"
    meant = [item for _, item in found]
    rest = (i for i in request.items if i not in meant)
    return replace(request, text=text, items=(*(replace(i, current=True) for i in meant), *rest))


def _named(hidden: str, earlier: Sequence[Item], request: Request) -> Iterator[tuple[tuple[int, int], Item]]:
    """Where a clip is named, from and to, and which it is."""
    parts = pieces(hidden)
    for match in _THING.finditer(hidden):
        around = next((p.text for p in parts if p.start <= match.start() < p.end), hidden)
        if operation(around) not in _EDITS and len(parts) > 1:
            continue  # "pull out the frogs and loop them" edits what is pulled out
        if match["who"]:
            known = recalled(earlier, match[0], request.at)
            if known.named and known.items:
                yield match.span(), known.items[0]
        elif item := _of_role(earlier, match[0]):
            yield (match.start(), match.end("first")), item
        else:
            called = not _OF.match(hidden, match.end("first"))
            counts = [shared(match["x"], i, _CALLED.get(i.made, "") if called else "") for i in earlier]
            if best := max(counts):
                item = earlier[counts.index(best)]
                last = bool(match["second"] and shared(match["second"], item, _CALLED.get(item.made, "")))
                yield (match.start(), match.end("second" if last else "first")), item


def _of_role(earlier: Sequence[Item], words: str) -> Item | None:
    """The vocals or the rest of the newest split recording."""
    newest = next((i for i in earlier if i.made in _SPLITS), None)
    if newest is None:
        return None
    number = role(newest.made, words)
    pieces = [i for i in earlier if (i.made, i.at) == (newest.made, newest.at)]
    return pieces[number - 1] if number is not None and number <= len(pieces) else None
