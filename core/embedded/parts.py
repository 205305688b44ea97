"""Which of the things that one step makes a later clause means: the vocals or the rest, the second speaker."""

from __future__ import annotations

import re

from core.embedded.recall import nth
from core.plans import Step

_FLAGS = re.IGNORECASE
_REST = re.compile(
    r"\b(?:the rest|rest of it|remaind\w+|what(?:'s| is) left|what remains|everything else)\b"
    r"|\bwithout (?:it|them|him|her)\b"
    r"|\b(?:accompaniment|instrumentals?|backing(?: track)?|the (?:music|band|instruments)|karaoke|die musik"
    r"|la (?:musique|música|musica)|a música|die instrumente|les instruments|los instrumentos|gli strumenti)\b"
    r"|\b(?:the (?:backing|band|playback)|la (?:\w+ )?pista|la (?:\w+ )?base|das playback|el playback|a base"
    r"|o playback)\b"
    r"|\b(?:el resto|lo demás|acompañamiento|le reste|accompagnement|der rest|den rest|begleitung|il resto"
    r"|accompagnamento|o resto|acompanhamento|instrumental|de rest|begeleiding|reszt[aęy]|akompaniament)\b"
    r"|剩下的|其余|伴奏|残り|остально\w+|аккомпанемент",
    _FLAGS,
)
_VOICE = re.compile(
    r"\b(?:the (?:vocals?|voice|singing|singer)|vocals|la voz|las voces|la voix|le chant|die stimme|de[nr] gesang"
    r"|la voce|il canto|a voz|o vocal|de zang|de stem|wokal\w*|głos)\b|人声|歌声|ボーカル|声|вокал|голос",
    _FLAGS,
)
_TAKEN_OUT = re.compile(
    r"\b(?:take|cut|get|strip|pull|filter)\b.*\b(?:out|off|away|rid)\b|\b(?:remove|delete|drop|mute|kill|lose"
    r"|without)\b"
    r"|\b(?:quita|elimina|sin|enlève|supprime|sans|entferne|ohne|raus|weg|togli|rimuovi|senza|tira|remove|sem"
    r"|verwijder|zonder|usuń|bez)\b|去掉|删除|消して|除いて|убери|удали|без",
    _FLAGS,
)


def part(step: Step, asked: str, clause: str) -> int | None:
    """The number, from 1, of what a clause means of a step that makes several; None where it does not matter.

    `asked` is the clause that asked for the step: who has the vocals taken out goes on with what is left.
    """
    if step.capability == "speech_separation":
        return nth(range(1, int(step.args.get("speakers") or 2) + 1), clause)
    if step.capability not in ("music_separation", "sound_extraction"):
        return None
    return role(step.capability, clause) or (2 if _TAKEN_OUT.search(asked) else 1)


def role(capability: str, clause: str) -> int | None:
    """Which part of a split recording a clause names by what it is: the vocals are 1, the rest is 2."""
    if _REST.search(clause):
        return 2
    return 1 if capability == "music_separation" and _VOICE.search(clause) else None
