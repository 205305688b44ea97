"""What kind of a transcript is asked for: a file, subtitles, one that names the speakers, from which language."""

from __future__ import annotations

import re
from typing import Any

from core.embedded.languages import languages, source_language

_FLAGS = re.IGNORECASE
_SUBTITLES = re.compile(
    r"\bsrt\b|subtitle|subtítulo|sous-titre|untertitel|sottotitol|legendas?\b|字幕|субтитр|\bcaptions?\b", _FLAGS
)
_FILE = re.compile(
    r"\.txt\b|\btxt\b|\b(?:text|word|transcript)\s?(?:file|document)\b|\bas (?:a )?(?:file|document)\b|\btextdatei\b"
    r"|\bals datei\b|archivo de texto|fichier texte|file di testo|(?:ficheiro|arquivo) de texto|文本文件|文字文件"
    r"|テキストファイル|(?:текстов\w+ )?файл",
    _FLAGS,
)
_WHO_SAYS = re.compile(
    r"\bwho['’]s (?:speaking|talking)\b|\bwho (?:said|says|is saying|was saying|told|spoke|is speaking|speaks"
    r"|is talking|talks)\b"
    r"|\b(?:speaker|name)s?['’]? (?:labels?|names?|tags?)\b|\blabel\w* (?:the |each |by )?speakers?\b"
    r"|\b(?:with|by|per|for each|names? of the|different|each) speakers?\b|\bspeaker by speaker\b"
    r"|\bquién (?:dijo|dice|habla)|\bqui (?:a dit|dit|parle)|\bwer (?:hat )?(?:was|gesagt|sagt|spricht)"
    r"|\bchi (?:ha detto|dice|parla|ha parlato)|\bquem (?:disse|diz|fala|falou)"
    r"|谁(?:说|在说|讲)|誰が|кто (?:что )?(?:сказал|говорит|говорил)"
    r"|\b(?:hablantes|interlocuteurs|locuteurs|sprechern?|parlanti|falantes)\b|说话人|話者|говорящ",
    _FLAGS,
)
_WRITE_DOWN = re.compile(
    r"\btranscri|\bwrite (?:\w+ )?down\b|\bwrite out\b|\bminutes of\b|\bprotokoll|\bverschrift|\baufschreib"
    r"|\bmitschrift"
    r"|转写|转成文字|記録|文字起こし|書き起こ|расшифр|запиши|стенограмм"
    r"|\bwhat\b.*\b(?:said|says|saying)\b|\bwho (?:said|says) what\b|\bqué (?:dijo|dice)|\bdit quoi\b|\bwas gesagt\b"
    r"|\bdetto (?:che )?cosa\b|\bdisse o qu[eê]\b|说了?什么|何を言|что (?:сказал|говорит)",
    _FLAGS,
)
_TRANSCRIBE = re.compile(
    r"^(?!.*(?:translat|tradu[cz]|übersetz|перевед|翻译|翻訳)).*\b(?:transcri|trascri|transkri)", _FLAGS
)
_ONLY_WORDS = re.compile(
    r"^\W*(?:(?:the|its|de[nm]?|die|das|les?|los|las|el|i|il|le|as|o|os)\W+)?(?:words|text|worten?|texte?|mots|paroles"
    r"|palabras|texto|parole|testo|palavras|слова|текст)\b",
    _FLAGS,
)
_FEW = 5


def kind_of_transcript(clause: str) -> dict[str, Any]:
    """The arguments of a recognition that the words of a clause name, beside the clip and the number of speakers."""
    args: dict[str, Any] = {}
    language = source_language(clause)
    if language:
        args["language"] = language
    if re.search(r"\bvtt\b", clause, _FLAGS):
        args["format"] = "vtt"
    elif _SUBTITLES.search(clause):
        args["format"] = "srt"
    elif _FILE.search(clause):
        args["format"] = "txt"
    if _WHO_SAYS.search(clause):
        args["by_speaker"] = True
    return args


def only_captions(clause: str) -> bool:
    """Whether words only name captions, as a part of what a clause before them asks for: "and subtitles"."""
    named = _SUBTITLES.search(clause) or _ONLY_WORDS.match(clause)
    return bool(named) and len(clause.split()) <= _FEW and not _WRITE_DOWN.search(clause)


def wants_transcript(label: str, clause: str) -> bool:
    """Whether what reads like another capability wants a transcript: who said what, or from which language."""
    if label == "speaker_diarization":
        return bool(_WRITE_DOWN.search(clause) and _WHO_SAYS.search(clause))
    return (
        label == "speech_translation"
        and bool(_TRANSCRIBE.search(clause))
        and source_language(clause) is not None
        and not any(into for _, into in languages(clause))
    )
