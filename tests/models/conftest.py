"""Loaded models, once a session, and the sounds that they are tried on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tones import Say

from core.capabilities import SpeakArgs
from core.media import Audio
from core.models.base import Call
from core.models.sound.editor import Editor
from core.models.speech.deepfilternet import DeepFilterNet
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.hibari import Hibari
from core.settings import Settings

TEXT = "Hello there, how are you today? I would like to know the weather in London, please."

# In place of the real sentencepiece, which is not installed here: letters for pieces.
SENTENCEPIECE = """
class SentencePieceProcessor:
    def __init__(self, **options): pass
    def Load(self, path):
        with open(path) as file: assert file.read() == "letters"
    def encode(self, text, out_type=str): return [c if c != " " else "▁" for c in text.lower()]
    def decode(self, pieces): return "".join(pieces).replace("▁", " ")
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyz."]
    def get_piece_size(self): return len(self.pieces)
    def piece_to_id(self, piece): return self.pieces.index(piece) if piece in self.pieces else 3
    def IdToPiece(self, index): return self.pieces[index]
"""


@pytest.fixture(scope="session")
def local(weights_dir: Path) -> Settings:
    return Settings(_env_file=None, data_dir=weights_dir)


@pytest.fixture(scope="session")
def hibari(local: Settings) -> Hibari:
    model = Hibari(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="session")
def whisper(local: Settings) -> FasterWhisper:
    model = FasterWhisper(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="session")
def deepfilternet(local: Settings) -> DeepFilterNet:
    model = DeepFilterNet(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="session")
def editor(local: Settings) -> Editor:
    model = Editor(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="session")
def say(hibari: Hibari) -> Say:
    def say(text: str, **args: object) -> Audio:
        media = hibari.run(Call(SpeakArgs(text=text, **args))).media[0].media
        assert isinstance(media, Audio)
        return media

    return say


@pytest.fixture(scope="session")
def speech(say: Say) -> Audio:
    """About 6 s, mono, 24 kHz."""
    return say(TEXT)


@pytest.fixture(scope="module")
def sentencepiece(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "sentencepiece.py").write_text(SENTENCEPIECE)
    described = folder / "sentencepiece-0.2.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: sentencepiece\nVersion: 0.2.0\n")
    from transformers.utils.import_utils import is_sentencepiece_available

    sys.path.insert(0, str(folder))
    is_sentencepiece_available.cache_clear()
    yield
    sys.path.remove(str(folder))
    sys.modules.pop("sentencepiece", None)
    is_sentencepiece_available.cache_clear()
