"""From the words of a message to the capabilities that they ask for, in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.artifacts import Kind
from core.capabilities import Capability
from core.embedded.clauses import (
    Piece,
    before_told_later,
    corrected,
    given_text,
    negated,
    only_shows,
    pieces,
    without_pasted,
)
from core.embedded.edit_kinds import plainly
from core.embedded.editing import OF_CLIPS, operation
from core.embedded.effects import crossfade, makes_loop
from core.embedded.head import FRAGMENT, NO_REQUEST, NONE, SEVERAL, Head, Probabilities, State
from core.embedded.mending import only_fills
from core.embedded.quantities import moments
from core.embedded.reading import Reader
from core.embedded.segmenting import Joint, Read, Reading, segmented
from core.embedded.singing import lyrics_of_a_score
from core.embedded.space import names_a_place
from core.embedded.transcripts import only_captions
from core.embedded.twins import by_decibels, twin
from core.embedded.wording import (
    commands_to_say,
    commands_to_translate,
    has_manner,
    quoted_or_given,
    says_it,
)
from core.encoder import Encoder

MOST_STEPS = 4
_FIRST = -0.2
"""What a first request costs, in nats: less than nothing, as most messages ask for something."""
_NEW = {True: -0.4, False: 0.2}
"""What a new request costs after a strong ("then") and after a weak joint ("and")."""
_NEW_AFTER_CONTENT = 0.6
"""After a clause whose words are free ("draw a cat and ..."), a weak joint is mostly part of those words."""
_NEW_AFTER_SAY = 2.4
"""After an unquoted command to say something, nearly everything is part of what is to be said."""
_LEAST = 0.3
"""How probable a request must be where it is all that a message can be."""
_SURELY = 0.85
"""What is read as surely as this in one part of a message is no part of the request beside it."""
_BESIDE = 0.65
"""Noise that is to go, read so beside an edit, is no part of it: "remove the noise, turn it up"."""
_TALK, _PARTS = 0.5, 2
"""How surely a lead is talk, and of how many parts what is behind its colon must be to be more than words to say."""
_INFEASIBLE = 0.5
"""A capability whose attachment is not there must be this probable, to be answered with what is missing."""
_LIKELY = 0.03
"""The least that a capability must be believed to be taken for an edit that names no operation."""
_FREE_WORDS = frozenset(
    ["text_to_speech", "text_to_sing", "text_to_image", "text_to_audio", "text_to_music", "text_translation"]
)


_SAID, _TRANSLATED = "text_to_speech", "text_translation"
_SAY_RIVALS = frozenset(
    ["style_transfer_tts", "text_to_sing", "talking_head", "speech_translation", "text_translation", "voice_conversion"]
)
"""What "say ..." can also ask for; then the head decides."""

_TO_SOMEBODY = re.compile(
    r"^\W*@(?!(?:here|channel|everyone|all|bot|audiogpt\w*)\b)\w[\w.-]*(?!['’]s)(?:\s|[,:!])", re.IGNORECASE
)
"""Talk between people: platforms leave every mention in a message but ours."""
_FILMED = re.compile(
    r"\b(?:movies?|films?|videos?|animations?|animated|gifs?|stl|3d|blender|cad|websites?|apps?|games?|slides?"
    r"|spreadsheets?"
    r"|filmchen|trickfilm|vidéos?|película|vídeos?|animación|filmato|animazione|filme|animação|webseite|фильм\w*"
    r"|мультик\w*"
    r"|мультфильм\w*|видео|анимаци\w*|сайт)\b|视频|电影|动画片|動画|映画|アニメーション",
    re.IGNORECASE,
)
_DRAWN = re.compile(
    r"\b(?:pictures?|images?|drawings?|draw|paint\w*|posters?|photos?|stills?|covers?|logos?|icons?|illustrations?"
    r"|sketch"
    r"|bild\w*|zeichn\w*|mal|foto\w*|dessin\w*|peins|affiche|imagen|dibuj\w*|cartel|immagine|disegn\w*|imagem|desenh\w*"
    r"|картин\w*|нарисуй|постер\w*)\b|画|图|絵|描",
    re.IGNORECASE,
)
_EDIT = "audio_editing"
_SPACE = "mono_to_binaural"
_MEND, _EXTRACT = "audio_inpainting", "sound_extraction"
_CLEAN = "speech_enhancement"
_SPLITS = frozenset(["music_separation", "speech_separation", _EXTRACT])
_LOOPS = ("text_to_audio", "text_to_music")
"""What is made as a loop of its own."""
_PLAIN_EDITS = frozenset(["gain", "speed", "pitch", "reverse", "fade"])
"""What one part of a split recording is to become ("and make the vocals louder") names the part, not another split."""
_BY_DEGREES = frozenset(["speed", "pitch"])
"""What is said twice in one breath is meant once: "slower, half speed"."""
_COMPLAINS = re.compile(
    r"\b(?:(?:is|are|was|it['’]s|sounds?|feels?|way|far|bit) too|zu (?:laut|leise|hoch|tief|schnell|langsam|lang)"
    r"|trop|troppo"
    r"|demasiado|muito (?:alto|baixo|rápido|lento)|te (?:hard|zacht|hoog|laag|snel)|za (?:głośn|cich|wysok|nisk"
    r"|szybk)\w*|слишком)\b"
    r"|太|すぎ|너무",
    re.IGNORECASE,
)
"""What is wrong with a clip, said before what is to be done about it."""
_BY = re.compile(r"\d|\b(?:make|turn|bring|mach|baja|sube|abbassa|alza|baisse|monte)\b", re.IGNORECASE)
_LEAD = 6
"""Words before a colon that only lead up to a request."""
_CALL = 2
"""Words before a command to say something that only call or agree."""
_REPEATED = (_EDIT, _SAID)
"""What a message may ask for twice in a row; other doubles are one request said in two parts."""


_TOLD_TWICE = ("speech_translation", _TRANSLATED)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the message and the one thing that it asks for."""

    text: str
    label: str
    sure: float


def _no_picture(clause: Clause) -> bool:
    """Whether a film, a model in three dimensions or a program is asked for, which reads like a picture."""
    words = clause.text
    return clause.label == "text_to_image" and bool(_FILMED.search(words)) and not _DRAWN.search(words)


def _led_up(clauses: list[Clause]) -> list[Clause]:
    """One request in two parts: "take the last one and reverse it", "remove the cough and fill the hole"."""
    found: list[Clause] = []
    for clause in clauses:
        before = found[-1] if found else None
        if before and (_leads(before, clause) or _leaves(before, clause)):
            found[-1] = replace(clause, text=f"{before.text}, {clause.text}")
        elif before and _adds(before, clause):
            face = "talking_head" in (before.label, clause.label)  # a face that talks is a video with sound already
            label = "talking_head" if face else before.label
            found[-1] = replace(before, label=label, text=f"{before.text}, {clause.text}")
        else:
            found.append(clause)
    return found


def _leads(before: Clause, clause: Clause) -> bool:
    """An edit that names no operation says of what the next request is, or why it is made: "it hums so, clean it"."""
    if before.label != _EDIT:
        return False
    complains = clause.label == _EDIT and _COMPLAINS.search(before.text) and not _BY.search(before.text)
    return bool(complains) or operation(before.text) is None


def _adds(before: Clause, clause: Clause) -> bool:
    """More of the same: "slower, half speed", "a video with a waveform and captions"."""
    if before.label == clause.label == _EDIT:
        if operation(before.text) in OF_CLIPS and crossfade(clause.text):
            return True
        return operation(before.text) == operation(clause.text) in _BY_DEGREES
    if before.label == clause.label or (before.label, clause.label) == _TOLD_TWICE:
        return clause.label not in _REPEATED
    if {before.label, clause.label} == {"audiogram", "talking_head"}:
        return True
    return before.label == "audiogram" and clause.label == "speech_recognition" and only_captions(clause.text)


def _leaves(before: Clause, clause: Clause) -> bool:
    """What is taken out leaves a hole that the next clause has filled."""
    return before.label in (_EXTRACT, _EDIT, _CLEAN) and clause.label == _MEND and only_fills(clause.text)


def _times(words: str) -> bool:
    """Whether words name an operation and a time for it."""
    return operation(words) is not None and bool(moments(words))


def _spoken_of(text: str) -> str:
    """What a few words lead up to, in the same line: "one thing: make it louder". What is pasted asks for nothing."""
    behind = given_text(text)
    lead = text[: len(text) - len(behind)]
    return "" if len(lead.split()) > _LEAD or "\n" in lead or "\n" in behind else behind


def _only_points(words: str, label: str, sure: float) -> bool:
    """Whether words that are hardly a request have something pasted for what would be drawn, said or made of them."""
    return label in _FREE_WORDS and sure < _SURELY and without_pasted(words) != words


class Understanding:
    """Encoder, head and the joints between clauses."""

    def __init__(self, encoder: Encoder, head: Head, capabilities: Mapping[str, Capability]) -> None:
        self._encoder = encoder
        self._reader = Reader(encoder, head)
        self._read = self._reader.read
        self._capabilities = capabilities

    def clauses(self, text: str, state: State) -> list[Clause]:
        """The requests in a message, in order; none when it is only talk.

        What follows a colon is a given text, unless nothing before it asks for anything: "one thing: make it louder".
        """
        if _TO_SOMEBODY.match(text):
            return []
        if lyrics_of_a_score(text):
            return [Clause(text.strip(), "text_to_sing", 1.0)]
        asked_now = None if commands_to_say(text) else before_told_later(text)
        if asked_now is not None:
            found = self._found(asked_now, state) if asked_now else []
            return [c for c in found if c.sure >= _SURELY and (c.label != _EDIT or operation(asked_now))]
        back, text = corrected(text)
        found = [clause for clause in self._found(text, state) if not _no_picture(clause)]
        if found or not back:
            return found
        return [replace(clause, text=text) for clause in self.clauses(back, state)[-1:]]  # "a cat, I mean a dog"

    def closest(self, text: str, state: State, among: Sequence[str]) -> str:
        """Which of some capabilities words are most about: "just the video" of a plan that gave words as well."""
        scores = self._read(text, state)
        return max(among, key=lambda name: scores[name])

    def _found(self, text: str, state: State) -> list[Clause]:
        if self._only_calls(text, state) and (told := self._found(_spoken_of(text), state)):
            return told
        parts = self._spoken_to(text, pieces(text), state)
        says = bool(parts) and self._says_at(text, parts[0], state)
        readings = segmented(len(parts), state, self._reads(text, parts, says), self._joint(parts), self._after)
        if not any(reading.label for reading in readings):
            readings = self._whole(text, parts, state)
        clauses = self._closed(text, parts, readings, state)
        if not clauses and state.audio and operation(text) is None and names_a_place(text):
            return [Clause(text.strip(), _SPACE, _INFEASIBLE)]  # "a bit more to the left"
        if not clauses and by_decibels(text) and len(parts) == 1:
            return [Clause(text.strip(), _EDIT, _INFEASIBLE)]
        found = _led_up(clauses)[:MOST_STEPS]
        behind = "" if found else _spoken_of(text)
        return self._found(behind, state) if behind else found

    def _only_calls(self, text: str, state: State) -> bool:
        """Whether what stands before a colon asks for nothing: "ok, episode 12: clean it, cut the pauses"."""
        behind = _spoken_of(text)
        if len(pieces(behind)) < _PARTS:
            return False
        lead = text[: len(text) - len(behind)].rstrip(" :：")
        scores = self._read(lead, state)
        names = max(scores, key=lambda name: scores[name]) == _EDIT and operation(lead) is None  # "for episode 12"
        return names or scores[NONE] + scores[FRAGMENT] >= _TALK

    def _whole(self, text: str, parts: Sequence[Piece], state: State) -> tuple[Reading, ...]:
        """The one request that a message may be which can be no part of another: there is none beside it."""
        first = self._from(parts)
        if first == len(parts):
            return ()
        scores = self._read(text[parts[first].start : parts[-1].end], state)
        label = self._best({n: p for n, p in scores.items() if n not in NO_REQUEST}, state)
        asks = scores[label] >= _LEAST and scores[label] > scores[NONE] and not _only_points(text, label, scores[label])
        return (Reading(label, scores[label], first, len(parts)),) if asks else ()

    def _spoken_to(self, text: str, parts: list[Piece], state: State) -> list[Piece]:
        """The parts without what only calls before words to say: "bot, say ..."."""
        while parts and self._says_at(text, parts[0], state):
            if len(parts) == 1 or len(parts[0].text.split()) > _CALL or commands_to_say(parts[0].text):
                break
            parts = parts[1:]
        return parts

    def _says_at(self, text: str, part: Piece, state: State) -> bool:
        return self._only_says(text[part.start :], self._best(self._read(part.text, state), state), state)

    def _only_says(self, words: str, label: str, state: State) -> bool:
        """Whether words to say are all that is asked for; a rival needs its media, or a manner that names it."""
        if not commands_to_say(words):
            return False
        return label not in _SAY_RIVALS or not (self._feasible(label, state) or has_manner(words))

    def _reads(self, text: str, parts: Sequence[Piece], says: bool) -> Read:
        def read(start: int, end: int, state: State, before: str | None) -> list[tuple[str | None, float]]:
            if says and start == 0:
                return [(_SAID, 1.0)] if end == 1 else []
            if any(negated(part.text) for part in parts[start:end]) or only_shows(parts[start].text):
                return [(None, 1.0)] if end - start == 1 else []
            if end - start > 1 and self._apart(parts[start:end], state):
                return []
            words = text[parts[start].start : parts[end - 1].end].strip(" ,")
            scores = self._read(words, state)
            if makes_loop(words):
                return [(max(_LOOPS, key=lambda name: scores[name]), 1.0)]
            label = self._best({n: p for n, p in scores.items() if n not in NO_REQUEST}, state)
            if _only_points(words, label, scores[label]):
                return [(None, 1.0)]
            talk, several = scores[NONE] + scores[FRAGMENT], scores.get(SEVERAL, 0.0)
            in_a_list = label == _EDIT and end - start == 1 < len(parts) and scores[label] >= _LIKELY
            if in_a_list and scores[label] + scores[FRAGMENT] >= _BESIDE and _times(words):
                return [(label, scores[label] + scores[FRAGMENT])]  # "..., to the first minute, ..." among others
            all_of_it = 1 - several if end - start == 1 else 1.0  # what can't be cut is one thing
            sure = scores[label] * (1 - several)  # what may be two is likelier two
            if before in _SPLITS and label == before and operation(words) in _PLAIN_EDITS:
                label = _EDIT
            return [(None, talk / all_of_it), (label, sure / all_of_it)]

        return read

    def _apart(self, parts: Sequence[Piece], state: State) -> bool:
        """Whether parts are surely requests of different kinds: "reverse it and add reverb", "isolate and loop it"."""
        if commands_to_translate(parts[0].text) and any(says_it(part.text) for part in parts[1:]):
            return True
        kinds: dict[tuple[str, str | None], bool] = {}
        for part in parts:
            scores = self._read(part.text, state)
            label = max(scores, key=lambda name: scores[name])
            edit = operation(part.text) if label == _EDIT else None
            surely = scores[label] >= _SURELY or edit is not None
            if label not in NO_REQUEST and (surely or (label == _CLEAN and scores[label] >= _BESIDE)):
                kinds[label, edit] = surely or kinds.get((label, edit), False)
                state = self._after(label, state)
        return len(kinds) > 1 and any(kinds.values())

    def _joint(self, parts: Sequence[Piece]) -> Joint:
        quoted = [bool(quoted_or_given(part.text)) for part in parts]

        def joint(before: str | None, start: int) -> float:
            if before is None:
                return _FIRST
            if before in _FREE_WORDS and not parts[start].strong and not any(quoted[:start]):
                return _NEW_AFTER_SAY if before == _SAID else _NEW_AFTER_CONTENT
            return _NEW[parts[start].strong]

        return joint

    def _closed(self, text: str, parts: Sequence[Piece], readings: Sequence[Reading], state: State) -> list[Clause]:
        """The requests with their words: those of what stands around them and asks for nothing, too."""
        asked = [i for i, r in enumerate(readings) if r.label is not None]
        clauses: list[Clause] = []
        for number, index in enumerate(asked):
            reading = readings[index]
            first = reading.start if number else self._from(parts[: reading.start])
            last = readings[asked[number + 1]].start if number + 1 < len(asked) else len(parts)
            words = text[parts[first].start : parts[last - 1].end].strip(" ,")
            own = text[parts[reading.start].start : parts[reading.end - 1].end].strip(" ,")
            words = text.strip() if len(asked) == 1 else words
            if reading.label == _EDIT and not names_a_place(words):
                words = self._edit_told(words)
            label = self._settled(reading.label or NONE, own, words, state)
            clauses.append(Clause(words, twin(label, words, text, state), reading.sure))
            state = self._after(clauses[-1].label, state)
        return clauses

    def _edit_told(self, words: str) -> str:
        """The words of an edit, with plain ones behind them where no rule knows them or they are mistyped."""
        told = plainly(words, self._encoder)
        repaired = self._reader.repaired(words)
        return f"{told}, {repaired}" if operation(told) is None and operation(repaired) else told

    @staticmethod
    def _from(leading: Sequence[Piece]) -> int:
        """Where the words of the first request begin: behind what is not wanted."""
        return max((i + 1 for i, part in enumerate(leading) if negated(part.text)), default=0)

    def _settled(self, label: str, own: str, words: str, state: State) -> str:
        """The label, where an edit is read and no operation is named: another one, or a place."""
        if label == _EDIT and operation(words) is None and not names_a_place(words):
            label = self._next_best(self._read(own, state), state)
        if label == _EDIT and operation(words) is None and state.audio and names_a_place(words):
            label = _SPACE
        return label

    def _best(self, scores: Probabilities, state: State) -> str:
        """The most probable label that what is at hand allows, unless another is all but certain."""
        ranked = sorted(scores, key=lambda name: -scores[name])
        if self._feasible(ranked[0], state) or scores[ranked[0]] >= _INFEASIBLE:
            return ranked[0]
        return next(name for name in ranked if self._feasible(name, state))

    def _next_best(self, scores: Probabilities, state: State) -> str:
        """The likeliest capability beside an edit, for words that name no operation; an edit where none is likely."""
        others = [name for name in scores if name != _EDIT and name not in NO_REQUEST and self._feasible(name, state)]
        second = max(others, key=lambda name: scores[name])
        return second if scores[second] >= _LIKELY else _EDIT

    def _feasible(self, label: str, state: State) -> bool:
        capability = self._capabilities.get(label)
        if capability is None:
            return True
        at_hand = {Kind.AUDIO: state.audio, Kind.IMAGE: state.image}
        return all(at_hand.get(ref.kind, False) for ref in capability.refs if ref.required)

    def _after(self, label: str, state: State) -> State:
        gives = self._capabilities[label].gives[:1]
        return replace(
            state,
            audio=state.audio or Kind.AUDIO in gives,
            image=state.image or Kind.IMAGE in gives,
            text=Kind.TEXT in gives,
            several=False,
            follow=True,
        )
