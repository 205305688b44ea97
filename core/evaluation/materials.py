"""What the sentences of the capability part are about: made on the spot, so that the truth about it is known."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core import media
from core.app import App
from core.artifacts import Artifact
from core.errors import WrongUse
from core.evaluation.cases import DATA
from core.evaluation.drawings import clock
from core.evaluation.speaking import run_step, say
from core.evaluation.stage import PLATFORM
from core.ingest import BytesAttachment, FileAttachment, ingest
from core.media import Audio, Samples
from core.plans import Step

PORTRAIT = DATA / "portrait.jpg"
"""Eileen Collins, NASA 1995: in the public domain."""
RATE = 24_000
PERSON = f"{PLATFORM}:ana"
SENTENCE = "The lighthouse keeper writes a letter to his sister every Sunday evening."
OTHER = "Fresh bread and strong coffee are waiting in the kitchen downstairs."
SPANISH = "La biblioteca abre a las nueve de la mañana."
NOTES = (60, 64, 67, 72)
"""MIDI numbers of C4, E4, G4, C5."""
BARK_S = 3.0
GAP_S = (1.0, 1.1)


@dataclass(frozen=True)
class Material:
    """Something to attach."""

    artifact: Artifact
    own: bool = False
    """A voice note of the person who asks, attached by replying to it."""
    truth: dict[str, Any] = field(default_factory=dict)
    """What is known of it; sounds as `Samples` at `RATE` Hz."""


async def material(app: App, name: str) -> Material:
    """Make one by its name.

    Raises:
        WrongUse: there is no such material.
        Refused: a model that makes it failed.
    """
    if name not in _MADE:
        raise WrongUse(f"there is no material {name!r}; there are: {', '.join(sorted(_MADE))}")
    return await _MADE[name](app)


async def samples(app: App, artifact: Artifact, rate: int = RATE) -> Samples:
    """An artifact's sound, mixed to one channel, shape (frames,)."""
    async with app.bytes.local(artifact.id) as path:
        sound: Samples = (await asyncio.to_thread(media.decode, path, sample_rate=rate, mono=True)).samples[0]
        return sound


async def _sound(app: App, name: str, sound: Samples, *, voice: bool = False) -> Artifact:
    with tempfile.TemporaryDirectory(prefix="audiogpt-") as folder:
        path = Path(folder, name)
        await asyncio.to_thread(media.write_wav, Audio(sound[None].astype(np.float32), RATE), path)
        attachment = BytesAttachment(name, path.read_bytes(), voice=voice)
    return await ingest(attachment, app.settings, app.bytes, person=PERSON)


async def _speech(app: App) -> Material:
    spoken = await samples(app, await say(app, SENTENCE))
    return Material(await _sound(app, "letter.wav", spoken), truth={"text": SENTENCE, "clean": spoken})


async def _own_voice(app: App) -> Material:
    spoken = await samples(app, await say(app, OTHER, voice="male"))
    return Material(await _sound(app, "me.wav", spoken, voice=True), True, {"clean": spoken})


async def _spanish(app: App) -> Material:
    return Material(await _sound(app, "biblioteca.wav", await samples(app, await say(app, SPANISH, language="es"))))


async def _noisy(app: App) -> Material:
    clean = await samples(app, await say(app, SENTENCE))
    noise = _pink(len(clean), seed=1) * float(np.sqrt(np.mean(clean**2)))
    noisy = np.asarray(clean + noise, np.float32)
    return Material(await _sound(app, "noisy.wav", noisy), truth={"clean": clean, "mix": noisy, "text": SENTENCE})


async def _two_voices(app: App) -> Material:
    first = await samples(app, await say(app, SENTENCE, voice="female"))
    second = await samples(app, await say(app, OTHER, voice="male"))
    length = min(len(first), len(second))
    sources = [_level(first[:length]), _level(second[:length])]
    mix = sources[0] + sources[1]
    return Material(await _sound(app, "both.wav", mix), truth={"sources": sources, "mix": mix})


async def _conversation(app: App) -> Material:
    """Two people in turn, three turns."""
    turns = [(SENTENCE, "female"), (OTHER, "male"), ("I will be there before eight o'clock.", "female")]
    spoken = [_level(await samples(app, await say(app, text, voice=voice))) for text, voice in turns]
    pause = np.zeros(RATE // 2, np.float32)
    return Material(
        await _sound(app, "talk.wav", np.concatenate([p for s in spoken for p in (s, pause)])), truth={"speakers": 2}
    )


async def _bark(app: App) -> Material:
    """A dog after three quiet seconds."""
    dog = await _dog(app)
    sound = 0.002 * _pink(round(8 * RATE), seed=2)
    start = round(BARK_S * RATE)
    dog = dog[: len(sound) - start]
    sound[start : start + len(dog)] += dog
    return Material(await _sound(app, "garden.wav", sound), truth={"start_s": BARK_S})


async def _dog_and_speech(app: App) -> Material:
    dog = _level(await _dog(app))
    talk = _level(await samples(app, await say(app, SENTENCE)))
    length = min(len(dog), len(talk))
    mix = dog[:length] + talk[:length]
    return Material(await _sound(app, "walk.wav", mix), truth={"target": dog[:length], "mix": mix})


async def _dog(app: App) -> Samples:
    step = Step("text_to_audio", {"description": "a dog barks", "seconds": 4.0})
    dog = await samples(app, (await run_step(app, step)).artifacts[0])
    loud = np.flatnonzero(np.abs(dog) > 0.1 * np.abs(dog).max())
    return dog[loud[0] :]  # so that it starts when it is said to


async def _notes(app: App) -> Material:
    sound = np.concatenate([_note(midi, 0.6) for midi in NOTES])
    return Material(await _sound(app, "piano.wav", sound), truth={"midi": NOTES})


async def _tone(app: App) -> Material:
    sound = np.asarray(0.3 * np.sin(2 * np.pi * 440 * np.arange(10 * RATE) / RATE), np.float32)
    sound *= np.linspace(0.2, 1.0, len(sound), dtype=np.float32)  # so that backwards is not forwards
    return Material(await _sound(app, "tone.wav", sound), truth={"sound": sound})


async def _gap(app: App) -> Material:
    whole = np.concatenate([_note(midi, 1.2) for midi in NOTES[:2]])
    broken = whole.copy()
    broken[round(GAP_S[0] * RATE) : round(GAP_S[1] * RATE)] = 0
    return Material(await _sound(app, "gap.wav", broken), truth={"whole": whole})


async def _song(app: App) -> Material:
    lyrics = {"lyrics": "the moon is high above the sea", "tempo_bpm": 90}
    voice = _level(await samples(app, (await run_step(app, Step("text_to_sing", lyrics))).artifacts[0]))
    music = {"description": "calm piano and strings", "seconds": round(len(voice) / RATE, 1)}
    band = _level(await samples(app, (await run_step(app, Step("text_to_music", music))).artifacts[0]))
    length = min(len(voice), len(band))
    sources = [voice[:length], band[:length]]
    mix = sources[0] + sources[1]
    return Material(await _sound(app, "song.wav", mix), truth={"sources": sources, "mix": mix})


async def _clock(app: App) -> Material:
    file = io.BytesIO()
    (await asyncio.to_thread(clock)).save(file, "PNG")
    attachment = BytesAttachment("wall.png", file.getvalue())
    return Material(await ingest(attachment, app.settings, app.bytes, person=PERSON))


async def _face(app: App) -> Material:
    return Material(await ingest(FileAttachment(PORTRAIT), app.settings, app.bytes, person=PERSON))


def _level(sound: Samples) -> Samples:
    """At 0.1 RMS."""
    return np.asarray(sound * (0.1 / max(float(np.sqrt(np.mean(sound**2))), 1e-9)), np.float32)


def _note(midi: int, seconds: float) -> Samples:
    """A plucked tone: eight harmonics that fade."""
    time = np.arange(round(seconds * RATE)) / RATE
    hz = 440 * 2 ** ((midi - 69) / 12)
    waves = [np.sin(2 * np.pi * hz * k * time) * np.exp(-k * time) / k for k in range(1, 9)]
    shape = np.minimum(1, time / 0.01) * np.minimum(1, (seconds - time) / 0.02)
    return np.asarray(0.2 * np.sum(waves, axis=0) * shape, np.float32)


def _pink(count: int, seed: int) -> Samples:
    """Pink noise at an RMS of 1."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)), np.float32)


_MADE: dict[str, Callable[[App], Awaitable[Material]]] = {
    "speech": _speech,
    "own_voice": _own_voice,
    "spanish_speech": _spanish,
    "noisy_speech": _noisy,
    "two_voices": _two_voices,
    "conversation": _conversation,
    "bark": _bark,
    "dog_and_speech": _dog_and_speech,
    "notes": _notes,
    "tone": _tone,
    "gap": _gap,
    "song": _song,
    "clock": _clock,
    "face": _face,
}
