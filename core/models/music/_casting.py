"""Who plays: the genre's band, with the instruments that were asked for in the places that suit them."""

from __future__ import annotations

from dataclasses import replace

from core.models.music._brief import Brief
from core.models.music._instruments import INSTRUMENTS
from core.models.music._styles import Part, Style

_FIGURES = {"comp": "beats", "pad": "hold", "bass": "pop", "lead": "", "drums": ""}


def cast(brief: Brief, style: Style) -> tuple[Part, ...]:
    """The parts of a piece. Each instrument asked for plays; each not wanted does not."""
    asked = [name for name in brief.instruments if name not in brief.without]
    parts = _alone(asked, style) if brief.only and asked else _joined(asked, style)
    kept = tuple(part for part in parts if part.instrument not in brief.without and part.role not in brief.without)
    return kept or (Part("lead", "flute" if "piano" in brief.without else "piano"),)


def _joined(asked: list[str], style: Style) -> tuple[Part, ...]:
    """The band with the asked instruments in it: the first that can leads, the others take the part they fit best."""
    parts = list(style.parts)
    taken: set[int] = set()
    for name in asked:
        if any(part.instrument == name and number not in taken for number, part in enumerate(parts)):
            taken.add(next(n for n, part in enumerate(parts) if part.instrument == name and n not in taken))
            continue
        place = _place(INSTRUMENTS[name].roles, parts, taken)
        if place is None:
            role = INSTRUMENTS[name].roles[0]
            parts.append(_new(role, name, style))
            taken.add(len(parts) - 1)
        else:
            parts[place] = replace(parts[place], instrument=name)
            taken.add(place)
    heard = [replace(p, tacet=()) if n in taken else p for n, p in enumerate(parts)]
    return tuple(heard)


def _place(roles: tuple[str, ...], parts: list[Part], taken: set[int]) -> int | None:
    for role in roles:
        for number, part in enumerate(parts):
            if part.role == role and number not in taken:
                return number
    return None


def _alone(asked: list[str], style: Style) -> tuple[Part, ...]:
    """Nothing but the asked instruments; one that can play chords fills what the others leave open."""
    parts: list[Part] = []
    open_roles = {"lead", "comp", "bass"}
    for name in asked:
        roles = INSTRUMENTS[name].roles
        role = next((r for r in roles if r in open_roles), roles[0])
        if role == "comp" and len(asked) > 1 and "lead" in open_roles and not _leads(asked, name):
            role = "lead" if "lead" in roles else role
        parts.append(_new(role, name, style))
        open_roles.discard(role)
    filler = next((n for n in asked if "comp" in INSTRUMENTS[n].roles), None)
    if filler:
        able = INSTRUMENTS[filler].roles
        parts += [_new(role, filler, style) for role in ("lead", "comp", "bass") if role in open_roles and role in able]
    return tuple(parts)


def _leads(asked: list[str], other: str) -> bool:
    """Whether another of the asked instruments can only lead."""
    return any(INSTRUMENTS[name].roles[0] == "lead" for name in asked if name != other)


def _new(role: str, name: str, style: Style) -> Part:
    """A part as the genre's own player of that role has it."""
    model = next((part for part in style.parts if part.role == role), None)
    if role == "drums":
        return Part("drums", "drums", gain=model.gain if model else 0.8)
    if role == "lead":
        return Part("lead", name)
    figure = model.figure if model else _FIGURES[role]
    return Part(role, name, figure, 0.75 if role != "bass" else 0.9, 0.0)
