"""A language model that sees is shown the message's pictures; one that does not, is not."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import pytest
from llm.asking import REQUEST, planner, unheard
from llm.endpoint import Endpoint, Fault
from PIL import Image

from core.artifacts import ArtifactStore, Kind, open_store
from core.plans import Item, Request
from core.settings import Settings


@pytest.fixture
async def seen(settings: Settings, tmp_path: Path) -> tuple[ArtifactStore, Request]:
    """Four pictures of 2000 x 1000, and an earlier one."""
    files = open_store(settings)
    items = []
    for number in range(5):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (2000, 1000), (number, 0, 0)).save(path)
        items.append(Item(await files.put(path), Kind.IMAGE, path.name, current=number != 0))
    return files, replace(REQUEST, items=tuple(items))


async def test_the_messages_pictures_are_shown_small(settings: Settings, seen: tuple[ArtifactStore, Request]) -> None:
    files, request = seen
    endpoint = Endpoint("Three red fields.")
    async with planner(settings, endpoint, files, llm_vision=True) as made:
        await made.decide(request, [], unheard)
    words, *pictures = endpoint.asked[0]["messages"][-1]["content"]
    assert words["text"].endswith("clean this up")
    assert len(pictures) == 3
    for picture in pictures:
        kind, _, content = picture["image_url"]["url"].partition(";base64,")
        assert kind == "data:image/jpeg"
        assert Image.open(io.BytesIO(base64.b64decode(content))).size == (768, 384)


async def test_pictures_are_shown_only_where_the_operator_says_so(
    settings: Settings, seen: tuple[ArtifactStore, Request]
) -> None:
    files, request = seen
    endpoint = Endpoint("ok")
    async with planner(settings, endpoint, files) as made:
        await made.decide(request, [], unheard)
    assert isinstance(endpoint.asked[0]["messages"][-1]["content"], str)


async def test_an_endpoint_that_takes_no_pictures_gets_none_from_then_on(
    settings: Settings, seen: tuple[ArtifactStore, Request]
) -> None:
    files, request = seen
    endpoint = Endpoint(Fault(400, "image_url is not supported by this model"), "ok", "ok")
    async with planner(settings, endpoint, files, llm_vision=True) as made:
        await made.decide(request, [], unheard)
        await made.decide(request, [], unheard)
    shown = [isinstance(a["messages"][-1]["content"], list) for a in endpoint.asked]
    assert shown == [True, False, False]
    assert all("tools" in a for a in endpoint.asked)


async def test_a_picture_that_is_gone_is_left_out(settings: Settings, seen: tuple[ArtifactStore, Request]) -> None:
    files, request = seen
    await files.delete(request.items[1].id)
    endpoint = Endpoint("ok")
    async with planner(settings, endpoint, files, llm_vision=True) as made:
        await made.decide(request, [], unheard)
    assert len(endpoint.asked[0]["messages"][-1]["content"]) == 3
