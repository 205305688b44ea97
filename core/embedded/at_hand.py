"""Which media a clause is about: what earlier steps made, what is attached, what came before in the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.artifacts import Kind
from core.capabilities import Capability
from core.embedded.editing import edited_length
from core.embedded.files import file_named, missing_file, partly_named
from core.embedded.mentions import mentioned
from core.embedded.parts import part
from core.embedded.recall import as_sent, in_time, nth, recalled, unsettled
from core.embedded.retrying import named_by_length
from core.embedded.telling import Lack
from core.errors import RefusalKind
from core.plans import STEP_PREFIX, Item, Request, Step, pointed

_SAME_LENGTH = frozenset(
    ["speech_enhancement", "voice_conversion", "mono_to_binaural", "audio_inpainting", "sound_extraction"]
)
"""What gives a clip as long as the one it is given as `audio`."""
_OF_ANY_SOUND = frozenset(["audio_editing", "mono_to_binaural", "audiogram", "music_transcription"])
"""What takes no words of its own, which could be taken for the name of a piece."""


def listed(given: object) -> Sequence[object]:
    """The values of an argument that may hold one or many."""
    return given if isinstance(given, list | tuple) else (given,)


@dataclass
class AtHand:
    """What the steps so far made and what the request holds."""

    request: Request
    steps: list[Step] = field(default_factory=list)
    capabilities: list[Capability] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """The clause that asked for each step."""

    def add(self, step: Step, capability: Capability, clause: str) -> None:
        """A step that later clauses may build on."""
        self.steps.append(step)
        self.capabilities.append(capability)
        self.asked.append(clause)

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
        found = pointed(clip)
        assert found is not None
        step = self.steps[found[0] - 1]
        if not step.args:
            return None  # it lacks something
        if step.capability in _SAME_LENGTH:
            return self.length_s(str(step.args["audio"]))
        if step.capability != "audio_editing":
            return step.args.get("seconds")
        lengths = [self.length_s(source) for source in step.args["audios"]]
        known = [length for length in lengths if length is not None]
        return edited_length(step.args, known) if len(known) == len(lengths) else None

    def items(self, kind: Kind, *, current: bool, elsewhere: bool = False) -> list[Item]:
        """Media of a kind, without the voice note in which the request was spoken."""
        found = [i for i in self.request.items if i.kind is kind and i.current == current and not i.voice]
        return [i for i in found if elsewhere or not i.elsewhere]

    def one(self, kind: Kind, clause: str, capability: Capability) -> str:
        """The one piece of media that a clause is about.

        Raises:
            Lack: there is none, or several could be meant; then the message names them.
        """
        self._look_for_files(kind, clause)
        if self.steps and self.steps[-1].capability == capability.id and capability.id != "audio_editing":
            same = next((self.steps[-1].args[r.name] for r in capability.refs if r.name in self.steps[-1].args), None)
            if isinstance(same, str):
                return same  # "extract the flute and the drums": both from the same clip
        pointer = self.made(kind)
        if pointer is not None:
            return self._part(pointer, clause)
        current = self.items(kind, current=True)
        if current:
            return chosen(current, clause, capability).id
        earlier = self.items(kind, current=False, elsewhere=True)
        if Kind.VIDEO in capability.gives:  # a video of what a video was made of is wanted, not one of the video
            earlier = [i for i in earlier if i.made != capability.id] or earlier
        found = file_named(earlier, clause) or self._recalled(earlier, clause, by_name=capability.id in _OF_ANY_SOUND)
        if found is not None:
            return found.id
        voice = [i.id for i in self.request.items if i.kind is kind and i.voice]
        if voice:
            return voice[0]
        if kind is Kind.AUDIO and any(i.kind is Kind.VIDEO and i.current for i in self.request.items):
            raise Lack(RefusalKind.BAD_INPUT, "silent_video", capability)
        raise Lack(RefusalKind.MISSING_INPUT, "no_image" if kind is Kind.IMAGE else "no_audio", capability)

    def _look_for_files(self, kind: Kind, clause: str) -> None:
        """Never take another clip for one that is named.

        Raises:
            Lack: a file that the words name is not there.
        """
        for named in dict.fromkeys((kind, Kind.AUDIO, Kind.IMAGE)):  # "describe choir.png" is about no recording
            if name := missing_file([i for i in self.request.items if i.kind is named], named, clause):
                raise Lack(RefusalKind.MISSING_INPUT, "no_such_file", file=name)

    def _part(self, pointer: str, clause: str) -> str:
        """The pointer; to one of several things that the step makes, where the clause means one."""
        number = int(pointer.removeprefix(STEP_PREFIX))
        which = part(self.steps[number - 1], self.asked[number - 1], clause)
        return f"{pointer}.{which}" if which else pointer

    def _recalled(self, earlier: list[Item], clause: str, *, by_name: bool = False) -> Item | None:
        """The earlier piece that words mean, else the newest; None where there is none and the words name none.

        With `by_name` it is enough that they name what is in it.

        Raises:
            Lack: they mean one that is not there, or may mean several.
        """
        meant = recalled([i for i in earlier if not i.elsewhere], clause, self.request.at)
        if not (meant.named and meant.items):
            wider = recalled(earlier, clause, self.request.at)
            meant = wider if wider.named else meant
        lack = unsettled(meant)
        sent = [i for i in earlier if not i.made] if lack or not meant.named else []
        if len(sent) > 1 and (part_named := partly_named(sent, clause, loosely=False)):
            return part_named
        if not meant.items and not (meant.named and earlier):
            return None
        if lack:
            raise lack
        if meant.named:
            return meant.items[0]
        names = {i.id: i.name for i in self.request.items}
        if by_name and (named := mentioned(meant.items, clause, names)):
            return named
        return next((i for i in meant.items if i.mine), meant.items[0])  # in a group, "it" is what one had last

    def several(self, kind: Kind, at_least: int, clause: str) -> list[str]:
        """Every piece that can be meant when several are: attached ones in order, else with earlier ones.

        Raises:
            Lack: the words mean an earlier one that is not there, or may mean several.
        """
        self._look_for_files(kind, clause)
        found = [i.id for i in self.items(kind, current=True)]
        pointer = self.made(kind)
        if pointer is not None:
            used = {v for s in self.steps for given in s.args.values() for v in listed(given)}
            found = [pointer, *(i for i in found if i not in used)]
        if len(found) < at_least:
            among = as_sent(self.items(kind, current=False), clause, at_least - len(found))
            earlier = [i.id for i in in_time(among)][len(found) - at_least :]
            if len(earlier) == 1 and (named := self._recalled(self.items(kind, current=False, elsewhere=True), clause)):
                earlier = [named.id]
            found = [*earlier, *found]
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
    return (
        file_named(items, clause) or nth(items, clause) or named_by_length(clause, items) or partly_named(items, clause)
    )
