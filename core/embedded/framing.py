"""How a sound video is to look: its shape, and whether it has captions."""

from __future__ import annotations

import re
from typing import Any

_FLAGS = re.IGNORECASE
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "vertical",
        re.compile(
            r"\b(?:vertical\w*|dikey|stående|lodret|portrait|upright|9:16|story|stories|reels?|tik ?tok|shorts"
            r"|hochformat|hochkant"
            r"|verticaux?|verticaal|staand|pionow\w+|κάθετο|pystysuora)\b|вертикальн|竖|縦|세로",
            _FLAGS,
        ),
    ),
    (
        "square",
        re.compile(
            r"\b(?:square|1:1|quadrat\w*|carrée?|cuadrad\w+|quadrat\w+|quadrad\w+|vierkant\w*|kwadrat\w*|kare"
            r"|kvadratisk\w*)\b"
            r"|квадрат|方形|正方|정사각",
            _FLAGS,
        ),
    ),
)
_CAPTIONS = (
    r"(?:captions?|subtitles?|subs|text(?:e|o)?|words|lyrics|lettering|untertitel\w*|texte?|sous-titres?"
    r"|subt[íi]tulos|letras"
    r"|sottotitoli|testo|legendas?|ondertitel\w*|ondertiteling|napis\w*|субтитр\w*|altyazı\w*|undertexter?"
    r"|υπότιτλους|титр\w*)"
)
_OFF = re.compile(
    rf"\b(?:without|no|w/o|ohne|keine?|sans|pas de|sin|senza|sem|zonder|geen|bez|без|utan|χωρίς)\s+(?:the |any |le "
    rf"|les |los |i |die |de )?"
    rf"{_CAPTIONS}(?!\w)"
    rf"|\b{_CAPTIONS}\b\W+(?:off|away|gone|out|weg|raus|aus|fuera|via|fora|eraf|precz)\b"
    rf"|\b(?:remove|drop|lose|hide|delete|turn off|entferne|nimm|enlève|retire|quita|quítale|togli|tira|verwijder"
    rf"|usuń|убери)\b.{{0,12}}"
    rf"\b{_CAPTIONS}"
    r"|(?:不要|没有|去掉|别加|不带)(?:了)?字幕|字幕(?:去掉|不要|なし|抜き|を?消して|はいらない)|altyazısız"
    r"|자막 ?(?:없이|빼)",
    _FLAGS,
)
_ON = re.compile(
    rf"\b(?:with|add|and|mit|avec|con|com|met|z|с|med)\s+(?:the |die |les |los |i |as )?{_CAPTIONS}(?!\w)"
    rf"|\b{_CAPTIONS}\b\W+(?:on|an|dazu|back)\b"
    r"|(?:带|加上?|要)字幕|字幕(?:付き|あり|を?付けて|をつけて)|자막 ?(?:넣|추가)",
    _FLAGS,
)

COVER = re.compile(
    r"\b(?:(?:book|album|front)?covers?|coveret|titelbild\w*|hintergrundbild|couverture|pochette|portada|carátula"
    r"|copertina|capa"
    r"|hoes|okładk\w*|omslag\w*|forside|kapak|εξώφυλλο)\b|обложк|封面|カバー|ジャケット|표지|커버",
    re.IGNORECASE,
)
"""Words for the picture that a sound video has."""


def framing(text: str) -> dict[str, Any]:
    """`shape` and `captions` as far as the words tell them."""
    found: dict[str, Any] = {}
    shape = next((name for name, pattern in _SHAPES if pattern.search(text)), None)
    if shape is not None:
        found["shape"] = shape
    if _OFF.search(text):
        found["captions"] = False
    elif _ON.search(text):
        found["captions"] = True
    return found
