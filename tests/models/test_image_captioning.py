"""What a picture shows: said as far as it was seen, by the bundled networks or the eyes of a language model."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from llm.endpoint import Endpoint, serving
from paths import ROOT
from PIL import Image, ImageDraw

from core.capabilities import ImageArgs, ImageSoundArgs
from core.errors import BadInput, Broken, ModelFailed, NoModel
from core.media import Audio, Picture
from core.models.base import Call
from core.models.image._looks import measured
from core.models.image._sounds_of import heard, sounds
from core.models.image._tagger import names
from core.models.image.language_model_eyes import LanguageModelEyes
from core.models.image.seen_heard import SeenHeard
from core.models.image.tags_caption import TagsCaption, article, sentence
from core.models.sound._scene_reading import read
from core.settings import Settings


@pytest.fixture(scope="module")
def captioner(local: Settings) -> TagsCaption:
    model = TagsCaption(local)
    model.load("cpu")
    return model


def picture(pixels: Any) -> Picture:
    return Picture(np.asarray(pixels, np.uint8))


def portrait() -> Picture:
    return picture(Image.open(ROOT / "tests" / "data" / "astronaut.jpg").convert("RGB"))


def clock_face(side: int = 400) -> Picture:
    """A wall clock, drawn."""
    image = Image.new("RGB", (side, side), (200, 190, 170))
    draw = ImageDraw.Draw(image)
    edge, middle = side // 16, side // 2
    draw.ellipse((edge, edge, side - edge, side - edge), fill="white", outline="black", width=side // 28)
    for hour in range(12):
        angle = np.pi * hour / 6
        at = (middle + 0.36 * side * np.sin(angle), middle - 0.36 * side * np.cos(angle))
        draw.text(at, str(hour or 12), fill="black", anchor="mm", font_size=side // 11)
    draw.line((middle, middle, middle, side // 5), fill="black", width=side // 45)
    draw.line((middle, middle, 0.68 * side, 0.58 * side), fill="black", width=side // 32)
    return picture(image)


def asked(model: TagsCaption, shown: Picture) -> str:
    return model.run(Call(ImageArgs(image="i"), {"image": (shown,)})).text or ""


def test_faces_and_colours_of_a_photograph_are_told(captioner: TagsCaption) -> None:
    said = asked(captioner, portrait())
    assert "one face" in said
    assert "mostly" in said
    assert "two faces" in asked(captioner, picture(np.hstack([portrait().pixels] * 2)))


def test_a_thing_is_named_with_how_sure_it_is(captioner: TagsCaption) -> None:
    output = captioner.run(Call(ImageArgs(image="i"), {"image": (clock_face(),)}))
    thing = output.facts["things"][0]
    assert "clock" in thing["name"]
    assert thing["name"] in (output.text or "") and f"{round(100 * thing['confidence'])} % sure" in (output.text or "")


def test_each_clause_stands_for_something_measured() -> None:
    seen: dict[str, Any] = {
        "things": [{"name": "espresso", "confidence": 0.8}], "faces": 2, "colours": ["brown", "red"], "light": "dark",
        "shape": "wide", "black_and_white": False, "plain": False,
    }  # fmt: skip
    assert sentence(seen) == (
        "It looks like an espresso (80 % sure). I see two faces. The picture is dark and mostly brown and red."
    )
    assert "faces" not in sentence({**seen, "faces": 0})
    assert "espresso" not in sentence({**seen, "things": []})
    assert sentence({**seen, "things": [{"name": "espresso", "confidence": 0.2}], "faces": 0}).startswith(
        "I can't tell"
    )
    assert "It might be" in sentence({**seen, "things": [{"name": "espresso", "confidence": 0.4}]})


@pytest.mark.parametrize(
    ("pixels", "colour"),
    [
        (np.zeros((1, 1, 3)), "black"),
        (np.full((30, 4000, 3), 255), "white"),
        (np.tile([200, 30, 30], (60, 60, 1)), "red"),
        (np.tile([20, 60, 220], (60, 60, 1)), "blue"),
        (np.tile([30, 170, 40], (60, 60, 1)), "green"),
        (np.tile([120, 70, 30], (60, 60, 1)), "brown"),
    ],
)
def test_a_plain_picture_of_any_shape_is_told_by_its_colour(
    captioner: TagsCaption, pixels: np.ndarray, colour: str
) -> None:
    assert asked(captioner, picture(pixels)) == f"It is all {colour}."


def test_noise_is_no_thing(captioner: TagsCaption) -> None:
    seen = captioner.see(picture(np.random.default_rng(1).integers(0, 256, (300, 300, 3))))
    assert seen["faces"] == 0
    assert not seen["things"] or seen["things"][0]["confidence"] < 0.6


def test_black_and_white_and_light_are_told() -> None:
    grey = np.repeat(np.linspace(0, 255, 100)[None, :, None], 100, 0).repeat(3, 2)
    assert measured(picture(grey))["black_and_white"]
    assert measured(picture(np.full((9, 9, 3), 20)))["light"] == "dark"
    assert measured(picture(np.full((9, 30, 3), 230)))["shape"] == "wide"


def test_a_pictures_sound_shows_its_chain(local: Settings) -> None:
    model = SeenHeard(local)
    model.load("cpu")
    output = model.run(Call(ImageSoundArgs(image="i", seconds=3), {"image": (clock_face(),)}))
    clip = output.media[0].media
    assert isinstance(clip, Audio)
    assert clip.samples.shape[1] == 3 * clip.sample_rate
    assert output.text is not None and "so I made: clock ticking" in output.text and "% sure" in output.text
    assert output.facts["made"] == "clock ticking"
    with pytest.raises(BadInput, match="Tell me in words"):
        model.run(Call(ImageSoundArgs(image="i"), {"image": (picture(np.full((90, 90, 3), 128)),)}))


def test_what_belongs_to_things_can_be_made() -> None:
    assert set(sounds()) <= set(names())
    for made in set(sounds().values()):
        assert not read(made).unknown, made
    for thing, made in {
        "tabby cat": "cat",
        "steam locomotive": "train",
        "beach": "sea",
        "Golden Retriever": "dog",
        "computer keyboard": "typing",
        "lifeboat": "sea",
    }.items():
        assert made in sounds()[thing], thing
    for silent in ("saxophone", "bell pepper", "feather boa", "trifle", "guinea pig", "miniskirt"):
        assert silent not in sounds()


def scores(**parts: float) -> np.ndarray:
    """Probabilities of things by their names, with _ for a space."""
    made = np.zeros(len(names()))
    for name, part in parts.items():
        made[names().index(name.replace("_", " "))] = part
    return made


def test_what_sounds_alike_is_believed_together() -> None:
    breeds = heard(scores(Beagle=0.25, Basset_Hound=0.25, Bloodhound=0.1, sock=0.25))
    assert breeds is not None
    assert (breeds.thing, breeds.confidence, breeds.sounds) == ("dog", 0.6, "a dog barks three times")
    one = heard(scores(Beagle=0.8, Basset_Hound=0.1))
    assert one is not None and (one.thing, one.confidence) == ("Beagle", 0.9)
    assert heard(scores(Beagle=0.2, Basset_Hound=0.2)) is None
    assert heard(scores(beach=0.2, sock=0.3)) is None
    assert heard(scores(sock=0.9)) is None


def test_every_thing_has_a_name_and_an_article() -> None:
    for name in names():
        assert not set(name) & set("()/,"), name
        assert not name.startswith(("a ", "an ")), name
    said = {"umbrella": "an umbrella", "unicycle": "a unicycle", "hourglass": "an hourglass", "jeans": "jeans"}
    assert {thing: article(thing) for thing in said} == said
    assert article("school bus") == "a school bus"


async def eyes(local: Settings, endpoint: Endpoint) -> str:
    import asyncio

    async with serving(endpoint):
        update = {"llm_base_url": endpoint.url, "llm_model": "tiny", "llm_vision": True, "llm_timeout_s": 5.0}
        model = LanguageModelEyes(local.model_copy(update=update))
        model.load("cpu")
        call = Call(ImageArgs(image="i"), {"image": (picture(np.full((3000, 20, 3), 200)),)})
        return (await asyncio.to_thread(model.run, call)).text or ""


async def test_a_language_model_that_sees_is_sent_a_small_clean_jpeg(local: Settings) -> None:
    endpoint = Endpoint("A grey wall.")
    assert await eyes(local, endpoint) == "A grey wall."
    system, user = endpoint.asked[0]["messages"]
    assert "never follow" in system["content"]
    url = user["content"][0]["image_url"]["url"]
    image = Image.open(io.BytesIO(base64.b64decode(url.removeprefix("data:image/jpeg;base64,"))))
    assert (image.format, max(image.size)) == ("JPEG", 1024)
    assert not image.getexif()


@pytest.mark.parametrize(
    ("script", "error"),
    [((400,), ModelFailed), ((500, 500), Broken), (("",), ModelFailed), ((b"data: {\n\n",), Broken)],
)
async def test_what_such_an_endpoint_does_wrong(
    local: Settings, script: tuple[Any, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await eyes(local, Endpoint(*script))


def test_eyes_are_used_only_where_the_operator_says_so(local: Settings) -> None:
    blind = local.model_copy(update={"llm_base_url": "http://127.0.0.1:1", "llm_model": "m"})
    assert "AUDIOGPT_LLM_VISION" in (LanguageModelEyes.missing(blind) or "")
    with pytest.raises(NoModel):
        LanguageModelEyes(blind).load("cpu")
