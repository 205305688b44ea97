"""The few words that the embedded router has. They say what is so, and no more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core import sayings
from core.artifacts import Kind
from core.capabilities import Capability
from core.embedded.phrases import PHRASES
from core.embedded.stretches import OF_PARTS
from core.embedded.telling import can, phrase
from core.embedded.tongue import DEFAULT, language_of
from core.plans import Request, StepResult, pointed_at

SPOKEN_TITLES = 3
"""How many capabilities a reply names that is heard or that nobody asked for."""
SHOWN_CHARS = 1500
"""How much is shown of a text whose whole is in a file beside it."""
HEARD_WORDS = 6
"""How many words of a voice note are repeated to show what was understood."""

_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|yo|howdy|good (?:morning|evening|afternoon)|hola|buen[oa]s \w+|salut|bonjour|bonsoir|hallo"
    r"|moin|guten \w+|ciao|buongiorno|olá|oi|bom dia|boa (?:tarde|noite)"
    r"|你好|您好|早上好|こんにちは|おはよう|привет|здравствуйте)(?!\w)",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks|thank you|thx|cheers|ty|gracias|merci|danke|grazie|obrigad[oa]|спасибо)\b|谢谢|ありがとう",
    re.IGNORECASE,
)
_WHAT = re.compile(
    r"what (?:can|do) you (?:do|offer)|what are you|who are you|^\W*help\W*$|your tools|qué (?:puedes|sabes) hacer"
    r"|que (?:sais|peux)-tu"
    r"|was kannst du|cosa (?:sai|puoi) fare|o que (?:você|sabe)|你(?:会|能)(?:做|干)?什么|何ができ|что ты умеешь",
    re.IGNORECASE,
)
_OFF = re.compile(
    r"^\W*(?:no|nah|nope|never ?mind|forget|cancel|stop|don'?t|leave it|not now|whatever|nothing|ok(?:ay)?|bye|nein"
    r"|egal"
    r"|vergiss|lass|schon gut|na gut|non|laisse|tant pis|déjalo|olvíd\w+|nada|lascia|niente|não|deixa|nee|laat|nie"
    r"|нет|не надо|неважно|забудь|算了|不用|いいえ|やめ)(?!\w)",
    re.IGNORECASE,
)
_GREETING_WORDS = 6
_FEW_WORDS = 3
_KINDS = {Kind.AUDIO: "the audio", Kind.IMAGE: "the picture", Kind.VIDEO: "the video", Kind.MIDI: "the notes"}
_DONE = {
    "text_to_speech": "spoken",
    "speech_enhancement": "cleaned up",
    "audio_editing": "edited",
    "speech_separation": "split by speaker",
    "music_separation": "split into vocals and music",
    "mono_to_binaural": "placed around you, for headphones",
    "audio_inpainting": "with the gap filled",
    "sound_extraction": "with that sound alone",
    "voice_conversion": "in the other voice",
    "style_transfer_tts": "in that voice's style",
    "text_to_sing": "sung",
}
_CAPTIONED = frozenset(["text_to_audio", "text_to_music"])
"""What is told by what it came to be: "rain, dog twice"."""
_EDITED = {
    "trim": "trimmed",
    "join": "joined",
    "mix": "mixed",
    "loop": "repeated",
    "normalise": "at an even loudness",
    "compress": "with loud and soft evened out",
    "equalise": "with another tone",
    "reverb": "with reverb",
    "echo": "with an echo",
    "reverse": "reversed",
    "fade": "faded",
    "remove_silence": "without the long pauses",
    "mono": "in mono",
    "stereo": "in stereo",
    "mute": "silent",
    "bleep": "bleeped",
}


def language(request: Request) -> str:
    """The language to answer in: that of the words; of a very short message, that of the person's last one."""
    said = [line.text for line in request.history if line.who == "user" and line.text]
    return asked_in(request.text, said[-1] if said else "", request.locale)


def asked_in(text: str, before: str, locale: str) -> str:
    """The language of a message; of the one `before` it where it is very short, of `locale` where both are empty."""
    spoken = language_of(text)
    if not text.strip():
        code = locale[:2].lower()
        return language_of(before) if before else code if code in PHRASES else DEFAULT
    if spoken == DEFAULT and before and len(text.split()) < _FEW_WORDS:
        return language_of(before)
    return spoken


def is_talk(text: str) -> bool:
    """Whether a message thanks, greets, asks about the bot, asks anything else, or calls off what was asked."""
    return "?" in text or "？" in text or any(p.search(text) for p in (_THANKS, _GREETING, _WHAT, _OFF))


def small_talk(request: Request, served: Sequence[Capability]) -> str:
    """The answer to a message that asks for no tool."""
    code, asked = language(request), bool(_WHAT.search(request.text))
    able = can(served, code, None if asked and not request.spoken else SPOKEN_TITLES)
    if asked:
        words = able if request.spoken else f"{able} {phrase('how', code)}"
    elif _THANKS.search(request.text):
        words = phrase("welcome", code)
    elif _GREETING.search(request.text) and len(request.text.split()) <= _GREETING_WORDS:
        words = f"{phrase('hello', code)} {able}"
    else:
        words = f"{_heard(request, code)}{phrase('no_language_model', code)} {able}"
    return introduced(words, request)


def _heard(request: Request, code: str) -> str:
    """What a voice note was understood as, for it may be the hearing that went wrong."""
    if not request.spoken:
        return ""
    words = request.text.split()
    head = " ".join(words[:HEARD_WORDS]) + ("…" if len(words) > HEARD_WORDS else "")
    return phrase("heard", code, words=head) + " "


def introduced(words: str, request: Request) -> str:
    """The words, and in a conversation's first reply, set apart, that no language model is connected."""
    notice = phrase("no_language_model", language(request))
    if not request.first or notice in words:
        return words
    return f"{words}\n\n{notice}".strip()


def after(results: Sequence[StepResult], capabilities: Mapping[str, Capability], code: str) -> str:
    """What came of the steps: texts as they are, media by what was done, refusals as they were worded."""
    used = {number for r in results for number in pointed_at(r.step.args)}
    lines: list[str] = []
    for number, result in enumerate(results, start=1):
        final, line = number not in used, ""
        if result.refusal is not None:
            line = result.refusal.message
        elif result.text and (final or not result.artifacts):
            lines.append(_language_heard(result, code) + _shown_text(result, code))
        elif result.artifacts and final:
            line = _made(result, results, capabilities) if code == DEFAULT else phrase("here", code)
        if line and line not in lines:
            lines.append(line)
    return "\n".join(lines) or phrase("nothing_to_show", code)


def _language_heard(result: StepResult, code: str) -> str:
    """Which language was heard, before words in another one than the asker's; empty where they said it themselves."""
    told, heard = result.facts.get("language_name"), result.facts.get("language")
    known = result.step.capability != "speech_recognition" or "language" in result.step.args
    subtitles = result.step.args.get("format") in ("srt", "vtt")
    if known or subtitles or not told or heard == code:
        return ""
    term = sayings.language(code).term(str(told))
    return f"{term[0].upper()}{term[1:]}:\n"


def _shown_text(result: StepResult, code: str) -> str:
    """The text, or its beginning where a file holds the whole of a long one."""
    text = result.text or ""
    if len(text) <= SHOWN_CHARS or not any(a.kind is Kind.TEXT for a in result.artifacts):
        return text
    head = text[:SHOWN_CHARS]
    ends = [m.end() for m in re.finditer(r"[.!?…][\"”’)]?(?=\s)|[。！？]|\n", head)]
    return f"{(head[: ends[-1]] if ends else head.rpartition(' ')[0] or head).rstrip()} …\n\n{phrase('in_file', code)}"


def _made(result: StepResult, results: Sequence[StepResult], capabilities: Mapping[str, Capability]) -> str:
    capability = capabilities.get(result.step.capability)
    if result.step.capability == "audio_editing":
        done = _edit_words(result.step.args, results) + _where(result.step.args)
    else:
        told = result.artifacts[0].caption if result.step.capability in _CAPTIONED else ""
        done = told or _DONE.get(result.step.capability, "")
    if done:
        many = len(result.artifacts) > 1 and result.step.capability not in _CAPTIONED
        return f"Here {'they are' if many else 'it is'}: {done}."
    kinds = dict.fromkeys(_KINDS.get(a.kind, "the file") for a in result.artifacts)
    title = f" ({capability.title})" if capability else ""
    return f"Here is {' and '.join(kinds)}{title}."


def _edit_words(args: Mapping[str, object], results: Sequence[StepResult]) -> str:
    operation = str(args.get("operation", ""))
    if operation == "join" and {results[n - 1].step.args.get("operation") for n in pointed_at(args)} == {"trim"}:
        return "without that part"
    side = args.get("pan")
    if operation == "pan" and isinstance(side, int | float):
        return "on the left" if side < 0 else "on the right" if side > 0 else "in the middle"
    for name, more, less, neutral in (
        ("gain_db", "louder", "quieter", 0.0),
        ("factor", "faster", "slower", 1.0),
        ("semitones", "higher", "lower", 0.0),
    ):
        given = args.get(name)
        if isinstance(given, int | float) and operation in ("gain", "speed", "pitch") and given != neutral:
            return more if given > neutral else less
    return _EDITED.get(operation, "edited")


def _where(args: Mapping[str, object]) -> str:
    """The stretch that alone was edited."""
    start, end = args.get("start_s"), args.get("end_s")
    if args.get("operation") not in OF_PARTS or (start is None and end is None):
        return ""
    if end is None:
        return f" from {_clock(start)} on"
    return f" from {_clock(start)} to {_clock(end)}"


def _clock(seconds: object) -> str:
    """A time in a clip: 0:03, 1:02.5."""
    value = float(seconds) if isinstance(seconds, int | float) else 0.0
    minutes, rest = divmod(round(value, 2), 60)
    return f"{int(minutes)}:{rest:05.2f}".rstrip("0").rstrip(".") if rest % 1 else f"{int(minutes)}:{int(rest):02d}"


def picture_question(many: bool, served: Sequence[Capability], code: str) -> str:
    """What could be done with a picture, or with several, that came without words."""
    fitting = [c for c in served if any(r.kind is Kind.IMAGE and r.required for r in c.refs)]
    able = can(fitting, code) if fitting else phrase("no_picture_tool", code)
    return f"{phrase('pictures' if many else 'picture', code)} {able}"
