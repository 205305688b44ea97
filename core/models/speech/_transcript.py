"""What the Whisper models share: languages, subtitles, the shape of a transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from core.errors import Ambiguous, BadInput
from core.languages import name
from core.models.base import File, Made, Output

NO_SPEECH = "I hear no speech in this clip."

_CODES = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml "
    "cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am "
    "yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su"
)
LANGUAGES = tuple(_CODES.split())
"""The codes of Whisper's tokenizer."""

_ALIASES = {"jv": "jw", "nb": "no", "iw": "he", "in": "id", "ji": "yi", "fil": "tl", "cmn": "zh"}
"""ISO codes for languages that Whisper knows by another one."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech."""

    start: float
    """Seconds from the start of the clip."""
    end: float
    text: str


def has_words(text: str) -> bool:
    """Whether a text holds a letter or a digit of any script."""
    return any(character.isalnum() for character in text)


def language_code(asked: str | None) -> str | None:
    """Whisper's code for a language, or None to detect it.

    Raises:
        BadInput: Whisper does not know it.
    """
    code = _ALIASES.get(asked or "", asked)
    if code is not None and code not in LANGUAGES:
        raise BadInput(f"I do not know a language with the code {asked!r}. Please use an ISO 639-1 code such as 'en'.")
    return code


def unsure_language(heard: Sequence[tuple[str, float]]) -> Ambiguous:
    """What to ask where it is not clear which language is spoken; `heard` are codes and probabilities, best first."""
    (first, sure), (second, less) = heard[:2]
    return Ambiguous(
        f"I am not sure which language that is: {name(first)} ({sure:.0%}) or {name(second)} ({less:.0%})?"
        f" Please say it, for example: from {name(first)}."
    )


def transcript(
    segments: Sequence[Segment], form: Literal["text", "srt", "vtt"], duration_s: float, **facts: Any
) -> Output:
    """The output of a recognition: words as text, or subtitles as text and as a file.

    Segment texts carry their own leading space, as Whisper gives them; Chinese and Japanese have none.
    """
    duration_s = round(duration_s, 3)
    clean = [Segment(round(s.start, 3), round(min(s.end, duration_s), 3), s.text.strip()) for s in segments]
    facts |= {"segments": [asdict(s) for s in clean], "duration": duration_s}
    if form == "text":
        return Output(text="".join(s.text for s in segments).strip(), facts=facts)
    text = subtitles([s for s in clean if s.text], form)
    media_type = {"srt": "application/x-subrip", "vtt": "text/vtt"}[form]
    return Output(text=text, media=(Made(File(text.encode(), media_type, f".{form}"), "subtitles"),), facts=facts)


def subtitles(segments: Sequence[Segment], form: Literal["srt", "vtt"]) -> str:
    """SubRip, or WebVTT (W3C): cue numbers from 1, times as hh:mm:ss,mmm or hh:mm:ss.mmm."""
    mark = "," if form == "srt" else "."
    cues = []
    for number, segment in enumerate(segments, start=1):
        text = segment.text
        if form == "vtt":  # where `&` and `<` begin an escape and a tag
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        cues.append(f"{number}\n{_clock(segment.start, mark)} --> {_clock(segment.end, mark)}\n{text}\n")
    return ("WEBVTT\n\n" if form == "vtt" else "") + "\n".join(cues)


def _clock(seconds: float, mark: str) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{mark}{ms % 1000:03}"
