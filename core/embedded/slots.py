"""The arguments of each capability, filled from a clause and from what is at hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from core.artifacts import Kind
from core.capabilities import Capability
from core.embedded import imitation, singing, wording
from core.embedded.at_hand import AtHand
from core.embedded.clauses import masked
from core.embedded.editing import edits
from core.embedded.files import kinds_named
from core.embedded.framing import COVER, framing
from core.embedded.languages import languages, source_language, target_language
from core.embedded.mending import mended
from core.embedded.ordering import in_said_order
from core.embedded.people import sent_by
from core.embedded.quantities import NUMBER, duration, value
from core.embedded.space import place
from core.embedded.telling import Lack, only_chats
from core.embedded.transcripts import kind_of_transcript, wants_transcript
from core.embedded.voices import voice_asked
from core.errors import RefusalKind
from core.languages import language_of
from core.plans import STEP_PREFIX

Args = dict[str, Any]
Filler = Callable[[str, AtHand, Capability], Args]

LONGEST_S = 600.0
_SPEAKERS = (
    r"(?:\w+\s+)?(?:speakers?|people|persons?|voices?|talkers?|participants?|hablantes|personas|voces"
    r"|locuteurs|voix|sprecher|personen|stimmen|voci|falantes|vozes|sprekers|mensen|stemmen|mówców|osoby|osób|głosy"
    r"|个人|个说话人|人の話者|人|говорящ\w+|человек)"
)
_SPEECH_SPEEDS = (
    (2.0, r"twice as fast|double speed|2x|doble de rápido|deux fois plus vite|doppelt so schnell"),
    (0.5, r"half (?:the )?speed|twice as slow|0\.5x"),
    (0.7, r"very slow|really slow|muy despacio|très lentement|sehr langsam|очень медленно"),
    (0.8, r"\bslow(?:ly|er)?\b|despacio|lentement|langsam|lentamente|devagar|慢|ゆっくり|медленно"),
    (1.3, r"\b(?:fast(?:er)?|quick(?:ly|er)?)\b|rápido|\bvite\b|schnell|velocemente|depressa|快一?点|速く|быстро"),
)
_FACE = re.compile(
    r"\b(?:face|person|man|woman|one|girl|boy|guy|lady) (?:on|to|at"
    r"|from) the (?:far )?(?P<face>(?:second from the )?(?:left|right)"
    r"|middle)\b",
    re.IGNORECASE,
)
_BEHIND_IT = re.compile(
    r"\b(?:after|behind) (?:it|this|that|my|the)\b|\b(?:at|to) the (?:very )?end\b|\blast\b|\bappend|\boutro\b"
    r"|\b(?:después|après|dopo|depois|hinter|nach|al final|à la fin|in coda)\b|后面|後ろ|после|в конец",
    re.IGNORECASE,
)


_SPOKEN = re.compile(
    r"\bdub\b|\bas (?:speech|audio|a voice|spoken)|\bspeech in\b|\bspeak it\b|\bspoken\b"
    r"|\b(?:in|into|to) \w+ (?:speech|audio)|\ben voz\b|em voz\b|à voix\b|ad alta voce|als sprache|gesprochen|声音"
    r"|语音|音声で|вслух|голосом",
    re.IGNORECASE,
)


_TEXT = re.compile(
    r"\b(?:th(?:is|e|at)|following|diese[nrs]?|de[nr]|folgenden|ce|cette|est[ea]|quest[oa]|est[ea]|этот|эту)\s+"
    r"(?:text|sentence|phrase|words|paragraph|satz|texte|texto|testo|frase|текст|фразу)\b|这(?:段|个)?(?:文字|句子?|话)"
    r"|この(?:文章?|テキスト)",
    re.IGNORECASE,
)


_EFFECT = re.compile(
    r"\bsfx\b|\bsound ?effects?\b|\bsoundeffekt|\befectos? de sonido|\beffets? sonores?|\beffetti? sonor|音效|効果音",
    re.IGNORECASE,
)


def meant(label: str, clause: str) -> str:
    """The capability that a clause means, where its words tell more than the label that it was given."""
    if label == "text_to_music" and _EFFECT.search(clause):
        return "text_to_audio"
    if label == "speech_translation" and _TEXT.search(clause) and Kind.AUDIO not in kinds_named(clause):
        return "text_translation"
    return "speech_recognition" if wants_transcript(label, clause) else imitation.meant(label, clause)


def fill(capability: Capability, clause: str, hand: AtHand) -> list[Args]:
    """The arguments of each step of one clause: of one step, except where a clip loses a stretch of its middle.

    Raises:
        Lack: an attachment or a word is missing, or more than one thing could be meant.
    """
    if capability.id == "audio_editing":
        return _edit(clause, hand, capability)
    filler = _FILLERS.get(capability.id)
    return [filler(clause, hand, capability) if filler else _media(clause, hand, capability)]


def _media(clause: str, hand: AtHand, capability: Capability) -> Args:
    """Every required artifact argument, for capabilities that need nothing else."""
    return {r.name: hand.one(r.kind, clause, capability) for r in capability.refs if r.required and not r.many}


def _text(clause: str, hand: AtHand, own: str) -> str:
    """Words of the clause's own, else an earlier step's, else those replied to, else the last said; empty when none."""
    pointer = hand.made(Kind.TEXT)
    if own or pointer:
        return own or pointer or ""
    texts = [i.text for i in hand.request.items if i.kind is Kind.TEXT and i.text]
    if texts:
        return texts[0]
    if hand.request.quoted:
        return hand.request.quoted
    said = [line.text for line in hand.request.history if line.who == "bot" and line.text]
    said = [text for text in said if not only_chats(text)] or said
    return said[-1] if said and wording.names_words(clause) else ""


def _speak(clause: str, hand: AtHand, capability: Capability) -> Args:
    args: Args = {"text": _text(clause, hand, wording.words_to_say(clause))}
    before = hand.steps[-1] if hand.steps else None
    if before and before.capability == "text_translation" and before.args.get("text") == args["text"]:
        args["text"] = f"{STEP_PREFIX}{len(hand.steps)}"  # "translate it and read it aloud: the house is big"
    if not args["text"]:
        raise Lack(RefusalKind.MISSING_INPUT, "say_what")
    around = clause.replace(args["text"], " ")
    if voice := voice_asked(around):
        args["voice"] = voice
    named = [code for code, into in languages(around) if into]
    if named:
        args["language"] = named[-1]
    elif args["text"].startswith(STEP_PREFIX):
        made = hand.steps[int(args["text"].removeprefix(STEP_PREFIX)) - 1]
        args |= {"language": code} if (code := made.args.get("target_language")) else {}
    speed = next((s for s, pattern in _SPEECH_SPEEDS if re.search(pattern, around, re.IGNORECASE)), None)
    return {**args, "speed": speed} if speed else args


def _recognise(clause: str, hand: AtHand, capability: Capability) -> Args:
    args = {**_media(clause, hand, capability), **kind_of_transcript(clause)}
    return {**args, **_number_of_speakers(clause)} if args.get("by_speaker") else args


def _styled(clause: str, hand: AtHand, capability: Capability) -> Args:
    text = imitation.said_by_a_voice(clause, _text(clause, hand, wording.words_to_say(clause)))
    args = {"reference": _reference(clause, hand, capability)}
    if not text:
        raise Lack(RefusalKind.MISSING_INPUT, "voice_says_what")
    return {"text": text, **args}


def _reference(clause: str, hand: AtHand, capability: Capability) -> str:
    """The recording whose voice is meant: what was sent, not what a step has just made."""
    own = imitation.own_recording(clause, hand)
    if own is not None:
        return own.id
    if name := imitation.somebodys(clause):
        theirs = sent_by(name, hand.items(Kind.AUDIO, current=False, elsewhere=True))
        if theirs is not None:
            return theirs.id
        if not hand.items(Kind.AUDIO, current=True):
            raise Lack(RefusalKind.MISSING_INPUT, "no_audio", capability)
    sent = hand.items(Kind.AUDIO, current=True)
    return sent[0].id if len(sent) == 1 else hand.one(Kind.AUDIO, clause, capability)


def _convert(clause: str, hand: AtHand, capability: Capability) -> Args:
    found = hand.several(Kind.AUDIO, 2, clause)
    if len(found) < 2:
        raise Lack(RefusalKind.MISSING_INPUT, "two_voices")
    audio, reference = imitation.pair(clause, hand, found)
    return {"audio": audio, "reference": reference}


def _speakers(clause: str, hand: AtHand, capability: Capability) -> Args:
    return {**_media(clause, hand, capability), **_number_of_speakers(clause)}


def _number_of_speakers(clause: str) -> Args:
    match = re.search(rf"({NUMBER})\s*{_SPEAKERS}", clause, re.IGNORECASE)
    return {"speakers": int(value(match[1]))} if match and value(match[1]) in range(2, 9) else {}


def _translate_speech(clause: str, hand: AtHand, capability: Capability) -> Args:
    args = _media(clause, hand, capability)
    args["target_language"] = target_language(clause) or _own_language(hand)
    source = source_language(clause)
    if source and source != args["target_language"]:
        args["source_language"] = source
    if _SPOKEN.search(clause):
        args["output"] = "speech"
    return args


def _own_language(hand: AtHand) -> str:
    code = re.match(r"[a-z]{2}", hand.request.locale.lower())
    return code[0] if code else "en"


def _translate_text(clause: str, hand: AtHand, capability: Capability) -> Args:
    own = wording.quoted_or_given(clause) or _between(clause)
    text = _text(clause, hand, own) or wording.quoted_or_given(hand.request.text)
    if not text:
        raise Lack(RefusalKind.MISSING_INPUT, "translate_what")
    around = clause.replace(text, " ") if text in clause else clause
    target = target_language(around)
    if target is None and not text.startswith(STEP_PREFIX) and language_of(text) == _own_language(hand):
        raise Lack(RefusalKind.MISSING_INPUT, "translate_into")
    args = {"text": text, "target_language": target or _own_language(hand)}
    source = source_language(around)
    return {**args, "source_language": source} if source and source != args["target_language"] else args


def followed(capability: Capability, clause: str, args: Args, number: int) -> tuple[str, Args] | None:
    """What a clause asks for beside its own step, `number`: a translation that is to be said, or in the own voice."""
    said = {"text": f"{STEP_PREFIX}{number}"}
    if capability.id == "text_translation" and wording.commands_to_say(clause) and not wording.in_writing(clause):
        return "text_to_speech", {**said, "language": args["target_language"]}
    if capability.id == "speech_translation" and imitation.follows_a_voice(clause):
        return "style_transfer_tts", {**said, "reference": args["audio"]}
    return None


def _between(clause: str) -> str:
    """The words between "translate" and "into French"."""
    match = re.search(
        r"\b(?:translate|say|is|write|put|traduce|traduis|übersetze|traduci|traduz)\b\s+(.+?)\s+"
        r"\b(?:to|into|in|al|en|ins|auf|para)\s+\w+\W*$",
        wording.bare(clause),
        re.IGNORECASE,
    )
    words = match[1] if match else ""
    return "" if wording.points_back(words) or _TEXT.fullmatch(words) or len(words.split()) >= 200 else words


def _binaural(clause: str, hand: AtHand, capability: Capability) -> Args:
    return {**_media(clause, hand, capability), **place(clause)}


def _sing(clause: str, hand: AtHand, capability: Capability) -> Args:
    lyrics = singing.lyrics_of_a_score(clause) or _text(clause, hand, wording.lyrics(clause))
    if not lyrics:
        raise Lack(RefusalKind.MISSING_INPUT, "sing_what")
    args: Args = {"lyrics": lyrics}
    around = clause.replace(lyrics, " ")
    if singing.follows_a_tune(around) and any(i.kind is Kind.AUDIO and not i.voice for i in hand.request.items):
        args["melody"] = hand.one(Kind.AUDIO, around, capability)
    return {**args, **singing.manner(around)}


_SEEN_OR_HEARD = frozenset(["text_to_image", "text_to_audio"])
"""What cannot be made of no description; music can."""


def _described(clause: str, hand: AtHand, capability: Capability) -> Args:
    plain = wording.description(clause)
    pointer = hand.made(Kind.TEXT)
    back = re.search(r"\b(?:it|that|this scene|the (?:scene|description|text|result))\b", plain, re.IGNORECASE)
    args: Args = {"description": pointer if pointer and (back or len(plain.split()) < 2) else plain}
    if not args["description"] or (capability.id in _SEEN_OR_HEARD and wording.describes_nothing(args["description"])):
        raise Lack(RefusalKind.MISSING_INPUT, "describe_what", capability)
    seconds = duration(masked(clause) if wording.quoted_or_given(clause) else clause)
    if seconds and "seconds" in capability.args.model_fields:
        args["seconds"] = min(LONGEST_S, seconds)
    return args


def _inpaint(clause: str, hand: AtHand, capability: Capability) -> Args:
    return {**_media(clause, hand, capability), **mended(clause)}


def _image_sound(clause: str, hand: AtHand, capability: Capability) -> Args:
    seconds = duration(clause)
    args = _media(clause, hand, capability)
    return {**args, "seconds": min(LONGEST_S, seconds)} if seconds else args


def _target(clause: str, hand: AtHand, capability: Capability) -> Args:
    before = hand.steps[-1].args if hand.steps else {}
    if "target" in before and wording.asks_when(clause):
        return {"audio": before["audio"], "target": before["target"]}  # "isolate the flute and tell me when it occurs"
    args = _media(clause, hand, capability)
    target = wording.target_sound(clause)
    if not target:
        raise Lack(RefusalKind.MISSING_INPUT, "which_sound")
    return {**args, "target": target}


def _edit(clause: str, hand: AtHand, capability: Capability) -> list[Args]:
    """One edit; what is left of a clip without its middle is two trims and a join."""
    given = edits(clause, _length(clause, hand, capability))
    if given[0]["operation"] in ("join", "mix"):
        return [{**given[0], "audios": _joined(clause, hand)}]
    clip = hand.one(Kind.AUDIO, clause, capability)
    steps = [{**args, "audios": (clip,)} for args in given]
    if len(steps) > 1:
        first = len(hand.steps) + 1
        parts = tuple(f"{STEP_PREFIX}{number}" for number in range(first, first + len(steps)))
        steps.append({"operation": "join", "audios": parts})
    return steps


def _joined(clause: str, hand: AtHand) -> tuple[str, ...]:
    clips = hand.several(Kind.AUDIO, 2, clause)
    if len(clips) < 2:
        raise Lack(RefusalKind.MISSING_INPUT, "two_clips")
    if clips[0].startswith(STEP_PREFIX) and _BEHIND_IT.search(clause):
        clips = [*clips[1:], clips[0]]  # what was just made goes behind what was sent
    return tuple(in_said_order(clips, hand.request.items, clause))


def _length(clause: str, hand: AtHand, capability: Capability) -> float | None:
    try:
        return hand.length_s(hand.one(Kind.AUDIO, clause, capability))
    except Lack:
        return None  # what is missing is told where the clip is chosen


def _talking(clause: str, hand: AtHand, capability: Capability) -> Args:
    args: Args = {"image": hand.one(Kind.IMAGE, clause, capability)}
    if face := _FACE.search(clause):
        args["face"] = face["face"].lower()
    own = wording.quoted_or_given(clause)
    if own:
        return {**args, "text": own, **_spoken_by(clause.replace(own, " "))}
    if hand.made(Kind.AUDIO) or hand.items(Kind.AUDIO, current=True):
        return {**args, "audio": hand.one(Kind.AUDIO, clause, capability)}
    text = _text(clause, hand, wording.words_to_say(clause))
    if text:
        return {**args, "text": text, **_spoken_by(clause.replace(text, " "))}
    raise Lack(RefusalKind.MISSING_INPUT, "portrait_what")


def _spoken_by(around: str) -> Args:
    """Voice and language that a portrait is to speak with, by the words beside its text."""
    voice = voice_asked(around)
    named = [code for code, into in languages(around) if into]
    return {**({"voice": voice} if voice else {}), **({"language": named[-1]} if named else {})}


def _audiogram(clause: str, hand: AtHand, capability: Capability) -> Args:
    args = {**_media(clause, hand, capability), **framing(clause)}
    if hand.made(Kind.IMAGE) or hand.items(Kind.IMAGE, current=True) or COVER.search(clause):
        args["image"] = hand.one(Kind.IMAGE, clause, capability)
    return args


_FILLERS: dict[str, Filler] = {
    "text_to_speech": _speak,
    "speech_recognition": _recognise,
    "style_transfer_tts": _styled,
    "voice_conversion": _convert,
    "speech_separation": _speakers,
    "speaker_diarization": _speakers,
    "speech_translation": _translate_speech,
    "text_translation": _translate_text,
    "mono_to_binaural": _binaural,
    "text_to_sing": _sing,
    "text_to_music": _described,
    "text_to_audio": _described,
    "text_to_image": _described,
    "audio_inpainting": _inpaint,
    "image_to_audio": _image_sound,
    "target_sound_detection": _target,
    "sound_extraction": _target,
    "talking_head": _talking,
    "audiogram": _audiogram,
}
