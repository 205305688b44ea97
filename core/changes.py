"""One thing changed in a plan that was carried out, by the words for it: "slower", "in French", "20 seconds long"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core import languages
from core.artifacts import Kind
from core.capabilities import Capability
from core.embedded.editing import edits, operation
from core.embedded.framing import framing
from core.embedded.languages import target_language
from core.embedded.quantities import duration
from core.embedded.singing import manner
from core.embedded.stretches import COVERS, OF_PARTS, names_stretch
from core.embedded.telling import Lack
from core.embedded.voices import voice_asked
from core.errors import BadInput
from core.plans import STEP_PREFIX, Step
from core.sayings import saying

_OTHER = r"(?:different|another|other|new|otra|outra|autre|andere[nr]?|altra|друг\w+|别的|違う)"
_VOICE = r"(?:voice|voz|voix|stimme|voce|голос\w*|声音?)"
_ANOTHER_VOICE = re.compile(rf"\b{_OTHER}\s+{_VOICE}|换.{{0,3}}声音|別の声", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\banother(?: one| take| version| try)?\W*$|\b(?:something|one|it) (?:new|else|different)\b"
    r"|\bdifferent(?:ly)?\W*$"
    r"|\ba (?:new|different|fresh) (?:one|take|version|seed)\b|\botra (?:versión|vez distinta)\b"
    r"|\bune autre(?: version)?\W*$|\beine andere\W*$|\banders\b|\bautrement\b"
    r"|\bun'altra(?: versione)?\W*$|\boutra versão\b|\bпо-другому\b"
    r"|换一个|別の",
    re.IGNORECASE,
)
_LONGER = re.compile(r"\blonger|más larg|plus long|länger|più lung|mais long|длинн|长一?点|もっと長", re.IGNORECASE)
_SHORTER = re.compile(r"\bshorter|más cort|plus court|kürzer|più cort|mais curt|короч|短一?点|もっと短", re.IGNORECASE)
_LENGTH = 1.5
_SPEEDS, _BEATS, _MOST_S = (0.5, 2.0), (30.0, 300.0), 600.0
_BPM = re.compile(r"\b\d{2,3}(?:[.,]\d)?\s*(?:bpm|beats? per minute)\b", re.IGNORECASE)
_ADDED = frozenset(
    ("gain", "pitch", "speed", "normalise", "compress", "equalise", "reverb", "echo", "reverse", "fade", "pan",
     "remove_silence", "mono", "stereo", "mute", "bleep")
)  # fmt: skip
"""Edits that can be put behind whatever gave a sound."""
_ADDS, _MULTIPLIES = {"gain_db": (-60.0, 40.0), "semitones": (-24.0, 24.0)}, {"factor": (0.25, 4.0)}
_MOST_WORDS = 12
"""Of a change to a description."""


@dataclass(frozen=True)
class Past:
    """A plan as it was carried out, with what is known of what each step gave."""

    steps: tuple[Step, ...]
    kinds: tuple[frozenset[Kind], ...]
    claims: tuple[Mapping[str, Any], ...]
    seconds: tuple[float | None, ...]
    voices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By model."""


def another(past: Past) -> list[Step]:
    """The same plan, left to chance anew."""
    return [replace(step, seed=None) for step in past.steps]


def changed(
    past: Past, words: str, capabilities: Mapping[str, Capability], *, described: bool = True
) -> list[Step] | None:
    """The plan with what the words change, everything else as it was; None where they are not understood.

    Where something was made from a description, words that say nothing else are more of it, if `described`.

    Raises:
        BadInput: they are, and that cannot be changed in this plan.
    """
    change = _Change(past, words, capabilities)
    rules: tuple[Callable[[], bool], ...] = (
        change.chance, change.framing, change.singing,
         change.speed, change.voice, change.language, change.length, change.edit,
    )  # fmt: skip
    meant = [rule() for rule in rules]
    if not any(meant) and not (described and change.description()):
        return None
    return change.steps


class _Change:
    """A plan while it is changed. Each rule says whether the words meant it."""

    def __init__(self, past: Past, words: str, capabilities: Mapping[str, Capability]) -> None:
        self.steps = list(past.steps)
        self._past, self._words, self._capabilities = past, words.strip(), capabilities
        self._kinds, self._claims, self._seconds = list(past.kinds), list(past.claims), list(past.seconds)
        self._settled: set[str] = set()
        """Edits that a rule has made of the words already."""

    def _last(self, argument: str, *names: str) -> int | None:
        """The last step whose capability has an argument; one of those named, where any are."""
        return next(
            (
                index
                for index in reversed(range(len(self.steps)))
                if (not names or self.steps[index].capability in names)
                and (known := self._capabilities.get(self.steps[index].capability))
                and argument in known.args.model_fields
            ),
            None,
        )

    def _set(self, index: int, *, free: bool = False, **args: Any) -> None:
        """Change arguments of a step; `free` leaves the model to be chosen anew by them."""
        step = self.steps[index]
        self.steps[index] = replace(step, args={**step.args, **args}, model="" if free else step.model)

    def _insert(self, at: int, step: Step, *, after: bool) -> None:
        """Put a step before or after another one. What was made from that one is made from this one then."""
        number, own = at + 1, at + (2 if after else 1)

        def moved(value: Any) -> Any:
            if isinstance(value, list | tuple):
                return [moved(part) for part in value]
            if not isinstance(value, str) or not re.fullmatch(re.escape(STEP_PREFIX) + r"\d+", value):
                return value
            pointed = int(value.removeprefix(STEP_PREFIX))
            return f"{STEP_PREFIX}{pointed + (pointed >= number)}"

        rest = [replace(s, args={k: moved(v) for k, v in s.args.items()}) for s in self.steps[own - 1 :]]
        self.steps[own - 1 :] = [step, *rest]
        self._kinds.insert(own - 1, frozenset({Kind.AUDIO}) if after else frozenset())
        self._claims.insert(own - 1, {})
        self._seconds.insert(own - 1, None)

    def chance(self) -> bool:
        """ "Another one"."""
        if not _ANOTHER.search(self._words) or _ANOTHER_VOICE.search(self._words):
            return False
        self.steps = another(self._past)
        return True

    def framing(self) -> bool:
        """Upright, without captions: how a sound video looks."""
        index = self._last("shape", "audiogram")
        told = framing(self._words) if index is not None else {}
        if index is None or not told:
            return False
        self._set(index, **told)
        return True

    def singing(self) -> bool:
        """In thirds, as a choir, with a band, in another key: how a song is sung."""
        index = self._last("harmony")
        asked = manner(self._words) if index is not None else {}
        told = {name: asked[name] for name in ("harmony", "backing", "key", "tempo_bpm") if name in asked}
        if index is None or not told:
            return False
        self._set(index, **told)
        return True

    def speed(self) -> bool:
        """Speech, songs and music are made at another tempo; other sounds are left to `edit`."""
        if operation(self._words) != "speed" or names_stretch(self._words):
            return False
        factor = edits(self._words, None)[0]["factor"]
        if (spoken := self._last("speed", "text_to_speech")) is not None:
            now = float(self.steps[spoken].args.get("speed") or 1.0)
            self._set(spoken, speed=_within(now, now * factor, _SPEEDS, "slower" if factor < 1 else "faster"))
        elif (sung := self._last("tempo_bpm")) is not None and (beats := self._beats(sung)):
            self._set(sung, tempo_bpm=_within(beats, beats * factor, _BEATS, "slower" if factor < 1 else "faster"))
        elif (played := self._last("description", "text_to_music")) is not None and (beats := self._beats(played)):
            rest = _BPM.sub("", str(self.steps[played].args["description"])).rstrip(" ,")
            self._set(played, description=f"{rest}, {min(300.0, max(30.0, beats * factor)):.0f} bpm")
        else:
            return False
        self._settled.add("speed")
        return True

    def _beats(self, index: int) -> float | None:
        given = self.steps[index].args.get("tempo_bpm") or self._claims[index].get("tempo_bpm")
        return float(given) if given else None

    def voice(self) -> bool:
        """A voice by its name, a woman's or a man's, or just another one."""
        asked = None if _ANOTHER_VOICE.search(self._words) else voice_asked(self._words)
        if asked is None and not _ANOTHER_VOICE.search(self._words):
            return False
        speaks = self._last("voice")
        if speaks is None:
            raise BadInput(saying("again_voiceless"))
        step = self.steps[speaks]
        if asked is None:
            names = self._past.voices.get(step.model, ())
            now = self._claims[speaks].get("voice") or step.args.get("voice")
            if len(names) < 2:
                raise BadInput(saying("again_one_voice"))
            asked = names[(names.index(now) + 1) % len(names)] if now in names else names[1]
        self._set(speaks, free=True, voice=asked)
        return True

    def language(self) -> bool:
        """Into another language: what was translated; what was said, translated first; else what was recognised."""
        code = target_language(self._words)
        if code is None:
            return False
        translated, said = self._last("target_language"), self._last("text", "text_to_speech")
        if translated is not None:
            before = self.steps[translated].args.get("target_language")
            self._set(translated, free=True, target_language=code)
            for index in range(translated + 1, len(self.steps)):
                if self.steps[index].args.get("language") == before:
                    self._set(index, free=True, language=code)
        elif said is not None:
            first = {"text": self.steps[said].args["text"], "target_language": code}
            self._insert(said, Step("text_translation", first), after=False)
            self._set(said + 1, free=True, text=f"{STEP_PREFIX}{said + 1}", language=code)
        elif (known := self._last("language")) is not None:
            self._set(known, free=True, language=code)
        else:
            raise BadInput(saying("again_wordless", language=languages.name(code)))
        return True

    def length(self) -> bool:
        """So many seconds, longer, shorter: of what is made to a length."""
        wanted = duration(self._words)
        longer = _LENGTH if _LONGER.search(self._words) else 1 / _LENGTH if _SHORTER.search(self._words) else None
        name = operation(self._words)
        if (wanted is None and longer is None) or name in ("fade", "echo", "remove_silence", *COVERS):
            return False
        if name in OF_PARTS and names_stretch(self._words):
            return False
        made = self._last("seconds", "text_to_music", "text_to_audio", "image_to_audio")
        if made is None:
            raise BadInput(saying("again_length"))
        now = self.steps[made].args.get("seconds") or self._seconds[made]
        if wanted is None and now:
            wanted = round(float(now) * (longer or 1.0), 1)
        if wanted is None or not 0 < wanted <= _MOST_S:
            raise BadInput(saying("again_most", most=_MOST_S))
        self._set(made, seconds=wanted)
        return True

    def edit(self) -> bool:
        """Louder, higher, with echo: an edit of the plan gets it, else one is put behind the last sound."""
        name = operation(self._words)
        if name not in _ADDED or name in self._settled:
            return False
        if name == "pitch" and voice_asked(self._words):
            return False  # "a deeper voice" is asked for as a voice
        sounds = [n for n, kinds in enumerate(self._kinds) if Kind.AUDIO in kinds]
        try:
            args = edits(self._words, self._seconds[sounds[-1]] if sounds else None)[0]
        except Lack:
            return False
        same = [
            n
            for n, step in enumerate(self.steps)
            if step.capability == "audio_editing" and step.args.get("operation") == name
            if not names_stretch(self._words)
        ]
        if same:
            before = self.steps[same[-1]].args
            for key, limits in _ADDS.items():
                if key in args:
                    args[key] = _within(before[key], before[key] + args[key], limits, "changed any further")
            for key, limits in _MULTIPLIES.items():
                if key in args:
                    args[key] = _within(before[key], before[key] * args[key], limits, "changed any further")
            self._set(same[-1], **args)
            return True
        if not sounds:
            raise BadInput(saying("again_soundless"))
        behind = {**args, "audios": [f"{STEP_PREFIX}{sounds[-1] + 1}"]}
        self._insert(sounds[-1], Step("audio_editing", behind), after=True)
        return True

    def description(self) -> bool:
        """What is made from a description gets a longer one."""
        index = self._last("description")
        if index is None or len(self._words.split()) > _MOST_WORDS:
            return False
        before = str(self.steps[index].args.get("description", ""))
        if before.startswith(STEP_PREFIX):
            return False
        self._set(index, description=f"{before}, {self._words}")
        return True


def _within(now: float, wanted: float, limits: tuple[float, float], how: str) -> float:
    """A value inside its limits.

    Raises:
        BadInput: it is at its limit already.
    """
    value = round(min(limits[1], max(limits[0], wanted)), 3)
    if value == round(now, 3):
        raise BadInput(saying("again_no_further", changed=how))
    return value
