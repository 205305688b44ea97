"""Judges what came of a round, by code: the plan, the artifacts and the words. docs/evaluation.md states the rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.capabilities import Capability
from core.evaluation.cases import ANY, Round
from core.evaluation.stage import Played
from core.plans import STEP_PREFIX, Step

_MADE = re.compile(r"@([1-9][0-9]*)(?:\.([1-9]))?$")
_PATTERN = "re:"
_FIRST = ".1"
"""`$2` and `$2.1` are the same."""
_CLAIM = re.compile(r"\bhere (?:it is|they are|is (?:the|your) (?:audio|picture|video|clip|file)s?)\b", re.IGNORECASE)
_TOLERANCE = 0.02
"""Numbers may be off by this share."""


def faults(played: Sequence[Played], capabilities: Mapping[str, Capability]) -> list[str]:
    """What is wrong with a played dialogue, a line each with its round; empty when all is as it must be."""
    found: list[str] = []
    known: dict[str, str] = {}
    for number, one in enumerate(played, start=1):
        known |= {artifact.name.lower(): artifact.id for artifact in one.sent}
        found += [f"round {number}: {fault}" for fault in _round(one, played[:number], known, capabilities)]
    return found


def _round(
    one: Played, so_far: Sequence[Played], known: Mapping[str, str], capabilities: Mapping[str, Capability]
) -> Iterable[str]:
    expect = one.round.expect
    plan = tuple(step.capability for step in one.steps)
    if expect.plan is not None and plan not in expect.plan:
        wanted = " or ".join(_arrows(p) for p in expect.plan)
        yield f"planned {_arrows(plan)}, not {wanted}"
    else:
        yield from _arguments(one, so_far, known)
    refusal = one.reply.refusal.kind.value if one.reply.refusal else "none"
    if refusal not in expect.refusal and not ("any" in expect.refusal and refusal != "none"):
        said = f": {one.reply.refusal.message}" if one.reply.refusal else ""
        yield f"refusal {refusal}, not {' or '.join(expect.refusal)}{said}"
    if expect.artifacts is not None and len(one.reply.shown) != expect.artifacts:
        yield f"shows {len(one.reply.shown)} pieces of media, not {expect.artifacts}"
    yield from _words(one)
    yield from _unknown(one, capabilities)


def _arrows(plan: Sequence[str]) -> str:
    return " → ".join(plan) or "none"


def _words(one: Played) -> Iterable[str]:
    words, expect = one.reply.text, one.round.expect
    if expect.has and not re.search(expect.has, words, re.IGNORECASE):
        yield f"the words miss /{expect.has}/: {words[:120]!r}"
    if expect.hasnt and re.search(expect.hasnt, words, re.IGNORECASE):
        yield f"the words hold /{expect.hasnt}/: {words[:120]!r}"
    if not words.strip() and not one.reply.shown:
        yield "the answer is empty"
    if not one.reply.shown and _CLAIM.search(words):
        yield f"says that media is there, and shows none: {words[:120]!r}"


def _arguments(one: Played, so_far: Sequence[Played], known: Mapping[str, str]) -> Iterable[str]:
    for number, (wanted, step) in enumerate(zip(one.round.expect.args, one.steps, strict=False), start=1):
        for name, value in wanted.items():
            given = step.args.get(name)
            if not _same(value, given, so_far, known):
                yield f"step {number} has {name}={_shown(given, known)}, not {value!r}"


def _shown(given: Any, known: Mapping[str, str]) -> str:
    """An argument with artifacts by their names: ids tell a reader nothing."""
    names = {key: name for name, key in known.items()}
    if isinstance(given, list | tuple):
        return f"[{', '.join(_shown(g, known) for g in given)}]"
    return names.get(given, repr(given)) if isinstance(given, str) else repr(given)


def _same(wanted: Any, given: Any, so_far: Sequence[Played], known: Mapping[str, str]) -> bool:
    if isinstance(wanted, dict):
        return any(_same(one, given, so_far, known) for one in wanted[ANY])
    if isinstance(wanted, list):
        many = isinstance(given, list | tuple) and len(given) == len(wanted)
        return many and all(_same(w, g, so_far, known) for w, g in zip(wanted, given, strict=True))
    if isinstance(wanted, bool) or wanted is None:
        return given is wanted
    if isinstance(wanted, int | float):
        return isinstance(given, int | float) and abs(given - wanted) <= _TOLERANCE * abs(wanted) + 1e-9
    if not isinstance(given, str):
        return False
    if match := _MADE.match(wanted):
        shown = so_far[int(match[1]) - 1].reply.shown
        index = int(match[2] or 1) - 1
        return index < len(shown) and shown[index].artifact.id == given
    if wanted.startswith(STEP_PREFIX):
        return bool(given.removesuffix(_FIRST) == wanted.removesuffix(_FIRST))
    if wanted.lower() in known:
        return given == known[wanted.lower()]
    if wanted.startswith(_PATTERN):
        return bool(re.search(wanted.removeprefix(_PATTERN), given, re.IGNORECASE))
    return plain(wanted) == plain(given)


def plain(text: str) -> str:
    """Words alone: no case, no punctuation around them, single spaces."""
    return " ".join(re.findall(r"[\w'$|#/.-]+", text.casefold().replace("’", "'"))).strip(". -'")


def _unknown(one: Played, capabilities: Mapping[str, Capability]) -> Iterable[str]:
    """Artifact arguments that name nothing which there is."""
    for step in one.steps:
        refs = capabilities[step.capability].refs if step.capability in capabilities else ()
        for value in (v for ref in refs for v in _strings(step.args.get(ref.name))):
            if not value.startswith(STEP_PREFIX) and value not in one.held:
                yield f"{step.capability} is about {value!r}, which is not there"


def _strings(given: Any) -> list[str]:
    return [v for v in (given if isinstance(given, list | tuple) else [given]) if isinstance(v, str)]


def unasked(steps: Sequence[Step], asked: Sequence[str]) -> list[str]:
    """The calls beyond those that the person asked for, each as often as it is too many."""
    return sorted((Counter(step.capability for step in steps) - Counter(asked)).elements())


def speaks_of(one: Round) -> str:
    """A round for a reader: who says what with which files."""
    files = ", ".join(a.name for a in one.attach)
    return f"{one.who}: {one.text}" + (f" [{files}]" if files else "")
