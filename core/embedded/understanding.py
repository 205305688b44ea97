"""From the words of a message to the capabilities that they ask for, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.artifacts import Kind
from core.capabilities import Capability
from core.embedded.clauses import Piece, corrected, given_text, negated, pieces
from core.embedded.editing import operation
from core.embedded.effects import effect
from core.embedded.head import FRAGMENT, NONE, Head, Probabilities, State
from core.embedded.languages import target_language
from core.embedded.mending import mends, only_fills
from core.embedded.reading import Reader
from core.embedded.space import names_a_place
from core.embedded.transcripts import only_captions
from core.embedded.voices import known_voice, voice_asked
from core.embedded.wording import (
    asks_how_to_say,
    commands_to_say,
    commands_to_translate,
    has_manner,
    quoted_or_given,
    words_to_say,
)
from core.encoder import Encoder
from core.languages import language_of

MOST_STEPS = 4
_SURE = {True: 0.4, False: 0.55}
"""How probable a new request must be after a strong ("then") and after a weak joint ("and")."""
_SURE_AFTER_CONTENT = 0.65
"""After a clause whose words are free ("draw a cat and ..."), a weak joint is mostly part of those words."""
_CONTEXT = 0.45
"""A first part that is less sure than this to be a request is what leads up to one."""
_UNSURE, _CLEAR = 0.65, 0.85
"""A part that is less sure than the first is read with the clause before it, too, and joins it if that is clear."""
_INFEASIBLE = 0.5
"""A capability whose attachment is not there must be this probable, to be answered with what is missing."""
_LIKELY = 0.03
"""The least that a capability must be believed to be taken for an edit that names no operation."""
_FREE_WORDS = frozenset(
    ["text_to_speech", "text_to_sing", "text_to_image", "text_to_audio", "text_to_music", "text_translation"]
)


_SAID, _TRANSLATED = "text_to_speech", "text_translation"
_SURE_AFTER_SAY = 0.92
"""After an unquoted command to say something, nearly everything is part of what is to be said."""
_SAY_RIVALS = frozenset(
    ["style_transfer_tts", "text_to_sing", "talking_head", "speech_translation", "text_translation", "voice_conversion"]
)
"""What "say ..." can also ask for; then the head decides."""

_SEXES = ("female", "male")
_EDIT = "audio_editing"
_SPACE = "mono_to_binaural"
_MEND, _EXTRACT = "audio_inpainting", "sound_extraction"
_CLEAN = "speech_enhancement"
_NOT_EFFECTS = frozenset([_CLEAN, _EXTRACT, _MEND, "text_to_audio", "audio_captioning"])
_PLAIN_EFFECTS = frozenset(["reverb", "echo", "equalise", "loop", "compress", "remove_silence"])
"""Effects whose words leave no doubt that a clip is to be edited."""
_SPLITS = frozenset(["music_separation", "speech_separation", _EXTRACT])
_PLAIN_EDITS = frozenset(["gain", "speed", "pitch", "reverse", "fade"])
"""What one part of a split recording is to become ("and make the vocals louder") names the part, not another split."""
_BY_DEGREES = frozenset(["speed", "pitch"])
"""What is said twice in one breath is meant once: "slower, half speed"."""
_CALL = 2
"""Words before a command to say something that only call or agree."""
_ONCE = frozenset(
    ["speech_separation", "music_separation", "speaker_diarization", "speech_recognition", _CLEAN, "sound_detection"]
)
"""What is done to all of a clip, so that a second wish for it says more of the first."""
_REPEATED = (_EDIT, _SAID)
"""What a message may ask for twice in a row; other doubles are one request said in two parts."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the message and the one thing that it asks for."""

    text: str
    label: str
    sure: float


@dataclass
class _Open:
    """A clause that may still grow."""

    first: Piece
    last: Piece
    state: State
    scores: Probabilities


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
    return before.label == _EDIT and operation(before.text) is None


def _adds(before: Clause, clause: Clause) -> bool:
    """More of the same: "slower, half speed", "a video with a waveform and captions"."""
    if before.label == clause.label == _EDIT:
        return operation(before.text) == operation(clause.text) in _BY_DEGREES
    if before.label == clause.label:
        return clause.label in _ONCE
    if {before.label, clause.label} == {"audiogram", "talking_head"}:
        return True
    return before.label == "audiogram" and clause.label == "speech_recognition" and only_captions(clause.text)


def _leaves(before: Clause, clause: Clause) -> bool:
    """What is taken out leaves a hole that the next clause has filled."""
    return before.label in (_EXTRACT, _EDIT, _CLEAN) and clause.label == _MEND and only_fills(clause.text)


def _twin(label: str, words: str, text: str, state: State) -> str:
    """The sister of a capability that the words and what is at hand tell apart better than the head does."""
    if label == "style_transfer_tts" and not state.audio and (known_voice(words) or voice_asked(words) in _SEXES):
        return _SAID
    if label == "speech_translation" and quoted_or_given(text) and (not state.audio or asks_how_to_say(words)):
        return _TRANSLATED
    if label in (_EXTRACT, _EDIT) and mends(words):
        return _MEND
    if label in _NOT_EFFECTS and state.audio and effect(words) in _PLAIN_EFFECTS:
        return _EDIT
    if label == _SAID and commands_to_translate(words) and quoted_or_given(words):
        return _TRANSLATED
    if label in (_SAID, _TRANSLATED) and commands_to_say(words):
        return _said_in(words) or label
    return label


def _said_in(words: str) -> str | None:
    """What "say good morning in French" asks for: words of another language are translated first."""
    said = words_to_say(words)
    wanted = target_language(words.replace(said, " ")) if said else None
    return None if wanted is None else _SAID if language_of(said) in (wanted, None) else _TRANSLATED


class Understanding:
    """Encoder, head and the joints between clauses."""

    def __init__(self, encoder: Encoder, head: Head, capabilities: Mapping[str, Capability]) -> None:
        self._read = Reader(encoder, head).read
        self._capabilities = capabilities

    def clauses(self, text: str, state: State) -> list[Clause]:
        """The requests in a message, in order; none when it is only talk.

        What follows a colon is a given text, unless nothing before it asks for anything: "one thing: make it louder".
        """
        back, text = corrected(text)
        found = self._found(text, state)
        if found or not back:
            return found
        return [replace(clause, text=text) for clause in self.clauses(back, state)[-1:]]  # "a cat, I mean a dog"

    def _found(self, text: str, state: State) -> list[Clause]:
        opened: list[_Open] = []
        for part in pieces(text):
            self._take(text, part, state, opened)
        clauses = [self._closed(text, clause, alone=len(opened) == 1) for clause in opened]
        found = _led_up([c for c in clauses if c.label not in (NONE, FRAGMENT)])[:MOST_STEPS]
        behind = "" if found else given_text(text)
        return self._found(behind, state) if behind else found

    def _take(self, text: str, part: Piece, start: State, opened: list[_Open]) -> None:
        if not opened:
            scores = self._scored(part, start)
            if self._only_says(text[part.start :], self._best(scores, start), start):
                if len(part.text.split()) <= _CALL and not commands_to_say(part.text):
                    return  # "bot, say ..."
                scores = {name: float(name == _SAID) for name in scores}
            opened.append(_Open(part, part, start, scores))
            return
        before = opened[-1]
        label = self._best(before.scores, before.state)
        if label in (NONE, FRAGMENT) or before.scores[label] < _CONTEXT:  # what leads up to the request is part of it
            scores = self._scored(part, before.state)
            if negated(before.first.text):
                opened[-1] = _Open(part, part, before.state, scores)
                return
            before.scores = scores if self._asks(scores, before.state) else before.scores
            before.last = part
            return
        state = self._after(label, before.state)
        scores = self._scored(part, state)
        if label in _SPLITS and self._best(scores, state) == label and operation(part.text) in _PLAIN_EDITS:
            scores = {name: float(name == _EDIT) for name in scores}
        new = self._best(scores, state)
        sure = _SURE[part.strong]
        if label in _FREE_WORDS and not part.strong:
            quoted = quoted_or_given(before.first.text)
            sure = _SURE_AFTER_SAY if label == _SAID and not quoted else _SURE_AFTER_CONTENT
        same = (new == label and new not in _REPEATED) or (label, new) == ("speech_translation", "text_translation")
        if (
            new in (NONE, FRAGMENT)
            or same
            or scores[new] < sure
            or self._is_one(text, before, part, label, scores[new])
        ):
            before.last = part
        else:
            opened.append(_Open(part, part, state, scores))

    def _only_says(self, words: str, label: str, state: State) -> bool:
        """Whether words to say are all that is asked for; a rival needs its media, or a manner that names it."""
        if not commands_to_say(words):
            return False
        return label not in _SAY_RIVALS or not (self._feasible(label, state) or has_manner(words))

    def _scored(self, part: Piece, state: State) -> Probabilities:
        """What a part asks for; what is explicitly not wanted asks for nothing."""
        scores = self._read(part.text, state)
        return {name: float(name == FRAGMENT) for name in scores} if negated(part.text) else scores

    def _is_one(self, text: str, before: _Open, part: Piece, label: str, sure: float) -> bool:
        """Whether an unsure part and the clause before it read best as one request."""
        if sure >= _UNSURE:
            return False
        return self._read(text[before.first.start : part.end], before.state)[label] >= _CLEAR

    def _asks(self, scores: Probabilities, state: State) -> bool:
        return self._best(scores, state) not in (NONE, FRAGMENT)

    def _closed(self, text: str, clause: _Open, *, alone: bool) -> Clause:
        words = text.strip() if alone else text[clause.first.start : clause.last.end].strip(" ,")
        scores = clause.scores
        if clause.first is not clause.last and scores[FRAGMENT] < 1:
            whole = self._read(words, clause.state)
            scores = {name: (scores[name] + whole[name]) / 2 for name in scores}
        label = self._best(scores, clause.state)
        if label == _EDIT and operation(words) is None and not names_a_place(words):
            label = self._next_best(scores, clause.state)
        if (
            label in (_EDIT, NONE, FRAGMENT)
            and operation(words) is None
            and clause.state.audio
            and names_a_place(words)
        ):
            label = _SPACE
        return Clause(words, _twin(label, words, text, clause.state), scores[label])

    def _best(self, scores: Probabilities, state: State) -> str:
        """The most probable label that what is at hand allows, unless another is all but certain."""
        ranked = sorted(scores, key=lambda name: -scores[name])
        if self._feasible(ranked[0], state) or scores[ranked[0]] >= _INFEASIBLE:
            return ranked[0]
        return next(name for name in ranked if self._feasible(name, state))

    def _next_best(self, scores: Probabilities, state: State) -> str:
        """The likeliest capability beside an edit, for words that name no operation; an edit where none is likely."""
        others = [name for name in scores if name not in (_EDIT, NONE, FRAGMENT) and self._feasible(name, state)]
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
