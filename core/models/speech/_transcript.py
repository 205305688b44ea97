"""What the recognisers share: languages, subtitles, who says what, the shape of a transcript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal

from core.errors import Ambiguous, BadInput
from core.languages import name
from core.models.base import File, Made, Output
from core.models.speech._turns import Turn
from core.sayings import saying

NO_SPEECH = saying("speech_none")

_CODES = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml "
    "cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am "
    "yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su"
)
LANGUAGES = tuple(_CODES.split())
"""The codes of Whisper's tokenizer."""

_ALIASES = {"jv": "jw", "nb": "no", "iw": "he", "in": "id", "ji": "yi", "fil": "tl", "cmn": "zh"}
"""ISO codes for languages that Whisper knows by another one."""


SURE_LANGUAGE = 0.5
"""A less probable language is asked for: words in a wrong one are inventions. Of 96 clips in five languages, most of
them prompts of 2 to 8 s, two were below it for Whisper base."""

LONG_TEXT = 1500
"""Characters. A longer transcript comes as a file too."""
_REST_S, _PARAGRAPH = 1.5, 300
"""A pause of so many seconds ends a paragraph of so many characters; a sentence's end ends one of twice as many."""
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟")
_CUE_CHARS, _CUE_S = 84, 7.0
"""The most of a subtitle: two lines of 42 characters, and as long as one needs to read them."""
_STRAY_S = 0.6
"""Word times and the borders of turns are that exact together."""

Format = Literal["text", "txt", "srt", "vtt"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its times, in seconds from the start of the clip."""

    start: float
    end: float
    text: str
    """With the space before it, where its language writes one."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech."""

    start: float
    """Seconds from the start of the clip."""
    end: float
    text: str
    words: tuple[Word, ...] = ()
    speaker: int | None = None
    """From 1, where it is known."""


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
        raise BadInput(saying("language_unknown", code=code))
    return code


def unsure_language(heard: Sequence[tuple[str, float]]) -> Ambiguous:
    """What to ask where it is not clear which language is spoken; `heard` are codes and probabilities, best first."""
    (first, sure), (second, less) = heard[:2]
    return Ambiguous(
        saying("language_unsure", first=name(first), sure=round(sure, 4), second=name(second), less=round(less, 4))
    )


def transcript(segments: Sequence[Segment], form: Format, duration_s: float, *, language: str, **facts: Any) -> Output:
    """The output of a recognition: its words, and a file when one is asked for or the words are many.

    Where the speakers are known every change of them begins a new line with the name. Segment texts carry their own
    leading space, as Whisper gives them; Chinese and Japanese have none.
    """
    duration_s = round(duration_s, 3)
    segments = [_rounded(s, duration_s) for s in segments]
    facts = {"language": language, "language_name": name(language), **facts, "duration": duration_s}
    facts["segments"] = [_told(s) for s in segments]
    if words := [[w.start, w.end, w.text.strip()] for s in segments for w in s.words]:
        facts["words"] = words
    speakers = {s.speaker for s in segments if s.speaker is not None}
    if speakers:
        facts["speakers"] = len(speakers)
    if form in ("srt", "vtt"):
        text = subtitles([cue for s in segments for cue in _cues(s) if cue.text.strip()], form)
        media_type = {"srt": "application/x-subrip", "vtt": "text/vtt"}[form]
        return Output(text=text, media=(Made(File(text.encode(), media_type, f".{form}"), "subtitles"),), facts=facts)
    text = _by_speaker(segments) if speakers else "".join(s.text for s in segments).strip()
    if len(text) > LONG_TEXT and not speakers:
        text = _in_paragraphs(segments)
    if form == "text" and len(text) <= LONG_TEXT:
        return Output(text=text, facts=facts)
    return Output(text=text, media=(Made(File(text.encode(), "text/plain", ".txt"), "transcript"),), facts=facts)


def _rounded(segment: Segment, duration_s: float) -> Segment:
    words = tuple(Word(round(w.start, 2), round(min(w.end, duration_s), 2), w.text) for w in segment.words)
    return replace(segment, start=round(segment.start, 3), end=round(min(segment.end, duration_s), 3), words=words)


def _told(segment: Segment) -> dict[str, Any]:
    told: dict[str, Any] = {"start": segment.start, "end": segment.end, "text": segment.text.strip()}
    return told if segment.speaker is None else {**told, "speaker": segment.speaker}


def with_speakers(segments: Sequence[Segment], turns: Sequence[Turn]) -> list[Segment]:
    """The segments cut where the speaker changes within them: each word is whose turn its middle is nearest to.

    A segment without word times stays whole. A word or two that reach over the border of a turn stay with the rest.
    """
    cut: list[Segment] = []
    for segment in segments:
        words = segment.words or (Word(segment.start, segment.end, segment.text),)
        owners = [_turn_at((word.start + word.end) / 2, turns) for word in words]
        speakers = _without_strays(words, owners)
        for speaker, run in groupby(zip(words, speakers, strict=True), lambda pair: pair[1]):
            part = tuple(word for word, _ in run)
            text = "".join(w.text for w in part)
            cut.append(Segment(part[0].start, part[-1].end, text, part if segment.words else (), speaker))
    return cut


def _turn_at(moment: float, turns: Sequence[Turn]) -> Turn:
    return min(turns, key=lambda turn: max(turn.start - moment, moment - turn.end, 0.0))


def _without_strays(words: Sequence[Word], owners: Sequence[Turn]) -> list[int]:
    """The speaker of each word; strays, at the end of a turn that is longer than they are, go with their neighbours."""
    runs = [list(run) for _, run in groupby(range(len(words)), lambda i: owners[i].speaker)]
    speakers = [owners[run[0]].speaker for run in runs]
    for at, run in enumerate(runs):
        lasts, turn = words[run[-1]].end - words[run[0]].start, owners[run[0]]
        stray = len(run) <= 2 and lasts < _STRAY_S and turn.end - turn.start > lasts + _STRAY_S
        beside = [n for n in (at - 1, at + 1) if 0 <= n < len(runs)]
        if stray and beside:
            speakers[at] = speakers[max(beside, key=lambda n: len(runs[n]))]
    return [speakers[at] for at, run in enumerate(runs) for _ in run]


def _by_speaker(segments: Sequence[Segment]) -> str:
    lines = []
    for speaker, run in groupby((s for s in segments if s.text.strip()), lambda s: s.speaker):
        lines.append(f"Speaker {speaker}: {''.join(s.text for s in run).strip()}")
    return "\n".join(lines)


def _in_paragraphs(segments: Sequence[Segment]) -> str:
    """The words with an empty line where the talk pauses, or where a sentence ends after many others."""
    paragraphs: list[str] = []
    for before, segment in zip((None, *segments), segments, strict=False):
        length = len(paragraphs[-1]) if before else 0
        rests = before and segment.start - before.end >= _REST_S
        ends = before and before.text.rstrip().endswith(_ENDS)
        if not before or (rests and length >= _PARAGRAPH) or (ends and length >= 2 * _PARAGRAPH):
            paragraphs.append("")
        paragraphs[-1] += segment.text
    return "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph.strip())


def _cues(segment: Segment) -> Iterator[Segment]:
    """A segment in parts that can be read while they stand, cut between words where their times are known."""
    part: list[Word] = []
    for word in segment.words:
        if part and (sum(len(w.text) for w in (*part, word)) > _CUE_CHARS or word.end - part[0].start > _CUE_S):
            yield _cue(part, segment)
            part = []
        part.append(word)
    yield _cue(part, segment) if part else segment


def _cue(words: Sequence[Word], segment: Segment) -> Segment:
    return Segment(words[0].start, words[-1].end, "".join(w.text for w in words), (), segment.speaker)


def subtitles(segments: Sequence[Segment], form: Literal["srt", "vtt"]) -> str:
    """SubRip, or WebVTT (W3C): cue numbers from 1, times as hh:mm:ss,mmm or hh:mm:ss.mmm, speakers where known."""
    mark = "," if form == "srt" else "."
    cues = []
    for number, segment in enumerate(segments, start=1):
        text = segment.text.strip()
        if form == "vtt":  # where `&` and `<` begin an escape and a tag
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if segment.speaker is not None:
            text = f"<v Speaker {segment.speaker}>{text}" if form == "vtt" else f"Speaker {segment.speaker}: {text}"
        cues.append(f"{number}\n{_clock(segment.start, mark)} --> {_clock(segment.end, mark)}\n{text}\n")
    return ("WEBVTT\n\n" if form == "vtt" else "") + "\n".join(cues)


def _clock(seconds: float, mark: str) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{mark}{ms % 1000:03}"
