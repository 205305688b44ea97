"""The same as before, with something else or with one thing changed: "same treatment for this one"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.artifacts import Kind
from core.embedded.clauses import masked
from core.embedded.framing import COVER
from core.embedded.lineage import the_other
from core.embedded.lineage_words import OTHER
from core.embedded.recall import in_time, nth
from core.embedded.recall_words import MY
from core.plans import Item, Request, Step, pointed

_MOST_SIGNS = 160
_SAME = re.compile(
    r"\b(?:(?:do|apply|give|run|make|repeat) )?(?:(?:the|exact|exactly|very|all) )*same(?: (?:exact|old))?\b"
    r"(?! (?:as|time|person|voice|speed|tempo|way|length|day|place|key|tune|melody|cover|picture|image|words|text"
    r"|language|format|style|kind|idea"
    r"|song)\b)"
    r"|\blikewise\b|\bditto\b|\bidem\b|\bthe whole lot\b"
    r"|\b(?:das|die|den|genau das|ganz)?\s?(?:gleiche[nrs]?|dasselbe|dieselbe|genauso|genau so|ebenso)\b"
    r"|\b(?:pareil(?:le)?s?|la même chose|(?:le|les) mêmes? (?:chose|traitement|effets?|réglages?)|de même)\b"
    r"|\b(?:lo mismo|(?:el|los) mismos? (?:tratamiento|efectos?|pasos)|igual(?:ito)?)\b"
    r"|\b(?:lo stesso|la stessa cosa|gli stessi (?:effetti|passaggi)|uguale)\b"
    r"|\b(?:o mesmo|a mesma coisa|tudinho igual|igualzinho|igual)\b|\b(?:hetzelfde|zelfde|idem dito)\b"
    r"|\b(?:to samo|tak samo|to właśnie samo)\b|\bsamma (?:sak|in)?\b|\b(?:det )?samme\b|το ίδιο"
    r"|то же(?: самое)?|так же|те ж? ?саме|так само|aynısı\w*|aynı şe\w+|同样|一样|照样|也(?:来|做|弄)一?[遍下]"
    r"|也这样|同じ(?:こと|よう|処理)"
    r"|똑같이|같은 (?:걸로|거)|\bsama\b(?= (?:juga|kayak))"
    r"|\b(?:again|once more|once again|otra vez|de nuevo|noch ?mal|nochmals|encore une fois|di nuovo|un'altra volta"
    r"|opnieuw"
    r"|nog (?:een keer|eens)|jeszcze raz|tekrar|igen)\b|ещё раз|еще раз|снова|ще раз|再来一|重新|もう一度"
    r"|もういっかい|다시",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"^\W*(?:(?:and|now|ok(?:ay)?|then|und|jetzt|et|maintenant|y|ahora|e|agora|adesso|en|nu|i|teraz|и|а|теперь)\W+)*"
    r"(?:another(?: one)?|one more|noch (?:eine?[nms]?|eins)|(?:encore )?une? autre|encore une?|otr[oa](?: más)?"
    r"|un['’]?altr[oa]"
    r"|(?:um )?outr[oa]|mais uma?|uma|nog een|jeszcze jed(?:en|ną|no)|(?:ещё|еще) (?:один|одну|одно))"
    r"(?:,| for me,| pra mim,| für mich,| para mí,| pour moi,| but| aber| mais| pero| ma)\s+(?P<how>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_LENGTH_TOO = re.compile(
    r",?\s*(?:the )?(?:same|gleiche|même|misma|stessa|mesma) (?:length|länge|longueur|duración|durata|duração)\W*$",
    re.I,
)
_FEW_WORDS = 9
_TOO = re.compile(
    r"\b(?:too|as well|also|auch|ebenfalls|aussi|también|anche|também|tb|tmb|ook|też|także|тоже|также)\b|也|も"
    r"|도",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"\b(?:but|except|only|aber|nur|mais|sauf|pero|solo que|ma|però|mas|maar|ale|men|но|только|але)\b|但|不过|ただ"
    r"|けど",
    re.IGNORECASE,
)


def means_the_same(text: str) -> bool:
    """Whether a message wants what was done before, in words that need not name it again."""
    return len(text) <= _MOST_SIGNS and bool(_SAME.search(masked(text)))


def mine_too(text: str) -> bool:
    """Whether a message that asks for nothing else wants it with the asker's own clip as well: "mine as well then"."""
    hidden = masked(text)
    return len(text.split()) <= _FEW_WORDS and bool(MY.search(hidden) and _TOO.search(hidden))


def change_to_the_same(text: str) -> str:
    """What is to be otherwise: behind "but", else beside the words for the same."""
    hidden = masked(text)
    found = _SAME.search(hidden)
    if found is None:
        return ""
    but = _BUT.search(hidden, found.end())
    return (text[but.end() :] if but else f"{text[: found.start()]} {text[found.end() :]}").strip(" ,.!?")


def otherwise(text: str) -> str:
    """How another one of its kind is to be: "and another one, more bossa nova"; empty where none is asked for."""
    match = _ANOTHER.match(text) if len(text) <= _MOST_SIGNS else None
    return _LENGTH_TOO.sub("", match["how"]).strip(" ,.!") if match else ""


def another_clip(request: Request) -> Item | None:
    """The one thing that the same is wanted with: what is attached, the other one, or the second of several."""
    given = [i for i in request.items if i.current and not i.voice]
    if given:
        return given[0] if len(given) == 1 else None
    hidden = masked(request.text)
    kind = Kind.IMAGE if COVER.search(hidden) else Kind.AUDIO
    earlier = [i for i in request.items if i.kind is kind and not i.voice and not i.elsewhere]
    if OTHER.search(hidden):
        return the_other(earlier)
    if MY.search(hidden):
        return next((i for i in earlier if i.mine and not i.made), None)
    together = [i for i in earlier if not i.made] or earlier
    return nth(in_time(together), hidden)


def with_another(steps: Sequence[Step], item: Item) -> tuple[Step, ...]:
    """The steps about another clip in the place of the only one that they are about; none where there are more."""
    names = ("image",) if item.kind is Kind.IMAGE else ("audio", "audios")
    given = {v for step in steps for name in names for v in _strings(step.args.get(name))}
    about = [v for v in given if pointed(v) is None]
    if len(about) != 1 or about[0] == item.id:
        return ()

    def put(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return tuple(put(v) for v in value)
        return item.id if value == about[0] else value

    return tuple(replace(step, args={name: put(v) for name, v in step.args.items()}) for step in steps)


def _strings(given: Any) -> list[str]:
    return [v for v in (given if isinstance(given, list | tuple) else (given,)) if isinstance(v, str)]
