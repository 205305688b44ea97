"""What a capability's artifact must be like: a small judge each, that measures and says what is wrong."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core import media
from core.app import App
from core.artifacts import Artifact, Kind
from core.evaluation.materials import GAP_S, RATE, Material, samples
from core.evaluation.measures import gain_db, pitches_hz, rms_db, si_sdr_db, word_error_rate
from core.evaluation.speaking import hear, run_step
from core.media import Audio, Samples
from core.messages import Reply
from core.plans import Step

_STEREO_HZ = 48_000


@dataclass
class Made:
    """What came of a sentence, for its judge."""

    app: App
    told: dict[str, Any]
    """What the task says that its judge shall know."""
    materials: Sequence[Material]
    reply: Reply
    measures: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Artifact]:
        """What is shown of a kind."""
        return [s.artifact for s in self.reply.shown if s.artifact.kind is kind]

    def one(self, kind: Kind = Kind.AUDIO) -> Artifact:
        """The first of a kind.

        Raises:
            IndexError: nothing of it is shown.
        """
        return self.of(kind)[0]

    def truth(self, name: str) -> Any:
        """What is known of the first material that knows it."""
        return next(m.truth[name] for m in self.materials if name in m.truth)

    def want(self, name: str, value: float, *, least: float = -np.inf, most: float = np.inf) -> None:
        """Note a measure, and a fault when it is out of its bounds."""
        self.measures[name] = round(float(value), 4)
        if not least <= value <= most:
            bound = f"at least {least:g}" if value < least else f"at most {most:g}"
            self.faults.append(f"{name} is {value:.3g}, not {bound}")

    def says(self, pattern: str) -> None:
        """A fault where the words do not match a pattern."""
        if not re.search(pattern, self.reply.text, re.IGNORECASE):
            self.faults.append(f"the words miss /{pattern}/: {self.reply.text[:160]!r}")

    async def stereo(self) -> Audio:
        """The first sound with its channels, at 48 kHz."""
        async with self.app.bytes.local(self.one().id) as path:
            return await asyncio.to_thread(media.decode, path, sample_rate=_STEREO_HZ)

    async def sound(self) -> Samples:
        """The first sound, mixed down, at `RATE`."""
        return await samples(self.app, self.one())


async def _spoken(made: Made) -> None:
    heard = await hear(made.app, made.one())
    made.want("word_error_rate", word_error_rate(made.told["text"], heard), most=made.told.get("most", 0.1))


async def _recognised(made: Made) -> None:
    words = made.reply.text.partition("\n")[0]
    made.want("word_error_rate", word_error_rate(made.truth("text"), words), most=0.1)


async def _imitated(made: Made) -> None:
    await _spoken(made)
    made.want("pitch_off_octaves", await _pitch_off(made), most=0.35)


async def _converted(made: Made) -> None:
    heard = await hear(made.app, made.one())
    made.want("word_error_rate", word_error_rate(made.truth("text"), heard), most=0.25)
    made.want("pitch_off_octaves", await _pitch_off(made), most=0.35)


async def _pitch_off(made: Made) -> float:
    """How far the voice is from that of the person, in octaves of its median pitch."""
    own = next(m.truth["clean"] for m in made.materials if m.own)
    medians = [float(np.median(pitches_hz(sound, RATE))) for sound in (own, await made.sound())]
    return abs(float(np.log2(medians[1] / medians[0])))


async def _enhanced(made: Made) -> None:
    clean, mix = made.truth("clean"), made.truth("mix")
    made.want("si_sdr_gain_db", si_sdr_db(clean, await made.sound()) - si_sdr_db(clean, mix), least=5)


async def _separated(made: Made) -> None:
    stems = [await samples(made.app, artifact) for artifact in made.of(Kind.AUDIO)]
    made.want("clips", len(stems), least=2, most=2)
    if len(stems) == 2:
        least = made.told.get("least", 5)
        made.want("si_sdr_gain_db", gain_db(made.truth("sources"), stems, made.truth("mix")), least=least)


async def _told(made: Made) -> None:
    made.says(made.told["words"])


async def _placed(made: Made) -> None:
    """Louder, and earlier, on the side that was asked for (left)."""
    sound = await made.stereo()
    made.want("channels", len(sound.samples), least=2, most=2)
    if len(sound.samples) == 2:
        left, right = sound.samples
        made.want("left_over_right_db", rms_db(left) - rms_db(right), least=3)
        made.want("left_before_right_us", _delay_s(left, right) * 1e6, least=200, most=900)


def _delay_s(first: Samples, second: Samples) -> float:
    """By how much the second channel is later, within a millisecond, by the peak of the cross-correlation."""
    size = 1 << 16
    spectrum = np.conj(np.fft.rfft(first[:size], 2 * size)) * np.fft.rfft(second[:size], 2 * size)
    likeness = np.fft.irfft(spectrum)
    reach = _STEREO_HZ // 1000
    lags = np.arange(-reach, reach + 1)
    return float(lags[int(np.argmax(likeness[lags]))]) / _STEREO_HZ


async def _sung(made: Made) -> None:
    """Median pitch of the loud windows against the one note that was asked for."""
    hz = pitches_hz(await made.sound(), RATE)
    cents = 1200 * np.log2(np.median(hz) / made.told["hz"])
    made.want("pitch_off_cents", abs(float(cents)), most=30)


async def _composed(made: Made) -> None:
    made.want("seconds", len(await made.sound()) / RATE, least=made.told["seconds"] - 1, most=made.told["seconds"] + 3)
    made.want("level_db", rms_db(await made.sound()), least=-40)
    made.want("tempo_bpm", await _tempo(made), least=made.told["bpm"] - 1, most=made.told["bpm"] + 1)


async def _tempo(made: Made) -> float:
    import mido

    async with made.app.bytes.local(made.one(Kind.MIDI).id) as path:
        file = mido.MidiFile(path)
    return float(next(mido.tempo2bpm(m.tempo) for track in file.tracks for m in track if m.type == "set_tempo"))


async def _notated(made: Made) -> None:
    import mido

    async with made.app.bytes.local(made.one(Kind.MIDI).id) as path:
        found = {m.note for m in mido.MidiFile(path) if m.type == "note_on" and m.velocity}
    wanted = set(made.truth("midi"))
    made.want("notes_found", len(wanted & found) / len(wanted), least=0.75)
    made.want("notes_made_up", len(found - wanted), most=2)


async def _heard_as(made: Made) -> None:
    """What was made is what our own sound detection hears in it."""
    found = await run_step(made.app, Step("sound_detection", {"audio": made.one().id}), made.one())
    made.want("level_db", rms_db(await made.sound()), least=-45)
    if not re.search(made.told["sounds"], found.text or "", re.IGNORECASE):
        made.faults.append(f"sounds like {found.text!r}, not like {made.told['sounds']}")


async def _mended(made: Made) -> None:
    """The gap sounds, and more like what was there than silence does."""
    whole, mended = made.truth("whole"), await made.sound()
    start, end = (round(edge * RATE) for edge in GAP_S)
    made.want("seconds_off", abs(len(mended) - len(whole)) / RATE, most=0.02)
    made.want("gap_level_off_db", abs(rms_db(mended[start:end]) - rms_db(whole[start:end])), most=10)
    made.want("gap_si_sdr_db", si_sdr_db(whole[start:end], mended[start:end]), least=0)


async def _extracted(made: Made) -> None:
    target, mix = made.truth("target"), made.truth("mix")
    made.want("si_sdr_gain_db", si_sdr_db(target, await made.sound()) - si_sdr_db(target, mix), least=0)


async def _audible(made: Made) -> None:
    made.want("seconds", len(await made.sound()) / RATE, least=1)
    made.want("level_db", rms_db(await made.sound()), least=-45)


async def _trimmed(made: Made) -> None:
    """Exact to the sample, and the same samples."""
    start, end = (round(edge * RATE) for edge in made.told["from_to_s"])
    wanted, found = made.truth("sound")[start:end], await made.sound()
    made.want("samples_off", abs(len(found) - len(wanted)), most=0)
    if len(found) == len(wanted):
        made.want("si_sdr_db", si_sdr_db(wanted, found), least=40)


async def _drawn(made: Made) -> None:
    facts = made.one(Kind.IMAGE).facts
    made.want("side_px", min(facts.width or 0, facts.height or 0), least=256)


async def _filmed(made: Made) -> None:
    """A video with sound, as long as what is said in it."""
    facts = made.one(Kind.VIDEO).facts
    length = len(made.truth("clean")) / RATE if any("clean" in m.truth for m in made.materials) else None
    made.want("has_sound", facts.has_audio, least=1)
    made.want("side_px", min(facts.width or 0, facts.height or 0), least=256)
    if length is not None:
        made.want("seconds_off", abs((facts.duration_s or 0.0) - length), most=1.0)


JUDGES: dict[str, Callable[[Made], Awaitable[None]]] = {
    "text_to_speech": _spoken,
    "speech_recognition": _recognised,
    "style_transfer_tts": _imitated,
    "voice_conversion": _converted,
    "speech_enhancement": _enhanced,
    "speech_separation": _separated,
    "speaker_diarization": _told,
    "speech_translation": _told,
    "text_translation": _told,
    "mono_to_binaural": _placed,
    "text_to_sing": _sung,
    "text_to_music": _composed,
    "music_separation": _separated,
    "music_transcription": _notated,
    "text_to_audio": _heard_as,
    "audio_inpainting": _mended,
    "image_to_audio": _audible,
    "audio_captioning": _told,
    "sound_detection": _told,
    "target_sound_detection": _told,
    "sound_extraction": _extracted,
    "audio_editing": _trimmed,
    "text_to_image": _drawn,
    "image_captioning": _told,
    "talking_head": _filmed,
    "audiogram": _filmed,
}
"""By capability."""
