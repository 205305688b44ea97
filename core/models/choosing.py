"""Which model serves a call that names a voice or a language, and what to say when none does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.capabilities import SpeakArgs, StyledSpeakArgs, TranslateSpeechArgs, TranslateTextArgs
from core.errors import BadInput
from core.languages import language_of, name, named
from core.models.base import Model, Pairs, Voice
from core.models.music._pinyin import is_pinyin
from core.sayings import saying

ModelClass = type[Model[Any]]

DEFAULT_LANGUAGE = "en"
_FEW = 12
"""Languages that a sentence names one by one."""


def chosen(
    models: Sequence[ModelClass], args: Mapping[str, Any], absent: Mapping[ModelClass, str] | None = None
) -> ModelClass:
    """The first of the models, all of one capability, that has the asked voice, language or pair of languages.

    `absent` are the models that would serve it too, with what would enable each.

    Raises:
        BadInput: none of them has; the sentence names what there is.
    """
    wanted = models[0].capability.args
    if issubclass(wanted, SpeakArgs | StyledSpeakArgs):
        return _speaker(models, args, absent or {})
    if issubclass(wanted, TranslateTextArgs | TranslateSpeechArgs):
        return _translator(models, args, absent or {})
    language = args.get("language")
    if "description" in wanted.model_fields:
        language = language_of(args.get("description", ""))
    if "lyrics" in wanted.model_fields:
        return _singer(models, str(args.get("lyrics", "")))
    fitting = (m for m in models if not m.languages or (language in m.languages if language else len(m.languages) > 1))
    return next(fitting, models[0])  # what nobody has named the language of is for those that know several


def _singer(models: Sequence[ModelClass], lyrics: str) -> ModelClass:
    """Who sings in the language of the words; words of no language, la la la, are sung by who sings English."""
    language = "zh" if is_pinyin(lyrics) else language_of(lyrics)
    sung = (m for m in models if not m.languages or (language or DEFAULT_LANGUAGE) in m.languages)
    return next(sung, models[-1])  # which refuses, and says what it sings


def spoken_language(args: Mapping[str, Any]) -> str:
    """The language in which a text is to be said: the asked one, else that of the text, else English."""
    return args.get("language") or language_of(args["text"]) or DEFAULT_LANGUAGE


def voice_called(voices: Sequence[Voice], asked: str | None) -> Voice | None:
    """The voice of a name ("kumo", "jm_kumo") or of a kind ("male"); the first where none is asked; None if unknown."""
    if asked is None:
        return voices[0] if voices else None
    low = re.sub(r"^[a-z]{2}_", "", asked.strip().lower())
    return next((v for v in voices if low in (v.name, v.sex)), None)


def _speaker(models: Sequence[ModelClass], args: Mapping[str, Any], absent: Mapping[ModelClass, str]) -> ModelClass:
    language, asked = spoken_language(args), args.get("voice")
    speaking = [m for m in models if not m.languages or language in m.languages]
    having = [m for m in models if asked is None or voice_called(m.voices, asked)]
    found = next((m for m in speaking if m in having), None)
    if found is not None:
        return found
    if not having:
        raise BadInput(saying("voice_unnamed", voice=asked or "", voices=_voices(models)))
    if not speaking:
        raise BadInput(_unread(language, named(_languages(models)), absent))
    raise BadInput(saying("voice_foreign", voice=asked or "", language=name(language), voices=_voices(speaking)))


def _languages(models: Iterable[ModelClass]) -> list[str]:
    return list(dict.fromkeys(code for m in models for code in m.languages))


def _voices(models: Iterable[ModelClass]) -> str:
    """Every voice with its languages: "heart (English), alpha and kumo (Japanese, English)"."""
    spoken: dict[str, list[str]] = {}
    for model in models:
        for voice in model.voices:
            spoken.setdefault(voice.name, []).extend(model.languages)
    grouped: dict[str, list[str]] = {}
    for voice_name, codes in spoken.items():
        grouped.setdefault(named(dict.fromkeys(codes)), []).append(voice_name)
    return "; ".join(f"{', '.join(names)} ({codes})" for codes, names in grouped.items())


def _unread(language: str, there: str, absent: Mapping[ModelClass, str]) -> str:
    """That a language is not read aloud, which ones are, and what would enable it where that is known."""
    reason = next((why for model, why in absent.items() if language in model.languages), None)
    if reason:
        return saying("language_unread_yet", language=name(language), languages=there, enable=reason)
    return saying("language_unread", language=name(language), languages=there)


def text_source(model: ModelClass, args: TranslateTextArgs) -> str | None:
    """The language that a text is to be translated from; None where neither the person nor the text tells.

    Raises:
        BadInput: there is nothing to translate, or the model does not translate these languages.
    """
    if not any(character.isalpha() for character in args.text):
        raise BadInput(saying("translation_empty"))
    given = args.model_dump()
    chosen([model], given)
    return _source(given)


def _source(args: Mapping[str, Any]) -> str | None:
    text = args.get("text")
    return args.get("source_language") or (language_of(text) if text else None)


def _translator(models: Sequence[ModelClass], args: Mapping[str, Any], absent: Mapping[ModelClass, str]) -> ModelClass:
    target = args.get("target_language") or DEFAULT_LANGUAGE
    source = _source(args)
    if source == target:
        raise BadInput(saying("translation_same", language=name(target)))
    found = next((m for m in models if translates(m.pairs, source, target)), None)
    if found is not None:
        return found
    asked = f"{f'from {name(source)} ' if source else ''}into {name(target)}"
    why = next((w for m, w in absent.items() if translates(m.pairs, source, target)), None)
    hint = f" For {name(target)}, {why}." if why else ""
    pairs = told(p for m in models for p in m.pairs)
    raise BadInput(saying("translation_pair", asked=asked, pairs=pairs, hint=hint))


def translates(pairs: Sequence[Pairs], source: str | None, target: str) -> bool:
    """Whether a pair is among them; any source will do where it is not known."""
    return any(target in p.targets and (source is None or source in p.sources) for p in pairs)


def told(pairs: Iterable[Pairs]) -> str:
    """Pairs for a sentence: "English to Portuguese; 99 languages to English"."""
    said: dict[str, None] = {}
    for group in pairs:
        if len(group.sources) * len(group.targets) <= _FEW:
            both = [(s, t) for s in group.sources for t in group.targets if s != t]
            said.update(dict.fromkeys(f"{name(source)} to {name(target)}" for source, target in both))
        else:
            sources = [code for code in group.sources if group.targets != (code,)]
            said[f"{_counted(sources)} to {_counted(group.targets)}"] = None
    return "; ".join(said)


def _counted(codes: Sequence[str]) -> str:
    return named(codes) if len(codes) <= _FEW else f"{len(codes)} languages"
