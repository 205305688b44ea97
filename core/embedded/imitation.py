"""Whose voice a request wants to hear, and in which recording it is."""

from __future__ import annotations

import re

from core.artifacts import Kind
from core.embedded.at_hand import AtHand
from core.embedded.people import named_voice
from core.embedded.voices import SEXES, known_voice, voice_asked
from core.plans import Item

_OWN = re.compile(
    r"\b(?:in|with|into|to|using|use|by) my (?:own )?(?:voice|style)\b|\bto mine\b"
    r"|\b(?:sounds?|sounding|speaks?) like me\b|as (?:if|though) i (?:had )?(?:said|spoke)"
    r"|\b(?:make|let|have) my voice\b"
    r"|con mi (?:propia )?voz|avec ma (?:propre )?voix"
    r"|(?:mit|in) meiner (?:eigenen )?stimme|com a minha (?:própria )?voz|con la mia (?:propria )?voce"
    r"|моим (?:собственным )?голосом|用我(?:自己)?的声音|(?:私|僕|わたし)の声で",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"\b(?:in|with|using) (?:his|her|their|the speaker'?s|the same|that|this) (?:own )?(?:voice|style)\b(?! (?:note"
    r"|message|memo|mail)s?\b)"
    r"|\b(?:make|let|have) (?:his|her|their|that|this) voice\b"
    r"|con (?:su|esta|esa) (?:propia )?voz|avec (?:sa|cette) (?:propre )?voix"
    r"|mit (?:seiner|ihrer|dieser) (?:eigenen )?stimme|com (?:a sua|esta|essa) (?:própria )?voz"
    r"|con (?:la sua|questa) (?:propria )?voce|(?:этим|его|её) голосом|用(?:这个|他的|她的)声音"
    r"|(?:この|その|彼の|彼女の)声で",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:in|with|using) your (?:own |normal |usual |regular |default |standard )*voice\b"
    r"|(?:mit|in) deiner (?:\w+ )?stimme|con tu (?:propia )?voz|avec ta (?:propre )?voix|con la tua (?:\w+ )?voce"
    r"|своим обычным голосом|твоим голосом|用你(?:自己)?的声音|あなたの声で",
    re.IGNORECASE,
)
"""The bot's voice, which is nobody's."""
_NOBODY = re.compile(
    r"child|kid|robot|monster|narrator|pirate|villain|teacher|king|queen|santa|witch|ghost|person|speaker"
    r"|singer",
    re.IGNORECASE,
)
"""Whose voice is a manner, and no recording."""
_LIKE = re.compile(r"\b(?:make|let|have)\b.* sounds? like (?:me|him|her|them)\b", re.IGNORECASE)
_MADE_TO_SAY = re.compile(r"\b(?:make|let|have|use) .*\bvoice\b.*?\b(?:to )?says? ", re.IGNORECASE)
_SAY = re.compile(r"^(?:to )?says? ", re.IGNORECASE)


def meant(label: str, clause: str) -> str:
    """The capability that a clause means, where it names a voice by whose it is."""
    if label == "style_transfer_tts" and _OURS.search(clause):
        return "text_to_speech"
    if label == "text_to_speech" and follows_a_voice(clause):
        return "style_transfer_tts"
    if label in ("audio_captioning", "audio_editing", "image_to_audio", "text_to_audio") and _LIKE.search(clause):
        return "voice_conversion"
    return label


def follows_a_voice(clause: str) -> bool:
    """Whether something is to be said in a voice that somebody has."""
    return bool(_OWN.search(clause) or _THIS.search(clause) or somebodys(clause))


def somebodys(clause: str) -> str:
    """Who is named as the one in whose voice it is to be said; empty for "a woman's", and for a voice that there is."""
    name = named_voice(clause)
    return "" if not name or known_voice(clause) or voice_asked(clause) in SEXES or _NOBODY.fullmatch(name) else name


def said_by_a_voice(clause: str, text: str) -> str:
    """The words to say, without the "say" of "make this voice say ..."."""
    return _SAY.sub("", text) if _MADE_TO_SAY.search(clause) else text


def own_recording(clause: str, hand: AtHand) -> Item | None:
    """The recording in which who asks speaks, where a clause means their own voice and there is one."""
    if not _OWN.search(clause):
        return None
    sound = [i for i in hand.request.items if i.kind is Kind.AUDIO]
    sent = (i for i in sound if i.mine and not i.made)
    own = (i for i in sound if i.own and not i.made)
    return next(own, next((i for i in sound if i.voice), next(sent, None)))


def pair(clause: str, hand: AtHand, found: list[str]) -> tuple[str, str]:
    """Which of at least two recordings is to change, and which is the reference: the first and the second, mostly."""
    own = own_recording(clause, hand)
    current = {i.id for i in hand.items(Kind.AUDIO, current=True)}
    names = {i.id: i.name.lower() for i in hand.request.items}
    marked = [i for i in found if re.search(r"ref|sample|target|voice_?b\b", names.get(i, ""))]
    if own is not None and any(i != own.id for i in found):
        reference = own.id
    elif len(marked) == 1:
        reference = marked[0]
    elif _OWN.search(clause) and len(current) == 1:
        reference = next((i for i in found if i not in current), found[1])
    else:
        reference = found[1]
    return next(i for i in found if i != reference), reference
