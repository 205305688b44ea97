"""The setting AUDIOGPT_RIGHTS: rules that say who may not, may only or may also use what.

    everybody may not talking_head, hub           # a comment
    discord/8123/9456 may only text_to_speech, speech_recognition
    discord:1001, telegram:99 may also everything

One rule a line, or several with `;` between them. Who: `everybody`, PLATFORM, PLATFORM/SPACE, PLATFORM/SPACE/CHANNEL or
PLATFORM:ID. What: `everything`, or a capability, a model or a tier by its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from core.errors import WrongUse
from core.models.base import Tier
from core.registry import Registry

EVERYBODY, EVERYTHING = "everybody", "everything"

_RULE = re.compile(r"(?P<who>\S.*?)\s+may\s+(?P<verb>not|only|also)\s+(?P<what>\S.*)")
_WHO = re.compile(rf"{EVERYBODY}|[a-z]+(?:(?:/[^\s/:]+){{1,2}}|:\S+)?")
_COMMENT = re.compile(r"(?:^|\s)#.*")


class Verb(StrEnum):
    """What a rule does to what somebody may use."""

    NOT = "not"
    """Takes it away."""
    ONLY = "only"
    """Takes all the rest away."""
    ALSO = "also"
    """Gives it back."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as the operator wrote it, and on which line."""

    line: int
    text: str
    who: tuple[str, ...]
    verb: Verb
    what: tuple[str, ...]

    def wrong(self, fault: str) -> WrongUse:
        """That the rule cannot be followed, and why."""
        return _wrong(self.line, self.text, fault)


def rules(text: str) -> list[Rule]:
    """The rules of the setting, in their order.

    Raises:
        WrongUse: one does not parse; the message names its line.
    """
    found: list[Rule] = []
    limited: set[str] = set()
    for line, said in _said(text):
        rule = _rule(line, said)
        twice = next((who for who in rule.who if rule.verb is Verb.ONLY and who in limited), None)
        if twice is not None:
            raise rule.wrong(f"{twice} has a `may only` already; put all of it into one rule")
        limited |= set(rule.who) if rule.verb is Verb.ONLY else set()
        found.append(rule)
    return found


def _said(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        for said in _COMMENT.sub("", line).split(";"):
            if said.strip():
                yield number, said.strip()


def _rule(line: int, said: str) -> Rule:
    match = _RULE.fullmatch(said)
    if match is None:
        raise _wrong(line, said, "it is not WHO may not|only|also WHAT")
    rule = Rule(line, said, _listed(match["who"]), Verb(match["verb"]), _listed(match["what"]))
    odd = next((who for who in rule.who if not _WHO.fullmatch(who)), None)
    if odd is not None:
        raise rule.wrong(
            f"{odd!r} is neither {EVERYBODY!r} nor PLATFORM, PLATFORM/SPACE, PLATFORM/SPACE/CHANNEL or PLATFORM:ID"
        )
    return rule


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _wrong(line: int, said: str, fault: str) -> WrongUse:
    return WrongUse(f"AUDIOGPT_RIGHTS, line {line}: {said!r}: {fault}")


class Rights:
    """Who may use which models. A capability is there for whoever may use one of its models."""

    def __init__(self, text: str, known: Registry) -> None:
        """Raise `WrongUse` where a rule does not parse, or names what there is not."""
        self._all = frozenset(known.models)
        given = [(who, rule.verb, _models(rule, known)) for rule in rules(text) for who in rule.who]
        self._given = sorted(given, key=lambda one: _width(one[0]))

    def models(self, person: str, place: str) -> frozenset[str]:
        """Ids of the models that a person (`platform:id`) may use in a place (`ConversationKey.place`).

        The rules count from the widest to the narrowest, those of the person last.
        """
        mine = self._all
        for who, verb, models in self._given:
            if who not in (EVERYBODY, person) and not f"{place}/".startswith(f"{who}/"):
                continue
            mine = mine & models if verb is Verb.ONLY else mine - models if verb is Verb.NOT else mine | models
        return mine


def _width(who: str) -> int:
    """Less is wider."""
    return 4 if ":" in who else 0 if who == EVERYBODY else 1 + who.count("/")


def _models(rule: Rule, known: Registry) -> frozenset[str]:
    """The models that a rule is about."""
    return frozenset(model for name in rule.what for model in _named(name, rule, known))


def _named(name: str, rule: Rule, known: Registry) -> Sequence[str]:
    names = [EVERYTHING, *(tier.value for tier in Tier), *known.capabilities, *known.models]
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "`audiogpt models` lists them"
        raise rule.wrong(f"there is no capability, model or tier {name!r}; {hint}")
    return [m.id for m in known.models.values() if name in (EVERYTHING, m.id, m.capability.id, m.tier)]
