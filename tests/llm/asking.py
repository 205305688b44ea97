"""A planner at a scripted endpoint, and a request for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from llm.endpoint import Endpoint, serving
from pydantic import SecretStr

from core.artifacts import ArtifactStore, Kind
from core.llm import LanguageModelPlanner
from core.plans import Item, Line, Request
from core.settings import Settings

CLIP = "a" * 24
REQUEST = Request(
    "clean this up",
    items=(Item(CLIP, Kind.AUDIO, "noisy.wav", duration_s=3.21),),
    history=(Line("user", "hi", name="Ann"), Line("bot", "hello")),
    served=frozenset({"speech_enhancement", "text_to_speech"}),
)


@asynccontextmanager
async def planner(
    settings: Settings, endpoint: Endpoint, files: ArtifactStore | None = None, **update: object
) -> AsyncIterator[LanguageModelPlanner]:
    async with serving(endpoint):
        given = {"llm_base_url": endpoint.url, "llm_model": "tiny", "llm_api_key": SecretStr("sk-1"), **update}
        made = LanguageModelPlanner(settings.model_copy(update=given), files)
        try:
            yield made
        finally:
            await made.close()


async def unheard(text: str) -> None:
    return None
