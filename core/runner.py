"""Carries out jobs where the models live: fetches and decodes the inputs, runs the model, keeps what it made."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pydantic import ValidationError

from core import media, outcomes, recipes
from core.artifacts import Artifact, ArtifactStore, Facts, Kind, Recipe
from core.errors import BadInput, Broken, Cancelled, ModelFailed, NoModel, Refused
from core.jobs import Job, Result
from core.messages import Piece
from core.models.base import Call, Heard, Made, Model, Output
from core.registry import registry, why_not
from core.residency import Residency
from core.sayings import saying
from core.settings import Settings

log = logging.getLogger("audiogpt.runner")

Tell = Callable[[str, float | None, Piece | None], None]
"""Called in the loop's thread with a job id and 0 to 1, or a piece of its sound."""

_STEP = 0.01


class Runner:
    """Serves jobs of any model that can run here. One call of `serve` at a time."""

    def __init__(self, settings: Settings, store: ArtifactStore, tell: Tell) -> None:
        self._settings = settings
        self._store = store
        self._tell = tell
        self._registry = registry(settings)
        self._residency = Residency(settings)
        self._stopped: set[str] = set()

    @property
    def hot(self) -> tuple[str, ...]:
        """Ids of the models in memory."""
        return self._residency.hot

    def stop(self, job_id: str) -> None:
        """Make the job end at its next sign of progress."""
        self._stopped.add(job_id)

    async def serve(self, model_id: str, jobs: Sequence[Job]) -> list[Result | Exception]:
        """Run jobs of one model, together where it can. Refusals are results; an Exception wants another attempt."""
        try:
            kind = self._registry.models.get(model_id)
            if kind is None:
                raise NoModel(f"This worker does not know the model {model_id}.")
            reason = why_not(kind, self._settings)
            if reason:
                raise NoModel(f"{model_id} cannot run here: {reason}")
            async with self._residency.hold(kind) as (model, load_ms):
                return await self._serve(model, load_ms, jobs)
        except Refused as refused:
            return [Result(job=job.id, model=model_id, refusal=refused.refusal) for job in jobs]
        except Exception as error:  # whatever it is, whoever waits must hear of it
            log.exception("%s broke", model_id)
            return [Broken(f"{model_id}: {type(error).__name__}") for _ in jobs]
        finally:
            self._stopped.difference_update(job.id for job in jobs)

    async def _serve(self, model: Model[Any], load_ms: float, jobs: Sequence[Job]) -> list[Result | Exception]:
        prepared = await asyncio.gather(*(self._prepare(model, job) for job in jobs), return_exceptions=True)
        calls = [call for call in prepared if isinstance(call, Call)]
        started = time.perf_counter()
        made = iter(await asyncio.to_thread(_run, model, calls))
        model_ms = (time.perf_counter() - started) * 1e3 / max(1, len(calls))
        results: list[Result | Exception] = []
        for job, call in zip(jobs, prepared, strict=True):
            outcome = next(made) if isinstance(call, Call) else call
            if isinstance(outcome, Refused):
                results.append(Result(job=job.id, model=model.id, refusal=outcome.refusal, model_ms=model_ms))
            elif isinstance(outcome, Output):
                results.append(await self._kept(model, job, outcome, model_ms, load_ms))
            elif isinstance(outcome, Exception):
                results.append(outcome)
            else:
                raise TypeError(f"{model.id} gave a {type(outcome).__name__}, not an Output")
        return results

    async def _prepare(self, model: Model[Any], job: Job) -> Call[Any]:
        try:
            args = model.capability.args.model_validate(job.args)
        except ValidationError as error:
            raise BadInput(_argument_fault(error)) from error
        inputs: dict[str, tuple[media.Audio | media.Picture, ...]] = {}
        for name, artifacts in job.inputs.items():
            inputs[name] = tuple([await self._open(artifact) for artifact in artifacts])
        return Call(args, inputs, job.seed, self._progress(job.id), self._heard(job.id) if job.live else None)

    async def _open(self, artifact: Artifact) -> media.Audio | media.Picture:
        async with AsyncExitStack() as stack:
            path = await stack.enter_async_context(self._store.local(artifact.id))
            if artifact.kind is Kind.IMAGE:
                return await asyncio.to_thread(media.picture, path)
            return await asyncio.to_thread(media.decode, path)

    def _progress(self, job_id: str) -> Callable[[float], None]:
        loop = asyncio.get_running_loop()
        last = 0.0

        def progress(fraction: float) -> None:
            nonlocal last
            if job_id in self._stopped:
                raise Cancelled(saying("stopped"))
            if fraction >= last + _STEP or fraction >= 1.0 > last:
                last = fraction
                loop.call_soon_threadsafe(self._tell, job_id, fraction, None)

        return progress

    def _heard(self, job_id: str) -> Heard:
        loop, numbers = asyncio.get_running_loop(), count(1)

        def heard(audio: media.Audio) -> None:
            piece = Piece(job_id, next(numbers), audio.duration_s, b64encode(media.mp3(audio)).decode())
            loop.call_soon_threadsafe(self._tell, job_id, None, piece)

        return heard

    async def _kept(
        self, model: Model[Any], job: Job, output: Output, model_ms: float, load_ms: float
    ) -> Result | Exception:
        """What one job made; that it cannot be kept is no fault of the others in its batch."""
        try:
            return await self._keep(model, job, output, model_ms, load_ms)
        except Refused as refused:
            log.warning("what %s made is no result: %s", model.id, refused.message)
            return Result(job=job.id, model=model.id, refusal=refused.refusal, model_ms=model_ms)
        except Exception as error:
            log.exception("what %s made cannot be kept", model.id)
            return error

    async def _keep(self, model: Model[Any], job: Job, output: Output, model_ms: float, load_ms: float) -> Result:
        recipe = Recipe(
            capability=job.capability,
            model=model.id,
            model_version=model.version,
            weights_sha256=model.weights_sha256,
            args=job.args,
            seed=job.seed,
            parents=tuple(a.id for found in job.inputs.values() for a in found),
            person=job.person,
            wall_ms=round(model_ms, 1),
            device=self._settings.device,
            claims=dict(output.facts),
        )
        outcomes.check_made(output.media)
        artifacts = [await self._store_made(made, recipe, job) for made in output.media]
        given = [artifact for found in job.inputs.values() for artifact in found]
        outcomes.check_measured(output.media, artifacts, job.capability, job.args, given)
        return Result(
            job=job.id,
            model=model.id,
            text=output.text,
            artifacts=tuple(artifacts),
            facts=dict(output.facts),
            model_ms=model_ms,
            load_ms=load_ms,
            device=self._settings.device,
        )

    async def _store_made(self, made: Made, recipe: Recipe, job: Job) -> Artifact:
        """Write it, open it again and measure it: nothing is said to exist that was not measured."""
        with tempfile.TemporaryDirectory(prefix="audiogpt-") as folder:
            try:
                path, kind, facts = await asyncio.to_thread(_write, made, Path(folder), recipes.about(recipe))
            except BadInput as error:
                raise ModelFailed(outcomes.UNREADABLE) from error
            key = await self._store.put(path)
            name = (made.name or job.capability) + path.suffix
            return Artifact(key, kind, name, facts, made.caption, recipe)


def _run(model: Model[Any], calls: list[Call[Any]]) -> list[Output | Exception]:
    if len(calls) > 1:
        return model.run_batch(calls)
    outcomes: list[Output | Exception] = []
    for call in calls:
        try:
            outcomes.append(model.run(call))
        except Exception as error:  # its kind is told apart by the caller
            outcomes.append(error)
    return outcomes


def _write(made: Made, folder: Path, about: media.About | None) -> tuple[Path, Kind, Facts]:
    """The file with what it says of itself, and what is measured of it."""
    if isinstance(made.media, media.Audio):
        path, media_type = folder / "made.wav", "audio/wav"
        media.write_wav(made.media, path)
    elif isinstance(made.media, media.Picture):
        path, media_type = folder / "made.png", "image/png"
        Image.fromarray(np.ascontiguousarray(made.media.pixels)).save(path, "PNG")
    else:
        path, media_type = folder / f"made{made.media.extension}", made.media.media_type
        path.write_bytes(made.media.content)
    if about is not None:
        media.tag(path, media_type, about)
    if isinstance(made.media, media.Audio):
        return path, *media.measure_wav(path)
    return path, *_file_facts(media_type, path)


def _file_facts(media_type: str, path: Path) -> tuple[Kind, Facts]:
    family, _, subtype = media_type.partition("/")
    if "midi" in subtype:
        return Kind.MIDI, Facts(media_type, path.stat().st_size)
    if family == "text":
        return Kind.TEXT, Facts(media_type, path.stat().st_size)
    return media.measure(path, max_duration_s=float("inf"))


def _argument_fault(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the arguments"
    return saying("argument_wrong", where=where, fault=first["msg"].lower())
