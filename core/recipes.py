"""What is written into the metadata of a made file: its recipe, and the mark that a machine made it.

It says what was done and to which artifacts, never for whom.
"""

from __future__ import annotations

import json
from typing import Any

from core.artifacts import ID_LENGTH, Recipe
from core.media import About

MAKER = "AudioGPT Bots"
MARK = f"AI-made with {MAKER}"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""The IPTC vocabulary of digital source types: what each term below stands behind."""
_MOST_BYTES = 48_000
"""A comment of a JPEG holds 65,533."""
_DROPPED = "dropped"
"""Names the arguments that were too long to be written."""


def about(recipe: Recipe) -> About | None:
    """What to write into a file of this recipe; None for what a person sent."""
    if not recipe.capability:
        return None
    return About(_written(recipe), MARK, source_type(recipe))


def source_type(recipe: Recipe) -> str:
    """The IPTC digital source type of what a recipe makes: by a trained model or by an algorithm, anew or of media."""
    trained, anew = bool(recipe.weights_sha256), not recipe.parents
    if trained:
        return SOURCE_TYPES + ("trainedAlgorithmicMedia" if anew else "compositeWithTrainedAlgorithmicMedia")
    return SOURCE_TYPES + ("algorithmicMedia" if anew else "algorithmicallyEnhanced")


def _written(recipe: Recipe) -> str:
    """A recipe as JSON in ASCII, which every container takes. Arguments that make it too long are left out."""
    args = dict(recipe.args)
    dropped: list[str] = []
    while len(text := _json(recipe, args, dropped)) > _MOST_BYTES and args:
        longest = max(args, key=lambda name: len(json.dumps(args[name], default=str)))
        dropped.append(longest)
        del args[longest]
    return text


def _json(recipe: Recipe, args: dict[str, Any], dropped: list[str]) -> str:
    data: dict[str, Any] = {
        "made_by": MAKER,
        "ai": True,
        "digital_source_type": source_type(recipe),
        "capability": recipe.capability,
        "model": recipe.model,
        "model_version": recipe.model_version,
        "weights_sha256": recipe.weights_sha256,
        "args": args,
        "seed": recipe.seed,
        "parents": recipe.parents,
    }
    data |= {"credits": recipe.claims["credits"]} if recipe.claims.get("credits") else {}
    data |= {_DROPPED: dropped} if dropped else {}
    return json.dumps(data, default=str)


def read(text: str) -> Recipe | None:
    """The recipe that a file's metadata hold; None where they hold none, or not all of it."""
    try:
        data = json.loads(text)
        if data["made_by"] != MAKER or data.get(_DROPPED):
            return None
        parents = tuple(str(parent) for parent in data["parents"])
        recipe = Recipe(
            capability=str(data["capability"]),
            model=str(data["model"]),
            model_version=str(data["model_version"]),
            weights_sha256=str(data["weights_sha256"]),
            args=dict(data["args"]),
            seed=int(data["seed"]),
            parents=parents,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # somebody else's comment
    return recipe if all(len(parent) == ID_LENGTH for parent in parents) else None
