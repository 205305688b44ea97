"""Which media a clause is about: what earlier steps made, what is attached, what came before in the conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.artifacts import Kind
from core.capabilities import Capability
from core.embedded.editing import edited_length
from core.embedded.telling import Lack
from core.errors import RefusalKind
from core.plans import STEP_PREFIX, Item, Request, Step

_ORDINALS: tuple[tuple[int, str], ...] = (
    (0, r"\b(?:first|1st|primer[oa]?|premi[eè]re?|erste[nrs]?|prim[oa]|primeir[oa])\b|第一|一つ目|最初の|перв\w+"),
    (1, r"\b(?:second|2nd|segund[oa]|deuxième|zweite[nrs]?|second[oa])\b|第二|二つ目|втор\w+"),
    (2, r"\b(?:third|3rd|tercer[oa]?|troisième|dritte[nrs]?|terz[oa]|terceir[oa])\b|第三|三つ目|трет\w+"),
    (-1, r"\b(?:last|latest|newest|últim[oa]|derni[eè]re?|letzte[nrs]?|ultim[oa])\b|最后|最後の|последн\w+"),
)
_OF_TIME = r"(?!\s*(?:\d|half|few|couple|sec|min|one sec|two|three|five|ten|twenty|thirty|los|das|de |mitad|moiti))"

_SAME_LENGTH = frozenset(
    ["speech_enhancement", "voice_conversion", "mono_to_binaural", "audio_inpainting", "sound_extraction"]
)
"""What gives a clip as long as the one it is given as `audio`."""


@dataclass
class AtHand:
    """What the steps so far made and what the request holds."""

    request: Request
    steps: list[Step] = field(default_factory=list)
    capabilities: list[Capability] = field(default_factory=list)

    def add(self, step: Step, capability: Capability) -> None:
        """A step that later clauses may build on."""
        self.steps.append(step)
        self.capabilities.append(capability)

    def made(self, kind: Kind) -> str | None:
        """`$n` of the newest step whose main result is of this kind; a translation given as speech counts as audio."""
        for number in range(len(self.steps), 0, -1):
            step, capability = self.steps[number - 1], self.capabilities[number - 1]
            main = Kind.AUDIO if step.args.get("output") == "speech" else capability.gives[0]
            if main is kind:
                return f"{STEP_PREFIX}{number}"
        return None

    def length_s(self, clip: str) -> float | None:
        """How long a clip is, in seconds, or will be by the plan so far; None when that cannot be told."""
        if not clip.startswith(STEP_PREFIX):
            return next((i.duration_s for i in self.request.items if i.id == clip), None)
        step = self.steps[int(clip.removeprefix(STEP_PREFIX)) - 1]
        if step.capability in _SAME_LENGTH:
            return self.length_s(str(step.args["audio"]))
        if step.capability != "audio_editing" or not step.args:
            return step.args.get("seconds")
        lengths = [self.length_s(source) for source in step.args["audios"]]
        known = [length for length in lengths if length is not None]
        return edited_length(step.args, known) if len(known) == len(lengths) else None

    def items(self, kind: Kind, *, current: bool) -> list[Item]:
        """Media of a kind, without the voice note in which the request was spoken."""
        return [i for i in self.request.items if i.kind is kind and i.current == current and not i.voice]

    def one(self, kind: Kind, clause: str, capability: Capability) -> str:
        """The one piece of media that a clause is about.

        Raises:
            Lack: there is none, or several could be meant; then the message names them.
        """
        if self.steps and self.steps[-1].capability == capability.id and capability.id != "audio_editing":
            same = next((self.steps[-1].args[r.name] for r in capability.refs if r.name in self.steps[-1].args), None)
            if isinstance(same, str):
                return same  # "extract the flute and the drums": both from the same clip
        pointer = self.made(kind)
        if pointer is not None:
            return pointer
        current = self.items(kind, current=True)
        if current:
            return chosen(current, clause, capability).id
        earlier = self.items(kind, current=False)
        if earlier:
            return (_named(list(reversed(earlier)), clause) or earlier[0]).id
        voice = [i.id for i in self.request.items if i.kind is kind and i.voice]
        if voice:
            return voice[0]
        if kind is Kind.AUDIO and any(i.kind is Kind.VIDEO and i.current for i in self.request.items):
            raise Lack(RefusalKind.BAD_INPUT, "silent_video", capability)
        raise Lack(RefusalKind.MISSING_INPUT, "no_image" if kind is Kind.IMAGE else "no_audio", capability)

    def several(self, kind: Kind, at_least: int) -> list[str]:
        """Every piece that can be meant when several are: attached ones in order, else with the newest earlier ones."""
        found = [i.id for i in self.items(kind, current=True)]
        pointer = self.made(kind)
        if pointer is not None:
            used = {v for s in self.steps for v in s.args.values() if isinstance(v, str)}
            found = [pointer, *(i for i in found if i not in used)]
        if len(found) < at_least:
            earlier = [i.id for i in self.items(kind, current=False)][: at_least - len(found)]
            found = [*reversed(earlier), *found]
        if len(found) < at_least:
            found += [i.id for i in self.request.items if i.kind is kind and i.voice][: at_least - len(found)]
        return found


def chosen(items: Sequence[Item], clause: str, capability: Capability) -> Item:
    """The item that a clause names; the only one there is.

    Raises:
        Lack: there are several and the clause names none.
    """
    if len(items) == 1:
        return items[0]
    named = _named(items, clause)
    if named is not None:
        return named
    names = ", ".join(i.name or f"number {n}" for n, i in enumerate(items, start=1))
    raise Lack(RefusalKind.AMBIGUOUS, "which", capability, names=names)


def _named(items: Sequence[Item], clause: str) -> Item | None:
    low = clause.lower()
    for item in items:
        stem = item.name.lower().rpartition(".")[0]
        if item.name and (item.name.lower() in low or (len(stem) > 2 and re.search(rf"\b{re.escape(stem)}\b", low))):
            return item
    for index, pattern in _ORDINALS:
        if re.search(f"(?:{pattern}){_OF_TIME}", low) and index < len(items):
            return items[index]
    return None
