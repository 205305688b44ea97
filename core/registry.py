"""Which models and capabilities there are: the built-in ones, those of installed packages, those of a setting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from core import capabilities
from core.capabilities import Capability
from core.errors import WrongUse
from core.models import BUILT_IN
from core.models.base import Model, Tier
from core.settings import Settings

ENTRY_POINTS = "audiogpt.models"

ModelClass = type[Model[Any]]

_ORDER = (Tier.ENDPOINT, Tier.HUB, Tier.BUNDLED)


@dataclass(frozen=True)
class Registry:
    """All models by id and all capabilities by id. Ask it; nothing else knows how a model was registered."""

    models: dict[str, ModelClass] = field(default_factory=dict)
    capabilities: dict[str, Capability] = field(default_factory=dict)

    def of(self, capability: str) -> list[ModelClass]:
        """The models of a capability: what the operator set up first, then in order of registration."""
        found = [m for m in self.models.values() if m.capability.id == capability]
        return sorted(found, key=lambda m: _ORDER.index(m.tier))

    def runnable(self, settings: Settings) -> list[ModelClass]:
        """The models that can run here and that the operator allows."""
        return [m for m in self.models.values() if why_not(m, settings) is None]


def why_not(model: ModelClass, settings: Settings) -> str | None:
    """None when the model can be served here, else one sentence that says what would enable it."""
    if model.tier is Tier.HUB and not settings.hub:
        return "set AUDIOGPT_HUB=true to serve hub models"
    if not model.commercial and not settings.allow_noncommercial:
        return f"{model.licence} forbids commercial use: set AUDIOGPT_ALLOW_NONCOMMERCIAL=true to serve it all the same"
    return model.missing(settings)


@cache
def _load(extra: str) -> Registry:
    names: list[str] = [*BUILT_IN, *(e.value for e in entry_points(group=ENTRY_POINTS))]
    names += [n.strip() for n in extra.split(",") if n.strip()]
    registry = Registry(capabilities={c.id: c for c in capabilities.BUILT_IN})
    for model in _imported(names):
        if registry.models.setdefault(model.id, model) is not model:
            raise WrongUse(f"two models are called {model.id!r}")
        registry.capabilities.setdefault(model.capability.id, model.capability)
    return registry


def _imported(names: Iterable[str]) -> Iterable[ModelClass]:
    for name in names:
        module, _, attribute = name.partition(":")
        try:
            found = getattr(import_module(module), attribute)
        except (ImportError, AttributeError, ValueError) as error:
            raise WrongUse(f"cannot import the model {name!r}: {error}") from error
        if not (isinstance(found, type) and issubclass(found, Model)):
            raise WrongUse(f"{name!r} is not a core.models.base.Model")
        yield found


def registry(settings: Settings) -> Registry:
    """The registry for these settings.

    Raises:
        WrongUse: a registered model cannot be imported, or two have the same id.
    """
    return _load(settings.models)
