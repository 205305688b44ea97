"""Where around the listener's head a clause puts a sound, and how it moves there."""

from __future__ import annotations

import re
from typing import Any

from core.embedded.quantities import number_before

_LEFT, _RIGHT = (
    r"left|izquierda|gauche|links|linken|sinistra|esquerda|lew(?:o|ej|ą|a)|vänster|venstre|sol(?:a|dan)|左|왼쪽"
    r"|слева|лев|ліворуч",
    r"right|derecha|droite|rechts|rechten|destra|direita|praw(?:o|ej|ą|a)|höger|højre|sağ(?:a|dan)\\b|右|오른쪽"
    r"|справа|прав",
)
_SIDE = f"{_LEFT}|{_RIGHT}"
_ROUND = (
    r"circl|rotat|spin|orbit|\b(?:a|all) ?round (?:me|my|us|the (?:head|listener))|alrededor de m|autour de m"
    r"|\bkreis|um (?:mich|meinen kopf)|intorno a|(?:minha|meu) (?:volta|redor)|à volta d|绕|转圈|回る|回って|周り|круж"
    r"|вокруг"
)
"""Goes round, whichever side is named too: that is where it starts."""
_CIRCLE = rf"{_ROUND}|around|fly|gir[ae]r?\b|tourn|volta da|8 ?d\b"
_BEHIND = r"behind|\bback\b|detrás|derrière|hint(?:er|en)|dietro|atrás|trás|后面|背后|後ろ|сзади|позади"
_FRONT = r"\bin front\b|ahead|cent(?:re|er)|delante|devant|\bvor\b|davanti|frente|前|спереди|впереди"
_SLIGHTLY = (
    r"slight(?:ly)?|a (?:little|bit|touch)|somewhat|un poco|un peu|légère|etwas|leicht|ein bisschen|un po'|leggermente"
    r"|um pouco|ligeiramente|一点|稍|少し|немного|чуть"
)
_DEGREES = r"°|deg(?:rees?)?|grados|degrés|grad\b|gradi|graus|度|градус\w*"
_ACROSS = re.compile(
    rf"(?P<a>{_LEFT}|{_RIGHT}).*?(?:\bto\b|\ba\b|à|nach|naar|till|til|\bzu\b|移到|到|から|до|на"
    rf"|towards?).*?(?P<b>{_LEFT}|{_RIGHT})"
)
_AZIMUTH = re.compile(r"azimuth\D{0,8}?(-?\d+(?:\.\d+)?)")
_PLACE = re.compile(
    rf"azimuth|binaural|spatiali[sz]|(?:{_DEGREES})\W+(?:\w+\W+){{0,3}}(?:{_SIDE})"
    rf"|\b(?:{_SLIGHTLY})\W+(?:\w+\W+){{0,3}}(?:{_SIDE})\b",
    re.IGNORECASE,
)


def names_a_place(clause: str) -> bool:
    """Whether the words can mean nothing but a place in the space around the head."""
    return bool(_PLACE.search(clause))


def place(clause: str) -> dict[str, Any]:
    """`azimuth_deg` (positive is left), `motion`, or both; where no place is named the sound goes round."""
    low = clause.lower()
    across = _ACROSS.search(low)
    if across and bool(re.match(_LEFT, across["a"])) != bool(re.match(_LEFT, across["b"])):
        return {"motion": "left_to_right" if re.match(_LEFT, across["a"]) else "right_to_left"}
    azimuth = _azimuth(low)
    if re.search(_ROUND, low) or re.search(_CIRCLE, low) and not re.search(_SIDE, low):
        sided = azimuth is not None and re.search(rf"{_SIDE}|azimuth", low)
        return {"motion": "circle", "azimuth_deg": azimuth} if sided else {"motion": "circle"}
    return {"motion": "circle"} if azimuth is None else {"azimuth_deg": azimuth}


def _azimuth(low: str) -> float | None:
    named = _AZIMUTH.search(low)
    degrees = float(named[1]) if named else number_before(low, _DEGREES)
    sided, behind, front = (bool(re.search(pattern, low)) for pattern in (_SIDE, _BEHIND, _FRONT))
    if degrees is None and sided:
        degrees = 135.0 if behind else 45.0 if front else 30.0 if re.search(_SLIGHTLY, low) else 90.0
    elif degrees is None and (behind or front):
        degrees = 180.0 if behind else 0.0
    if degrees is None:
        return None
    if sided:
        degrees = abs(degrees) * (-1.0 if re.search(_RIGHT, low) else 1.0)
    return max(-180.0, min(180.0, degrees))
