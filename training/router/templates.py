"""The phrases that the router's head is trained on: templates with alternatives, grown into varied utterances.

A file of `phrases/` holds one label's templates. `== name @state` opens a family: templates of one register or
language, kept on one side of the validation split. `(a|b|)` is a choice, `{slot}` a shared choice of `vocabulary.txt`.
`@state` says what is at hand when it is said: `audio`, `audio2` (two clips), `image`, `both`, `text`, `any`, `none`.
In a family whose name holds "follow" the state is what an earlier step of the same message gave. A template of an edit
begins with its kind in brackets (`core.embedded.edit_kinds`), where it names one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from core.embedded.head import FRAGMENT, NONE, State

HERE = Path(__file__).parent
SAMPLES = 12
"""Utterances grown from one template, at most."""
_NOUGHT, _AUDIO, _IMAGE = State(), State(audio=True), State(image=True)
_BOTH, _TEXT = State(audio=True, image=True), State(text=True)
_STATES: dict[str, tuple[State, ...]] = {
    "none": (_NOUGHT,),
    "audio": (_AUDIO,),
    "audio2": (State(audio=True, several=True),),
    "image": (_IMAGE,),
    "both": (_BOTH,),
    "text": (_TEXT,),
    "any": (_NOUGHT, _NOUGHT, _AUDIO, _IMAGE),
}
_NEEDS_AUDIO = [
    "speech_recognition",
    "style_transfer_tts",
    "speech_enhancement",
    "speech_separation",
    "speaker_diarization",
    "speech_translation",
    "mono_to_binaural",
    "music_separation",
    "music_transcription",
    "audio_inpainting",
    "audio_captioning",
    "sound_detection",
    "target_sound_detection",
    "sound_extraction",
    "audio_editing",
    "audiogram",
]
_DEFAULT = {
    **dict.fromkeys(_NEEDS_AUDIO, "audio"),
    "voice_conversion": "audio2",
    "image_to_audio": "image",
    "image_captioning": "image",
    "talking_head": "both",
}
_OPENERS = ("please ", "hey ", "hi, ", "ok so ", "could you ", "can you ", "um ", "bot, ", "would you mind to ", "now ")
_CLOSERS = (" please", " thanks", " asap", " for me", " thx", " if you can", " now", " ok?")
_FOLLOWS = ("and ", "then ", "and then ", "also ", "after that ", "finally ")
_LATER = {NONE: 0.15, FRAGMENT: 0.7}
"""How often talk, and parts of a clause, come after another request."""
_CHOICE = re.compile(r"\(([^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")
_KIND = re.compile(r"^\[(\w+)\] ")
_REQUESTING = re.compile(
    r"^(\w+ing\b|what|which|who|where|when|why|how|is|are|i\b|i'm|my|the|it|this|that|no\b|can|do )"
)


@dataclass(frozen=True)
class Utterance:
    """One training sentence."""

    text: str
    label: str
    family: str
    state: State
    template: str
    kind: str = ""
    """Of an edit, where the words tell."""


def vocabulary() -> dict[str, list[str]]:
    """The shared slots by name."""
    slots: dict[str, list[str]] = {"n": [str(n) for n in (60, 80, 100, 120, 140)]}
    for line in (HERE / "vocabulary.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, choices = line.partition(": ")
            slots[name] = choices.split("|")
    return slots


def utterances(seed: int = 0) -> list[Utterance]:
    """Every training sentence, without doubles; the same seed gives the same list."""
    slots = vocabulary()
    found: dict[tuple[str, str, State], Utterance] = {}
    for path in sorted((HERE / "phrases").glob("*.txt")):
        label = {"none": NONE, "_fragment": FRAGMENT}.get(path.stem, path.stem)
        for family, states, line in _templates(path):
            _, kind, template = _KIND.split(line) if _KIND.match(line) else ("", "", line)
            chance = random.Random(f"{seed} {path.stem}/{family} {template}")  # no line changes what another grows into
            for utterance in _grown(template, label, f"{path.stem}/{family}", states, slots, chance):
                found.setdefault((utterance.text, label, utterance.state), replace(utterance, kind=kind))
    return list(found.values())


def _templates(path: Path) -> Iterator[tuple[str, tuple[State, ...], str]]:
    family, states = "", (_NOUGHT,)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            family, _, state = line[3:].partition(" @")
            states = _STATES[state or _DEFAULT.get(path.stem, "none")]
        elif line.strip():
            yield family, states, line.rstrip("\n")


def _grown(
    template: str,
    label: str,
    family: str,
    states: tuple[State, ...],
    slots: dict[str, list[str]],
    chance: random.Random,
) -> Iterator[Utterance]:
    texts = {_expand(template, slots, chance) for _ in range(SAMPLES)}
    english = family.partition("/")[2].startswith("en")
    for text in sorted(texts):
        state = chance.choice(states)
        if "follow" in family:
            state = _after_another(state, chance)
            text = chance.choice(_FOLLOWS) + text if english and chance.random() < 0.3 else text
        elif chance.random() < 0.12:
            state = _distracted(state, label, chance)
        if state.audio and not state.follow and chance.random() < 0.25:
            state = replace(state, several=True)
        if label in (NONE, FRAGMENT) and chance.random() < _LATER[label]:
            state = _after_another(state, chance)
        if english:
            text = _worn(text, label, chance)
        yield Utterance(text, label, family, state, template)


def _expand(template: str, slots: dict[str, list[str]], chance: random.Random) -> str:
    text = template
    while match := _CHOICE.search(text):
        text = text[: match.start()] + chance.choice(match[1].split("|")) + text[match.end() :]
    while match := _SLOT.search(text):
        text = text[: match.start()] + chance.choice(slots[match[1]]) + text[match.end() :]
    return " ".join(text.split())


def _after_another(state: State, chance: random.Random) -> State:
    """What is at hand after an earlier step: what it gave, and often still what it was given."""
    text = state.text or (state.audio and chance.random() < 0.15)
    audio = state.audio or chance.random() < 0.5
    return State(audio, state.image or chance.random() < 0.25, text, follow=True)


def _distracted(state: State, label: str, chance: random.Random) -> State:
    """The same words with something else at hand: a file that nobody asks about, or the file forgotten."""
    if label in _DEFAULT:
        return chance.choice((_NOUGHT, state, State(audio=state.audio, image=True)))
    return chance.choice((_AUDIO, _IMAGE, _NOUGHT))


def _worn(text: str, label: str, chance: random.Random) -> str:
    """The text as somebody types or speaks it: openers, closers, capitals, punctuation, a slip of the finger."""
    if label not in (NONE, FRAGMENT) and chance.random() < 0.25 and not _REQUESTING.match(text):
        text = chance.choice(_OPENERS) + text
    if label not in (NONE, FRAGMENT) and chance.random() < 0.1 and text[-1].isalpha():
        text += chance.choice(_CLOSERS)
    if chance.random() < 0.4:
        text = text[0].upper() + text[1:]
    if chance.random() < 0.3 and text[-1].isalpha():
        text += chance.choice((".", "!", ".", "?"))
    if chance.random() < 0.08 and len(text) > 12:
        at = chance.randrange(1, len(text) - 2)
        text = (
            text[:at]
            + chance.choice((text[at + 1] + text[at], text[at] * 2, ""))
            + text[at + 1 + chance.randrange(2) :]
        )
    return text
