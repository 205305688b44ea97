"""The few words that the embedded router has. They say what is so, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from core.artifacts import Kind
from core.capabilities import Capability
from core.plans import Item, Request, StepResult

NO_LANGUAGE_MODEL = "No language model is connected, so I understand requests for my tools only."

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
_KINDS = {Kind.AUDIO: "the audio", Kind.IMAGE: "the picture", Kind.VIDEO: "the video", Kind.MIDI: "the notes"}
_DONE = {
    "text_to_speech": "spoken",
    "speech_enhancement": "cleaned up",
    "audio_editing": "edited",
    "speech_separation": "split by speaker",
    "music_separation": "split into vocals and music",
    "mono_to_binaural": "placed in space",
    "audio_inpainting": "with the gap filled",
    "sound_extraction": "with that sound alone",
    "voice_conversion": "in the other voice",
    "style_transfer_tts": "in that voice's style",
    "text_to_sing": "sung",
}
_EDITED = {
    "trim": "trimmed",
    "join": "joined",
    "mix": "mixed",
    "normalise": "at an even loudness",
    "reverse": "reversed",
    "fade": "faded",
}


def titles(capabilities: Iterable[Capability]) -> str:
    """The names of capabilities as one enumeration."""
    names = [c.title for c in capabilities]
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names) or "nothing just now"


def small_talk(request: Request, served: Sequence[Capability]) -> str:
    """The answer to a message that asks for no tool."""
    can = f"I can {titles(served)}." if served else "Nothing is running here that I could use."
    if _WHAT.search(request.text):
        words = f"{can} Attach a file or write what you want."
    elif _THANKS.search(request.text):
        words = "You're welcome!"
    elif _GREETING.search(request.text) and len(request.text.split()) <= 6:
        words = f"Hello! {can}"
    else:
        words = f"{NO_LANGUAGE_MODEL} {can}"
    if request.spoken and request.text.strip():
        words = f"I heard: “{request.text.strip()}” {words}"
    return introduced(words, request)


def introduced(words: str, request: Request) -> str:
    """The words, and in a conversation's first reply that no language model is connected."""
    if not request.first or NO_LANGUAGE_MODEL in words:
        return words
    return f"{words}\n\n{NO_LANGUAGE_MODEL}".strip()


def after(results: Sequence[StepResult], capabilities: Mapping[str, Capability]) -> str:
    """What came of the steps: texts as they are, media by what was done, refusals as they were worded."""
    used = {v for r in results for given in r.step.args.values() for v in _listed(given) if isinstance(v, str)}
    lines: list[str] = []
    for number, result in enumerate(results, start=1):
        if result.refusal is not None:
            if result.refusal.message not in lines:
                lines.append(result.refusal.message)
            continue
        final = f"${number}" not in used
        if result.text and (final or not result.artifacts) and not _is_said(result):
            lines.append(result.text)
        elif result.artifacts and final:
            lines.append(_made(result, capabilities))
    return "\n".join(lines) or "That gave nothing to show."


def _listed(given: object) -> Sequence[object]:
    return given if isinstance(given, list | tuple) else (given,)


def _is_said(result: StepResult) -> bool:
    """The text of made speech is what the person asked to hear, not to read."""
    return bool(result.artifacts) and result.step.capability in ("text_to_speech", "style_transfer_tts", "text_to_sing")


def _made(result: StepResult, capabilities: Mapping[str, Capability]) -> str:
    capability = capabilities.get(result.step.capability)
    if result.step.capability == "audio_editing":
        done = _edit_words(result.step.args)
    else:
        done = _DONE.get(result.step.capability, "")
    if done:
        many = len(result.artifacts) > 1
        return f"Here {'they are' if many else 'it is'}: {done}."
    kinds = dict.fromkeys(_KINDS.get(a.kind, "the file") for a in result.artifacts)
    title = f" ({capability.title})" if capability else ""
    return f"Here is {' and '.join(kinds)}{title}."


def _edit_words(args: Mapping[str, object]) -> str:
    operation = str(args.get("operation", ""))
    for name, more, less, neutral in (
        ("gain_db", "louder", "quieter", 0.0),
        ("factor", "faster", "slower", 1.0),
        ("semitones", "higher", "lower", 0.0),
    ):
        given = args.get(name)
        if isinstance(given, int | float) and operation in ("gain", "speed", "pitch") and given != neutral:
            return more if given > neutral else less
    return _EDITED.get(operation, "edited")


def picture_question(items: Sequence[Item], served: Sequence[Capability]) -> str:
    """What could be done with a picture that came without words."""
    fitting = [c for c in served if any(r.kind is Kind.IMAGE and r.required for r in c.refs)]
    what = "these pictures" if len(items) > 1 else "this picture"
    if not fitting:
        return f"What should I do with {what}? Nothing that works on pictures runs here just now."
    return f"What should I do with {what}? I can {titles(fitting)}."
