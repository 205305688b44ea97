"""The sister of a capability that the words and what is at hand tell apart better than the head does."""

from __future__ import annotations

import re

from core.embedded.clauses import masked
from core.embedded.editing import operation
from core.embedded.effects import effect, makes_loop
from core.embedded.head import State
from core.embedded.languages import target_language
from core.embedded.mending import mends
from core.embedded.stretches import COVERS, names_stretch
from core.embedded.voices import SEXES, known_voice, voice_asked
from core.embedded.wording import (
    asks_how_to_say,
    commands_to_say,
    commands_to_translate,
    description,
    quoted_or_given,
    words_to_say,
)
from core.languages import language_of
from core.models.sound.musical import is_music

_SAID, _TRANSLATED, _EDIT = "text_to_speech", "text_translation", "audio_editing"
_SPACE, _MEND, _EXTRACT, _CLEAN = "mono_to_binaural", "audio_inpainting", "sound_extraction", "speech_enhancement"
_SOMEBODYS = re.compile(
    r"\b(?:it|this|that|these|those|same|like|his|her|their|my|mine|attached|clip|recording|sample|reference|dies\w*"
    r"|sein\w*"
    r"|ihr\w*|mein\w*|wie|cett?e|celle|sa|ma|comme|est[ea]|es[ea]|su|mi|como|quest\w|quell\w|sua|mia|come"
    r"|ess[ea]|minha"
    r"|deze|die|zijn|haar|zoals|t[aąey]|jego|jej|эт\w+|его|её|моим|как)\b|这|那|他|她|我|この|その|彼",
    re.IGNORECASE,
)
"""Words that say whose voice, or which clip, beside a man's or a woman's."""
_THIS_PERSONS = re.compile(
    r"\b(?:this|that) (?:woman|man|person|guy|lady|girl|boy|kid|speaker)(?:['’]?s)? voice\b"
    r"|\bvoice of (?:this|that) (?:woman|man|person|guy|lady|girl|boy|kid|speaker)\b",
    re.IGNORECASE,
)
_AUDIO_OF = re.compile(
    r"^\W*(?:please |can you |could you )?(?:generate|create|make|produce|synthesi[sz]e) (?:me )?(?:an? |the |some )?"
    r"(?:audio|sounds?|noise)(?: clip| effect)? (?:of|for)\b",
    re.IGNORECASE,
)
"""What is described behind it is heard, though it stands in quotes."""
_SOUND_EFFECT = re.compile(r"\bas an? (?:sound effect|sfx)\b|\bals (?:sound|klang)?effekt\b|\bsfx\b", re.IGNORECASE)
_NOT_EFFECTS = frozenset([_CLEAN, _EXTRACT, _MEND, "text_to_audio", "audio_captioning"])
_MADE = frozenset(["text_to_music", "text_to_audio"])
_DECIBELS = re.compile(
    r"\d\s*(?:db|decibels?|dezibel|décibels?|decibel(?:es|ios)?|децибел\w*|дб|分贝|デシベル|데시벨)(?![a-z])",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:earlier|before|previous|vorhin|von eben|tout à l['’]heure|d['’]avant|de antes|di prima|de antes"
    r"|van net|van daarnet"
    r"|wcześniejsz\w+|прошл\w+|предыдущ\w+)\b|さっき|先ほど|前の|刚才|之前|아까|방금",
    re.IGNORECASE,
)
_PLAIN_EFFECTS = frozenset(["reverb", "echo", "equalise", "loop", "compress", "remove_silence"])
"""Effects whose words leave no doubt that a clip is to be edited."""
_PANS = re.compile(r"\bpan(?:ned|ning|ear|ner|orámica)?\b(?! (?:flute|pipe|fl[uö]))", re.IGNORECASE)
_INTO_TEXT = re.compile(r"\b(?:в|у) текст\b|\b(?:in|into|to) text\b|\bna tekst\b|(?:成|为)文字", re.IGNORECASE)
"""Russian translates speech "into text" that it writes down."""
_ANNOUNCED = re.compile(
    r"\b(?:announcement|announce|voice-?over|voice|ansage|durchsage|anuncio|annonce|annuncio|aviso|mededeling"
    r"|ogłoszenie"
    r"|объявление)\b|广播|通知|アナウンス",
    re.IGNORECASE,
)
_OF_WORDS = ("speech_translation", "talking_head", "image_captioning", "audio_captioning", _TRANSLATED)
_READS_OUT = re.compile(
    r"\b(?:read|say|speak|l[eê]|leia|lee|léeme|lis|lies|leggi|di(?:lla|llo)?|прочитай|lees|przeczytaj)\b.{0,20}"
    r"\b(?:translation|description|tradução|descrição|traducción|descripción|traduction|übersetzung|beschreibung"
    r"|traduzione"
    r"|descrizione|перевод|описание|vertaling|tłumaczenie)\b"
    r"|\b(?:translation|description|tradução|descrição|traducción|descripción|traduction|traduzione"
    r"|descrizione)\b.{0,30}"
    r"\b(?:dilla|dila|léela|lis-la|leia-a|read it (?:out|aloud))\b",
    re.IGNORECASE,
)
"""Says words that there are: "read him that translation aloud"."""
_VOICE_NOTE = re.compile(
    r"\b(?:write|type|tipp\w*|schreib\w*)\b.*\b(?:my|his|her|their|the|this|that) (?:voice )?(?:note|memo"
    r"|message)\b(?! for)",
    re.IGNORECASE,
)
_LAID = re.compile(
    r"(?:^|[:;])\W*(?:(?:and|now|then|ok|so|und|dann|et|puis|y|luego|e|poi|en)\W+)*(?:lay|layer|put|overlay|mix|blend|stack"
    r"|stick|lege?"
    r"|mets|pon|ponlo|metti|põe|zet|nałóż|наложи)\b",
    re.IGNORECASE,
)
"""Puts one clip over, under or before another, or an effect on one."""


def twin(label: str, words: str, text: str, state: State) -> str:
    """The sister of a capability that the words and what is at hand tell apart better than the head does."""
    if label == "style_transfer_tts" and (known_voice(words) or voice_asked(words) in SEXES):
        return label if state.audio and _SOMEBODYS.search(masked(words)) else _SAID
    if label in _OF_WORDS and _READS_OUT.search(masked(words)) and target_language(words) is None:
        return _SAID
    if label == "music_transcription" and _VOICE_NOTE.search(words):
        return "speech_recognition"
    if label == "text_to_audio" and quoted_or_given(words) and _announces(words):
        return _SAID
    if label == _SAID and _AUDIO_OF.match(words):
        label = "text_to_audio"
    if label == _SAID and state.audio and _THIS_PERSONS.search(masked(words)):
        return "style_transfer_tts"
    if label == _EDIT and _SOUND_EFFECT.search(text) and not _SOMEBODYS.search(text):
        return "text_to_audio"
    if label == "speech_translation" and quoted_or_given(text) and (not state.audio or asks_how_to_say(words)):
        return _TRANSLATED
    if label == "text_to_audio" and is_music(description(words)):
        return "text_to_music"
    if label in (_EXTRACT, _EDIT) and mends(words):
        return _MEND
    if label == "speech_recognition" and state.audio and commands_to_translate(words) and not _INTO_TEXT.search(words):
        return "speech_translation"
    if label == _SPACE and _PANS.search(words):
        return _EDIT
    if label in (*_NOT_EFFECTS, *_MADE) and _LAID.search(words) and operation(words) in _laid_on(state):
        return _EDIT
    if label in (_EXTRACT, _MEND, _CLEAN) and state.audio and operation(words) in COVERS and names_stretch(words):
        return _EDIT
    if state.audio and label in _NOT_EFFECTS and effect(words) in _PLAIN_EFFECTS and not makes_loop(words):
        return _EDIT
    if state.audio and label in _MADE and _EARLIER.search(words) and effect(words) in _PLAIN_EFFECTS:
        return _EDIT
    if label in (*_NOT_EFFECTS, *_MADE, _SPACE) and by_decibels(words):
        return _EDIT
    if label == _SAID and commands_to_translate(words) and quoted_or_given(words):
        return _TRANSLATED
    if label in (_SAID, _TRANSLATED) and commands_to_say(words):
        return _said_in(words) or label
    return label


def _laid_on(state: State) -> tuple[str, ...]:
    return ("fade", "reverb", "echo", *(("mix", "join") if state.audio else ()))


def by_decibels(words: str) -> bool:
    """Whether a clip is to be so many decibels louder or quieter, which no description of a sound asks for."""
    return bool(_DECIBELS.search(words)) and operation(words) == "gain"


def _announces(words: str) -> bool:
    """Whether quoted words are for a voice: "shop announcement: ..., female voice"."""
    around = masked(words)
    return bool(_ANNOUNCED.search(around)) and (
        voice_asked(around) is not None or not re.search(r"\bsounds?\b", around)
    )


def _said_in(words: str) -> str | None:
    """What "say good morning in French" asks for: words of another language are translated first."""
    said = words_to_say(words)
    wanted = target_language(words.replace(said, " ")) if said else None
    return None if wanted is None else _SAID if language_of(said) in (wanted, None) else _TRANSLATED
