"""Sounds that are computed, by name."""

from __future__ import annotations

from core.models.sound.generators import animals, machines, things, weather
from core.models.sound.generators._kinds import RATE, Generator, Take

GENERATORS: dict[str, Generator] = {
    generator.name: generator
    for family in (weather.FAMILY, animals.FAMILY, machines.FAMILY, things.FAMILY)
    for generator in family.all
}
"""All of them, in order."""

__all__ = ["GENERATORS", "RATE", "Generator", "Take"]
