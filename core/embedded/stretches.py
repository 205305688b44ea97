"""The stretch of a clip that an edit is about, while the rest stays: "make the first 3 seconds louder"."""

from __future__ import annotations

import re

from core.embedded.quantities import NUMBER, Time, times, value
from core.embedded.telling import Lack
from core.errors import RefusalKind

Stretch = tuple[float, float | None]
"""From a second to a second of a clip; None is its end."""

OF_PARTS = frozenset(
    ["gain", "normalise", "compress", "equalise", "reverb", "echo", "speed", "pitch", "reverse", "remove_silence"]
    + ["loop", "pan", "mute", "bleep"]
)
"""The operations that can be about a stretch."""

_FLAGS = re.IGNORECASE
COVERS = {
    "bleep": re.compile(
        r"\bbleep|\bbeep (?:out|over)\b|\bcensor|\bzensier|\bpiep\w* |\bbips?\b|\bpitido|\bcensur|\bапип|\bзапик"
        r"|\bwypikaj|ピー音|哔",
        _FLAGS,
    ),
    "mute": re.compile(
        r"\bmut(?:e|ed|ing)\b"
        r"|\bsilence (?:it|from|between|the (?:part|bit|section|first|last|second|word|bit)|everything|\d)"
        r"|\bstumm|\bmuet|\bsilenci(?:a|ar|e)\b|\bsilenzia|\bammutolisci|\bdemp\w*\b|\bzet .*\bstil\b"
        r"|\bwycisz\b(?! na końcu)|\bзаглуш|静音|消音|ミュート|음소거|\bsessize|\btysta",
        _FLAGS,
    ),
}
"""What is put in the place of a stretch, which they need."""
_T = r"⟨(\d+)⟩"
_THE = r"(?:(?:the|its|his|her|my|de[rnms]?|die|das|les?|la|l['’]|el|los|las|il|lo|gli|i|os?|as?|het)\s*)?"
_FROM = (
    r"(?:from|between|seconds?|at|over|during|in|von|zwischen|ab|sekunden?|bei|über|de|entre|depuis|pendant"
    r"|secondes?|du"
    r"|desde|segundos?|del|da|dalle?|dai|dal|tra|fra|secondi|das?|dos?|van|tussen|seconden|od|między|sekundy|с|со|от"
    r"|между|секунды|从|在|第)"
)
_TO = (
    r"(?:-|–|—|~|to|till|until|through|bis(?: zu[rm]?)?|à|jusqu['’]à|al?|alla|alle|ai|hasta|até|às?|ao|tot|do|до|по|到"
    r"|至|から)"
)
_SECONDS = re.compile(r"(?:se[ckg]|第|сек)", _FLAGS)
"""A unit that stands before the numbers: "seconds 2 to 5"."""
_AND = r"(?:and|und|et|y|e|en|i|a|и|和)"
_RANGE = re.compile(
    rf"(?:(?<!\w){_FROM}\s*)?{_THE}{_T}\s*{_TO}\s*{_THE}{_T}(?:まで|の間)?"
    rf"|(?<!\w){_FROM}\s*{_THE}{_T}\s*{_AND}\s*{_THE}{_T}",
    _FLAGS,
)
_FIRST = (
    r"(?:first|opening|initial|ersten?|erste[nrs]?|premi[eè]re?s?|primer[oa]?s?|prim[ieoa]|primeir[oa]s?|eerste"
    r"|pierwsz\w+"
    r"|перв\w+|前|最初の?|开头的?|första|ilk|처음)"
)
_LAST = (
    r"(?:last|final|closing|letzten?|letzte[nrs]?|derni[eè]re?s?|últim[oa]s?|ultim[oiae]|laatste|ostatni\w*|последн\w+"
    r"|最后|最後の?|后|sista|son|마지막)"
)
_EDGE = re.compile(rf"(?:(?<!\w){_THE})?(?<!to )(?<!it )(?:(?P<first>{_FIRST})|(?P<last>{_LAST}))\s*{_T}", _FLAGS)
_INSIDE_FIRST = re.compile(r"premi|primer|prim[ie]|eerste|pierwsz", _FLAGS)
_INSIDE_LAST = re.compile(r"derni|últim|ultim|laatste|ostatni", _FLAGS)
"""The order within a time: "les 4 premières secondes"."""
_SECOND = (
    r"(?:second|last|latter|other|zweiten?|zweite[nr]?|deuxième|seconde|segund[oa]|second[oa]|tweede|drug\w+|втор\w+"
    r"|后|後"
    r"|下)"
)
_HALF_OF = re.compile(
    rf"(?<!\w){_THE}(?:(?P<first>{_FIRST})|(?P<last>{_SECOND}))\s*"
    r"(?:half|hälfte|moitié|mitad|metà|metade|helft|połow\w+|половин\w+|半段?|半分?)",
    _FLAGS,
)
_ONWARDS = re.compile(
    r"(?<!\w)(?:from|starting (?:at|from)|beginning at|ab|von|à partir d[eu]|a partir d[eio]|desde|da|vanaf|van|od|с"
    rf"|从)\s*{_THE}{_T}(?:\s*(?:on(?:wards?)?|an|to the (?:very )?end|bis (?:zum )?(?:ende|schluss)|in poi|em diante"
    r"|en adelante|jusqu['’]à la fin|hasta el final|fino alla fine|até o fim|tot het einde|до конца"
    r"|到(?:最后|结尾)|以后|开始))"
    r"|(?<!\w)(?:everything |all |alles )?(?:after|past|nach|après|después de|dopo|depois de|na|po|после)"
    rf"\s*{_THE}{_T}"
    rf"|(?<!\w)(?:ab|à partir d[eu]|vanaf)\s*{_THE}{_T}|{_T}(?:以降|から最後まで|から先)",
    _FLAGS,
)
_UP_TO = re.compile(
    r"(?<!\w)(?:until|up to|(?:everything |all )?before|bis(?: zu[rm]?)?|jusqu['’]à|hasta|fino a|até|tot|до)"
    rf"\s*{_THE}{_T}"
    rf"|{_T}(?:まで|之前|以前)",
    _FLAGS,
)

_BARE = re.compile(rf"(?<![A-Za-z\d.:⟨])({NUMBER})(?![\d%°⟩]|[.,:]\d|[A-Za-z])", _FLAGS)
_LEAST_SPELT = 2
"""Words for one and less are articles, too."""


def stretch(text: str, length_s: float | None, *, open_ended: bool = True) -> tuple[Stretch | None, str]:
    """The stretch that an edit's words name, and the words without it; None and all the words where they name none.

    Unless `open_ended`, a lone time that something goes on from or up to says something else: "an echo after 0.4 s".

    Raises:
        Lack: it is told from the end of a clip whose length nobody knows.
    """
    marked, found = _marked(text)
    if match := _RANGE.search(marked):
        ends = [found[int(n)] for n in match.groups() if n is not None]
        if (any(real for _, real in ends) or _SECONDS.match(match[0])) and ends[0][0] != ends[1][0]:
            start, end = sorted(seconds for seconds, _ in ends)
            return (start, end), _without(marked, match, found)
    if match := _HALF_OF.search(marked):
        middle = round(_known(length_s) / 2, 3)
        return ((0.0, middle) if match["first"] else (middle, None)), _without(marked, match, found)
    match = _EDGE.search(marked)
    if match and found[int(match[3])][1]:
        seconds = found[int(match[3])][0]
        named = (0.0, seconds) if match["first"] else (round(max(0.0, _known(length_s) - seconds), 3), None)
        return named, _without(marked, match, found)
    return _one_end(marked, found, text) if open_ended else (None, text)


def names_stretch(text: str) -> bool:
    """Whether an edit's words name a stretch."""
    return stretch(text, 1.0, open_ended=False)[0] is not None


def _one_end(marked: str, found: list[tuple[float, bool]], text: str) -> tuple[Stretch | None, str]:
    for pattern, opens in ((_ONWARDS, True), (_UP_TO, False)):
        if match := pattern.search(marked):
            seconds, real = found[next(int(n) for n in match.groups() if n is not None)]
            if real:
                return ((seconds, None) if opens else (0.0, seconds)), _without(marked, match, found)
    return None, text


def _marked(text: str) -> tuple[str, list[tuple[float, bool]]]:
    """The words with a mark for every time, and what each is: its seconds, and whether it has a unit."""
    spans: list[tuple[Time, bool]] = [(time, True) for time in times(text)]
    for match in _BARE.finditer(text):
        number = value(match[1])
        spelt_small = not match[1][0].isdigit() and number < _LEAST_SPELT
        if not spelt_small and not any(match.start() < t.end and t.start < match.end() for t, _ in spans):
            spans.append((Time(number, match.start(), match.end()), False))
    spans.sort(key=lambda span: span[0].start)
    marked = text
    for number, (time, _) in reversed(list(enumerate(spans))):
        own = text[time.start : time.end]
        order = "first " if _INSIDE_FIRST.search(own) else "last " if _INSIDE_LAST.search(own) else ""
        marked = f"{marked[: time.start]}{order}⟨{number}⟩{marked[time.end :]}"
    return marked, [(time.seconds, real) for time, real in spans]


def _without(marked: str, match: re.Match[str], found: list[tuple[float, bool]]) -> str:
    """The words without those of the stretch; other times in digits."""
    rest = f"{marked[: match.start()]} {marked[match.end() :]}"
    return re.sub(_T, lambda mark: _told(found[int(mark[1])]), rest)


def _told(time: tuple[float, bool]) -> str:
    seconds, real = time
    return f"{seconds:g} seconds" if real else f"{seconds:g}"


def _known(length_s: float | None) -> float:
    if not length_s:
        raise Lack(RefusalKind.MISSING_INPUT, "how_long")
    return length_s
