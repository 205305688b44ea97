"""Whether a description is of music and not of a scene. Light, as the router asks it."""

from __future__ import annotations

import re

from core.errors import BadInput

_MUSIC = re.compile(
    r"\b(?:song|music|melody|beat|piano|guitar|violin|cello|flute|trumpet|saxophone|harp|ukulele|accordion|clarinet|organ"
    r"|banjo|drum (?:solo|beat|kit)|orchestra|string quartet|jingle|symphony|musik|lied|melodie|klavier|gitarre|geige"
    r"|flöte|musique|chanson|guitare|violon|música|canción|guitarra|violín|musica|canzone|pianoforte|chitarra|violino"
    r"|violão|muziek|viool|gitaar|muzyka|piosenka|gitara|skrzypce|музыка|песня|пианино|гитара|скрипка)\b"
    r"|钢琴|吉他|小提琴|音乐|歌曲|ピアノ|ギター|バイオリン|音楽",
    re.IGNORECASE,
)


def names_music(description: str) -> bool:
    """Whether music or an instrument is named."""
    return bool(_MUSIC.search(description))


def is_music(description: str) -> bool:
    """Whether music is described, and no sound of a scene: "a piano playing"."""
    if not names_music(description):
        return False
    from core.models.sound._scene_reading import read

    try:
        read(description)
    except BadInput:
        return True
    return False
