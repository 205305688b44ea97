"""`replay`: make a piece of media again by its recipe, and see whether it comes out the same."""

from __future__ import annotations

import asyncio
import re
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from bots.cli.borrow import borrowed
from bots.cli.output import out
from core import media, recipes
from core.artifacts import ID_LENGTH, Artifact, ArtifactStore, Kind, Recipe, content_id, open_store
from core.errors import BadInput, Refused, WrongUse
from core.ingest import FileAttachment, ingest
from core.jobs import Event, Job, Jobs, Result
from core.media import Form
from core.policy import Policy
from core.registry import registry, why_not
from core.settings import Settings
from core.store import Store

SAME_BYTES, SAME_SAMPLES, DIFFERS, CANNOT = "same bytes", "same samples", "differs", "cannot"
_ID = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")


class _Cannot(Exception):
    """It cannot be made again; the message says why."""


@dataclass(frozen=True)
class _Original:
    """What is to be made again."""

    recipe: Recipe
    path: Path
    name: str
    kept: bool
    """By its id, rather than a file that says how it was made."""


async def replay(settings: Settings, what: str, attached: list[Path]) -> dict[str, Any]:
    """Make an artifact again, by its id or from a file of ours, and compare; JSON-ready.

    `attached` are the files that it was made from, where they are no longer kept.

    Raises:
        WrongUse: there is no such artifact and no such file.
    """
    for file in attached:
        if not file.is_file():
            raise WrongUse(f"there is no file {file}")
    database, files = await Store.open(settings.database), open_store(settings)
    try:
        if _ID.fullmatch(what):
            artifact = await database.artifact(what)
            if artifact is None:
                raise WrongUse(f"no artifact {what} is kept here")
            async with files.local(what) as path:
                original = _Original(artifact.recipe, path, artifact.name, kept=True)
                return await _replayed(settings, database, files, original, attached)
        path = Path(what)
        if not path.is_file():
            raise WrongUse(f"{what} is neither the id of an artifact nor a file")
        told = await asyncio.to_thread(media.read_tag, path)
        recipe = recipes.read(told) if told else None
        if recipe is None:
            return {"verdict": CANNOT, "why": "the file does not say how it was made", "recipe": None}
        original = _Original(recipe, path, path.name, kept=False)
        return await _replayed(settings, database, files, original, attached)
    finally:
        await database.close()


async def _replayed(
    settings: Settings, database: Store, files: ArtifactStore, original: _Original, attached: list[Path]
) -> dict[str, Any]:
    recipe = original.recipe
    shown = {"capability": recipe.capability, "model": recipe.model, "seed": recipe.seed, "parents": recipe.parents}
    try:
        verdict, why = await _again(settings, database, files, original, attached)
    except _Cannot as cannot:
        verdict, why = CANNOT, str(cannot)
    except BadInput:  # the bytes of a parent went away in between
        verdict, why = CANNOT, "what it was made from is no longer kept"
    return {"verdict": verdict, "why": why, "recipe": shown}


async def _again(
    settings: Settings, database: Store, files: ArtifactStore, original: _Original, attached: list[Path]
) -> tuple[str, str]:
    recipe = original.recipe
    _check(settings, original)
    async with borrowed(settings) as (own, jobs):
        workers = await jobs.workers()
        if not any(recipe.model in worker.models for worker in workers):
            raise _Cannot(f"no worker serves the model {recipe.model}")
        target = open_store(own)
        inputs = await _inputs(settings, own, database, (files, target), recipe, attached)
        made = await _run(jobs, recipe, inputs)
        verdict, why = await _compared(original, made, target)
        if verdict is DIFFERS:
            twice = await _run(jobs, recipe, inputs)
            changed = {a.id for a in made.artifacts} != {a.id for a in twice.artifacts}
            note = _other_version(recipe, made)
            why = f"the model {recipe.model} is not deterministic: {why}" if changed else f"{why}{note}"
        return verdict, why


def _check(settings: Settings, original: _Original) -> None:
    """See that its model is here, and for the terminal to use."""
    recipe, known = original.recipe, registry(settings)
    if not recipe.capability:
        raise _Cannot("it was sent by a person, not made here")
    capability, model = known.capabilities.get(recipe.capability), known.models.get(recipe.model)
    if capability is None or model is None:
        raise _Cannot(f"the model {recipe.model} is not known to this version")
    if (reason := why_not(model, settings)) is not None:
        raise _Cannot(f"the model {recipe.model} cannot run here: {reason}")
    if recipe.model not in Policy(settings).allowed("cli:me", "cli"):
        raise _Cannot(f"AUDIOGPT_RIGHTS does not let the terminal use the model {recipe.model}")
    if not original.kept and any(ref.voice or ref.face for ref in capability.refs):
        raise _Cannot("it imitates a person, whose agreement no file can tell: use the id of what is kept here")


async def _inputs(
    settings: Settings,
    own: Settings,
    database: Store,
    stores: tuple[ArtifactStore, ArtifactStore],
    recipe: Recipe,
    attached: list[Path],
) -> dict[str, tuple[Artifact, ...]]:
    """The artifacts of each argument, their bytes where the worker finds them."""
    files, target = stores
    given = {await asyncio.to_thread(content_id, path): path for path in attached}
    found: dict[str, Artifact] = {}
    gone = 0
    for parent in dict.fromkeys(recipe.parents):
        kept = await database.artifact(parent)
        if parent in given:
            try:
                found[parent] = await ingest(FileAttachment(given[parent]), own, target, person="cli:me")
            except Refused as refused:
                raise _Cannot(refused.message) from refused
        elif kept is not None and await files.exists(parent):
            found[parent] = kept
            if own is not settings:
                async with files.local(parent) as path:
                    await target.put(path)
        else:
            gone += 1
    if gone:
        raise _Cannot(f"{gone} of the files that it was made from {'is' if gone == 1 else 'are'} no longer kept")
    refs = registry(settings).capabilities[recipe.capability].refs
    inputs: dict[str, tuple[Artifact, ...]] = {}
    for ref in refs:
        value = recipe.args.get(ref.name)
        ids = list(value) if isinstance(value, list | tuple) else [value] if value else []
        if any(one not in found for one in ids):
            raise _Cannot("its recipe names files that it was not made from")
        if ids:
            inputs[ref.name] = tuple(found[one] for one in ids)
    return inputs


async def _run(jobs: Jobs, recipe: Recipe, inputs: dict[str, tuple[Artifact, ...]]) -> Result:
    job = Job(
        id=secrets.token_hex(16),
        capability=recipe.capability,
        model=recipe.model,
        args=recipe.args,
        inputs=inputs,
        person="cli:me",
        seed=recipe.seed,
    )

    def quietly(event: Event) -> None:
        """A script wants the answer, not the way there."""

    result = await jobs.run(job, quietly)
    if result.refusal is not None:
        raise _Cannot(result.refusal.message)
    return result


async def _compared(original: _Original, made: Result, store: ArtifactStore) -> tuple[str, str]:
    """The best verdict over all that was made: a model may give several things at once."""
    key = await asyncio.to_thread(content_id, original.path)
    if any(artifact.id == key for artifact in made.artifacts):
        return SAME_BYTES, ""
    suffix = original.path.suffix.lower() or Path(original.name).suffix.lower()
    verdicts = []
    for artifact in made.artifacts:
        async with store.local(artifact.id) as path:
            verdicts.append(await asyncio.to_thread(_alike, original.path, suffix, path, artifact))
    best = next((v for name in (SAME_BYTES, SAME_SAMPLES) for v in verdicts if v[0] == name), None)
    if best is not None:
        return best
    nothing = (DIFFERS, "nothing of that kind is made any more")
    return next((v for v in verdicts if v[1]), nothing)


def _alike(before: Path, suffix: str, path: Path, artifact: Artifact) -> tuple[str, str]:
    """How a file made before and a fresh artifact compare; a reason that is empty: they are of different kinds."""
    try:
        kind, _ = media.measure(before, max_duration_s=float("inf"))
    except Refused:
        return DIFFERS, "the bytes differ" if Path(artifact.name).suffix.lower() == suffix else ""
    if kind is not artifact.kind:
        return DIFFERS, ""
    if kind is Kind.IMAGE:
        old, new = media.picture(before).pixels, media.picture(path).pixels
        same = old.shape == new.shape and bool(np.array_equal(old, new))
        return (SAME_SAMPLES, "the pixels; the files differ") if same else (DIFFERS, "the pixels differ")
    form = suffix.removeprefix(".")
    if kind is Kind.AUDIO and form in get_args(Form) and form != "wav" and _encodes_to(before, path, form, artifact):
        return SAME_BYTES, "of the same encoding"
    return _heard(before, path)


def _encodes_to(before: Path, path: Path, form: str, artifact: Artifact) -> bool:
    """Whether a clip, in the form in which chats are sent it, is the very file."""
    wanted: Form = next(f for f in get_args(Form) if f == form)
    with tempfile.TemporaryDirectory(prefix="audiogpt-") as folder:
        encoded = Path(folder) / f"made.{form}"
        media.encode(path, encoded, wanted, about=recipes.about(artifact.recipe))
        return encoded.read_bytes() == before.read_bytes()


def _heard(before: Path, path: Path) -> tuple[str, str]:
    try:
        old, new = media.decode(before), media.decode(path)
    except Refused:
        return DIFFERS, "the bytes differ, and there is no sound to compare"
    if old.sample_rate != new.sample_rate or old.samples.shape != new.samples.shape:
        return DIFFERS, f"it lasts {new.duration_s:.2f} s instead of {old.duration_s:.2f} s, or is of another form"
    if np.array_equal(old.samples, new.samples):
        return SAME_SAMPLES, "the sound; the files differ"
    return DIFFERS, f"its samples are up to {float(np.abs(old.samples - new.samples).max()):.2g} apart"


def _other_version(recipe: Recipe, made: Result) -> str:
    now: Sequence[Recipe] = [artifact.recipe for artifact in made.artifacts[:1]]
    if any(r.weights_sha256 != recipe.weights_sha256 for r in now):
        return f"; the weights of {recipe.model} are others now"
    if any(r.model_version != recipe.model_version for r in now):
        return f"; {recipe.model} had version {recipe.model_version} and has {now[0].model_version} now"
    return ""


def show_verdict(found: dict[str, Any]) -> None:
    """The verdict for a person."""
    colour = "green" if found["verdict"] in (SAME_BYTES, SAME_SAMPLES) else "yellow"
    why = f": {found['why']}" if found["why"] else ""
    out.print(f"[{colour}]{found['verdict']}[/{colour}]{why}", highlight=False)
    if found["recipe"]:
        recipe = found["recipe"]
        out.print(f"[dim]{recipe['capability']} by {recipe['model']}, seed {recipe['seed']}[/dim]", highlight=False)
