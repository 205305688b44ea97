"""A step once more with one number changed or the other way round: "make that three", "sorry, till 25", "umgekehrt"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.embedded.effects import NORMAL, ROOMS, space_named
from core.embedded.quantities import NUMBER, times, value
from core.embedded.retrying import corrects
from core.plans import Step

_FEW_WORDS, _FEW_SIGNS = 10, 100
_SORRY = re.compile(
    r"^\W*(?:no|nah|nope|non|não|nein|nee|nie|нет|yok|nej)(?!\w)|\b(?:sorry|oops|wait|ugh|my bad|i mean|scusa"
    r"|perd[oó]na?|pardon|desculpa|entschuldige?|ups|quatsch|przepraszam|ой|извини|az oldu|çok oldu)(?!\w)"
    r"|ごめん|やっぱ|不对|不是|아니|미안",
    re.IGNORECASE,
)
_OTHER_WAY = re.compile(
    r"\bthe other (?:way|side|direction|ear)|\bthe opposite|\bother way (?:a?round)|\bvice versa|\bandersom"
    r"|\banders(?:he)?rum|\bumgekehrt|\b(?:auf die )?andere seite|\bal (?:revés|contrario)|\b(?:el|al|del) otro lado"
    r"|\boutro lado"
    r"|\bao contrário|\bl['’]autre (?:côté|sens|oreille)|\bà l['’]inverse|\bdall['’]altra parte|\bna odwrót"
    r"|\bw drugą stronę"
    r"|\bнаоборот|\bв другую сторону|\bс другой стороны|反过来|另一边|反対|逆(?:に|側|の)|반대",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:up|higher|louder|höher|rauf|hoch|su|arriba|haut|cima|omhoog|wyżej|вверх|выше)\b|上|高", re.IGNORECASE
)
_DOWN = re.compile(
    r"\b(?:down|lower|quieter|tiefer|runter|giù|abajo|bas|baixo|omlaag|niżej|вниз|ниже)\b|下|低", re.IGNORECASE
)
_TILL = re.compile(r"\b(?:till?|until|to|bis|jusqu['’]?\w*|hasta|fino|até|tot|do|до)\b|まで|까지|到", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|starting|ab|von|desde|da|dal|à partir|vanaf|od|с)\b|から|부터|从", re.IGNORECASE)
_TOO_MUCH = re.compile(
    r"\b(?:less (?:wet|echo|reverb)|too wet|dr[iy]er|weniger (?:hall|echo)|moins (?:de |d['’])(?:réverb|écho)"
    r"|menos (?:reverb|eco)"
    r"|meno (?:riverbero|eco)|minder (?:galm|echo)|too much|not (?:that|so|quite so) much|(?:half|less) of that"
    r"|a (?:bit|little|touch) less|tone it down"
    r"|zu (?:viel|stark|doll|sehr)|nicht so (?:viel|stark|doll|sehr)|etwas weniger|(?:c['’]est )?trop|pas (?:autant"
    r"|tant)|un peu moins"
    r"|demasiado|no tanto|un poco menos|troppo|non così tanto|un po['’]? meno|demais|não tanto|um pouco menos|te veel"
    r"|niet zo veel|za dużo|za mocno|nie aż tak|çok fazla|слишком|не так сильно)(?!\w)|太(?:多|大|强)了|やりすぎ"
    r"|너무 (?:많|커|크)",
    re.IGNORECASE,
)
_SIGNED = ("semitones", "gain_db")
_AMOUNTS = (*_SIGNED, "factor", "times", "seconds", "pan", "azimuth_deg", "loudness_lufs", "crossfade_s")
_TIMES = ("seconds", "crossfade_s")
_FADES = ("fade_in_s", "fade_out_s")
_MOTIONS = {"left_to_right": "right_to_left", "right_to_left": "left_to_right"}


def may_amend(text: str) -> bool:
    """Whether a message is short, and takes something back or turns it round."""
    short = len(text) <= _FEW_SIGNS and len(text.split()) <= _FEW_WORDS
    return short and any(p.search(text) for p in (_OTHER_WAY, _SORRY, _TOO_MUCH)) or short and corrects(text)


def amended(step: Step, text: str) -> Step | None:
    """The step as such a message corrects it; None where it corrects nothing of it."""
    changed = _turned(step.args) if _OTHER_WAY.search(text) else {}
    if _TOO_MUCH.search(text) and not re.search(r"\d", text):
        changed = changed or _halved(step.args)
    if step.args.get("operation") == "reverb" and (space := space_named(text)):
        changed = {"space": space}
    changed = changed or _renumbered(step.args, text)
    whole = {**step.args, **changed}
    return replace(step, args=whole) if whole != step.args else None


def _turned(args: Mapping[str, Any]) -> dict[str, Any]:
    """The other side, direction or order."""
    for name in (*_SIGNED, "pan", "azimuth_deg"):
        if args.get(name):
            return {name: -args[name]}
    if args.get("motion") in _MOTIONS:
        return {"motion": _MOTIONS[args["motion"]]}
    if args.get("factor"):
        return {"factor": round(1 / args["factor"], 3)}
    if args.get("operation") == "join" and len(args["audios"]) == 2:
        return {"audios": tuple(reversed(args["audios"]))}
    return {}


def _halved(args: Mapping[str, Any]) -> dict[str, Any]:
    """Half of what was done."""
    for name in _SIGNED:
        if args.get(name):
            return {name: round(args[name] / 2, 2)}
    if args.get("factor"):
        return {"factor": round(1 + (args["factor"] - 1) / 2, 3)}
    if args.get("operation") in ROOMS:
        return {"amount": round(args.get("amount", NORMAL) / 2, 2)}
    return {}


def _renumbered(args: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The one number of the words in the place of the one that it can be."""
    said = [n for n in re.findall(NUMBER, text, re.IGNORECASE) if n[0].isdigit() or value(n) != 1]  # "a" is an article
    timed = [t.seconds for t in times(text)]
    found = timed or [value(n) for n in said]
    if len(found) != 1:
        return {}
    (number,) = found
    if args.get("operation") == "trim":
        return _bound(args, number, text)
    fades = [name for name in _FADES if args.get(name)]
    amounts = [name for name in _AMOUNTS if args.get(name) and (name in _TIMES or not timed)]
    if fades:
        return dict.fromkeys(fades, number)
    if len(amounts) != 1:
        return {}
    (name,) = amounts
    if name == "times":
        return {name: int(number)}
    if name in _SIGNED:
        down = bool(_DOWN.search(text)) or (args[name] < 0 and not _UP.search(text))
        return {name: -abs(number) if down else abs(number)}
    return {name: -abs(number) if args[name] < 0 else number}


def _bound(args: Mapping[str, Any], number: float, text: str) -> dict[str, Any]:
    """Where a stretch begins or ends, by the words or by which of both was named."""
    start, end = args.get("start_s") or 0.0, args.get("end_s")
    name = "end_s" if _TILL.search(text) else "start_s" if _FROM.search(text) else ""
    name = name or ("end_s" if not start else "start_s" if end is None else "")
    begin, stop = (number, end) if name == "start_s" else (start, number)
    return {name: number} if name and (stop is None or begin < stop) else {}
