"""The bundled voices, for models that speak as a part of what they do."""

from __future__ import annotations

from core.models.speech._speaking import Speaking
from core.models.speech.hibari import Hibari
from core.models.speech.kokoro import Kokoro

SPEAKERS: tuple[type[Speaking], ...] = (Hibari, Kokoro)
"""The first that has the language speaks."""
