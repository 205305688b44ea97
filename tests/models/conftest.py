"""Loaded models, once a session, and the sounds that they are tried on."""

from __future__ import annotations

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
