from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from paths import SHARED
from tones import Say, other_voice, pink, tone

from core.capabilities import RecogniseArgs
from core.errors import Ambiguous, BadInput, Cancelled, NoModel
from core.media import Audio, decode
from core.models.base import Call, File, Output
from core.models.speech import faster_whisper
from core.models.speech._transcript import Segment, Word, transcript, with_speakers
from core.models.speech._turns import Turn
from core.models.speech.faster_whisper import FasterWhisper, joined_weights
from core.settings import Settings

SECONDS = 30


def recognise(model: FasterWhisper, clip: Audio, seed: int = 0, **args: object) -> Output:
    return model.run(Call(RecogniseArgs(audio="clip", **args), {"audio": (clip,)}, seed=seed))


def words(text: str | None) -> str:
    return " ".join(re.findall(r"[a-z]+", (text or "").lower()))


def test_writes_down_what_is_said(whisper: FasterWhisper, speech: Audio) -> None:
    output = recognise(whisper, speech)
    assert words(output.text) == "hello there how are you today i would like to know the weather in london please"
    assert output.facts["language"] == "en"
    assert output.facts["language_probability"] > 0.8
    assert output.facts["duration"] == pytest.approx(speech.duration_s, abs=0.001)
    segments = output.facts["segments"]
    assert words(" ".join(s["text"] for s in segments)) == words(output.text)
    assert 0 <= segments[0]["start"] < segments[-1]["end"] <= speech.duration_s
    assert output.media == ()


def test_every_word_has_its_time(whisper: FasterWhisper, speech: Audio) -> None:
    output = recognise(whisper, speech)
    timed = output.facts["words"]
    assert words(" ".join(text for _, _, text in timed)) == words(output.text)
    starts = [start for start, _, _ in timed]
    assert starts == sorted(starts)
    assert all(0 <= start <= end <= speech.duration_s for start, end, _ in timed)
    (question,) = [start for start, _, text in timed if text == "I"]
    loud = np.abs(speech.samples[0]) > 0.02
    quiet = [t for t in np.arange(1.0, 4.0, 0.01) if not loud[round(t * 24_000) : round((t + 0.25) * 24_000)].any()]
    assert question == pytest.approx(max(quiet) + 0.25, abs=0.3)  # the words after the pause begin at its end
    json.dumps(output.facts)


def test_names_the_language(whisper: FasterWhisper, speech: Audio) -> None:
    assert recognise(whisper, speech).facts["language_name"] == "English"


def test_asks_when_the_language_is_not_sure(
    whisper: FasterWhisper, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faster_whisper, "SURE_LANGUAGE", 1.1)
    with pytest.raises(Ambiguous, match=r"English \(\d+%\) or \w+ \(\d+%\)\?"):
        recognise(whisper, speech)
    assert recognise(whisper, speech, language="en").facts["language"] == "en"


def test_says_who_says_what(whisper: FasterWhisper, say: Say) -> None:
    first, second = "Good morning, how was the journey to the north?", "It was long, but the train came on time."
    clip = np.concatenate([say(first).samples, other_voice(say(second)).samples] * 2, axis=1)
    output = recognise(whisper, Audio(clip, 24_000), by_speaker=True)
    lines = (output.text or "").splitlines()
    assert [line[:11] for line in lines] == ["Speaker 1: ", "Speaker 2: "] * 2
    assert words(lines[0][11:]) == words(first)
    assert words(lines[3][11:]) == words(second)
    assert output.facts["speakers"] == 2


def test_a_word_that_reaches_over_a_border_stays_with_its_sentence_but_an_answer_does_not() -> None:
    said = (Word(9.7, 9.9, " Pre"), Word(9.9, 10.3, "mere"), Word(10.3, 10.8, " uno"), Word(12.1, 12.4, " Si"))
    turns = [Turn(2, 9.9, 1), Turn(10, 12, 2), Turn(12.05, 12.45, 1)]
    cut = with_speakers([Segment(9.7, 12.4, " Premere uno Si", said)], turns)
    assert [(s.speaker, s.text) for s in cut] == [(2, " Premere uno"), (1, " Si")]


def test_subtitles_name_the_speakers() -> None:
    segments = [Segment(0, 1, " Good & early.", (), 1), Segment(1, 2, " It was long.", (), 2)]
    vtt, srt = (transcript(segments, form, 2, language="en").text or "" for form in ("vtt", "srt"))
    assert "<v Speaker 1>Good &amp; early." in vtt and "<v Speaker 2>It was long." in vtt
    assert "Speaker 1: Good & early." in srt


def test_a_transcript_is_a_file_when_asked(whisper: FasterWhisper, speech: Audio) -> None:
    (made,) = recognise(whisper, speech, format="txt").media
    assert isinstance(made.media, File)
    assert words(made.media.content.decode()).startswith("hello there how are you")
    assert (made.media.media_type, made.media.extension) == ("text/plain", ".txt")


def test_a_long_transcript_is_a_file_too() -> None:
    segments = [Segment(n, n + 1.0, " Nobody has said this before.") for n in range(60)]
    short, long = (transcript(part, "text", 60, language="en") for part in (segments[:10], segments))
    assert short.media == ()
    (made,) = long.media
    assert isinstance(made.media, File)
    assert made.media.content.decode() == long.text
    assert (long.text or "").split() == " ".join(s.text for s in segments).split()


def test_a_long_transcript_has_paragraphs_where_the_talk_pauses() -> None:
    at, said = 0.0, []
    for n in range(120):
        at += 5.0 if n in (30, 31, 90) else 0.2
        said.append(Segment(at, at + 2, f" This is sentence {n}, and it ends here."))
        at += 2
    text = transcript(said, "text", at, language="en").text or ""
    paragraphs = text.split("\n\n")
    assert all(p == p.strip() and p.endswith("here.") and "\n" not in p for p in paragraphs)
    begun = [int(p.split()[3].rstrip(",")) for p in paragraphs]
    assert {30, 90} <= set(begun)
    assert 31 not in begun, "one sentence is no paragraph"
    assert max(len(p) for p in paragraphs) < 700
    assert " ".join(paragraphs) == " ".join(s.text.strip() for s in said)


def test_words_that_no_sentence_ends_stay_together() -> None:
    said = [Segment(n, n + 1.0, " and on and on and on") for n in range(100)]
    assert "\n" not in (transcript(said, "text", 100, language="en").text or "")


def test_subtitles_are_short_enough_to_read() -> None:
    spoken = tuple(Word(n / 2, n / 2 + 0.4, " seventeen") for n in range(40))
    text = transcript([Segment(0, 20, " seventeen" * 40, spoken)], "srt", 20, language="en").text or ""
    cues = [block.splitlines() for block in text.strip().split("\n\n")]
    assert len(cues) == 5
    assert all(len(cue[2]) <= 84 for cue in cues)
    assert cues[1][1] == "00:00:04,000 --> 00:00:07,900"
    assert " ".join(cue[2] for cue in cues) == "seventeen " * 39 + "seventeen"


def test_a_segment_is_cut_where_the_speaker_changes() -> None:
    said = (Word(0, 1, " Yes"), Word(1, 2, " please"), Word(2.1, 3, " Fine"), Word(9, 9.5, " then"))
    turns = [Turn(0, 2, 1), Turn(2, 4, 2)]
    cut = with_speakers([Segment(0, 9.5, " Yes please Fine then", said), Segment(0.5, 1.5, " Whole")], turns)
    assert [(s.speaker, s.text, s.start, s.end) for s in cut] == [
        (1, " Yes please", 0, 2),
        (2, " Fine then", 2.1, 9.5),
        (1, " Whole", 0.5, 1.5),
    ]


def test_the_encoding_that_detection_leaves_gives_the_same_words(whisper: FasterWhisper, speech: Audio) -> None:
    told = recognise(whisper, speech, language="en")
    assert told.text == recognise(whisper, speech).text
    assert told.facts["language_probability"] == 1


def test_is_the_same_again_at_any_rate_level_and_channel_count(whisper: FasterWhisper, speech: Audio) -> None:
    loud = words(recognise(whisper, speech).text)
    assert words(recognise(whisper, speech).text) == loud
    quiet = np.repeat(speech.samples * np.float32(0.002), 2, axis=0)
    assert words(recognise(whisper, Audio(quiet, speech.sample_rate)).text) == loud


def coloured(exponent: float) -> np.ndarray:
    """30 s of noise at -20 dBFS whose power goes with this power of the frequency."""
    spectrum = np.fft.rfft(np.random.default_rng(1).standard_normal(SECONDS * 16_000))
    noise = np.fft.irfft(spectrum * np.maximum(1, np.arange(len(spectrum))) ** (exponent / 2))
    return 0.1 * noise / noise.std()


NOTHING = {
    "brown noise": coloured(-2),
    "blue noise": coloured(1),
    "violet noise": coloured(2),
    "empty": np.zeros(0),
    "one sample": np.zeros(1),
    "silence": np.zeros(SECONDS * 16_000),
    "white noise": np.random.default_rng(0).uniform(-0.5, 0.5, SECONDS * 16_000),
    "full scale noise": np.random.default_rng(0).uniform(-1, 1, SECONDS * 16_000),
    "quiet white noise": np.random.default_rng(0).uniform(-0.001, 0.001, SECONDS * 16_000),
    "pink noise": 0.1 * pink(SECONDS * 16_000, 0),
    "hum": sum(tone(hz, SECONDS, 16_000, 0.1).samples[0] for hz in (50, 150, 350)),
    "tone": tone(440, SECONDS, 16_000).samples[0],
    "chord": sum(tone(hz, SECONDS, 16_000, 0.2).samples[0] for hz in (261.63, 329.63, 392.0)),
    "trembling tone": tone(200, SECONDS, 16_000).samples[0] * (1 + tone(4, SECONDS, 16_000).samples[0]) / 2,
    "tune": np.concatenate([tone(hz, 0.5, 16_000).samples[0] * np.linspace(1, 0, 8000) for hz in (262, 330, 392) * 5]),
}


@pytest.mark.parametrize("language", [None, "en"])
@pytest.mark.parametrize("name", NOTHING)
def test_hears_no_words_where_there_are_none(whisper: FasterWhisper, name: str, language: str | None) -> None:
    clip = Audio(NOTHING[name].astype(np.float32)[None], 16_000)
    with pytest.raises(BadInput, match="I hear no speech in this clip"):
        recognise(whisper, clip, language=language)


@pytest.mark.skipif(not (SHARED / "media").is_dir(), reason="left out: recordings that are not part of the repository")
@pytest.mark.parametrize("name", ["a-group-of-sheep-are-baaing.wav", "mix1.wav"])
def test_hears_no_words_in_recordings_of_sounds(whisper: FasterWhisper, name: str) -> None:
    with pytest.raises(BadInput, match="no speech"):
        recognise(whisper, decode(SHARED / "media" / name))


def test_words_between_silence_and_noise_keep_their_time(whisper: FasterWhisper, speech: Audio) -> None:
    rate = speech.sample_rate
    before = 0.003 * pink(12 * rate, 1)
    clip = Audio(np.concatenate([before, speech.samples[0], np.zeros(5 * rate, np.float32)])[None], rate)
    output = recognise(whisper, clip)
    assert words(output.text).startswith("hello there how are you")
    assert output.facts["segments"][0]["start"] == pytest.approx(12, abs=0.7)
    last_s = np.flatnonzero(np.abs(speech.samples[0]) > 0.01)[-1] / rate
    assert output.facts["segments"][-1]["end"] == pytest.approx(12 + last_s, abs=0.4)


def test_a_long_clip_is_cut_in_its_pauses(whisper: FasterWhisper, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faster_whisper, "_BLOCK_S", 10.0)
    clip = say("The first train goes north. The second bus goes south. A third ship sails to the east in the morning. ")
    gap = np.zeros((1, 3 * clip.sample_rate), np.float32)
    long = Audio(np.concatenate([clip.samples, gap] * 3, axis=1), clip.sample_rate)
    fractions: list[float] = []
    args = RecogniseArgs(audio="clip")
    output = whisper.run(Call(args, {"audio": (long,)}, progress=fractions.append))
    assert words(output.text).count("third ship sails") == 3
    starts = [s["start"] for s in output.facts["segments"]]
    assert starts == sorted(starts)
    assert starts[-1] > 2 * (clip.duration_s + 3) - 1
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert len(fractions) > 4


def test_a_voice_in_one_channel_or_wired_the_wrong_way_round_is_heard(whisper: FasterWhisper, speech: Audio) -> None:
    voice = speech.samples[0]
    alone = recognise(whisper, speech).text
    for channels in ((np.zeros_like(voice), voice), (voice, -voice)):
        assert recognise(whisper, Audio(np.stack(channels), speech.sample_rate)).text == alone


def test_somebody_who_repeats_himself_is_believed(whisper: FasterWhisper, say: Say) -> None:
    output = recognise(whisper, say("The quick brown fox jumps over the lazy dog. " * 6), language="en")
    assert "the quick brown fox jumps over the lazy dog" in words(output.text)


@pytest.mark.parametrize(
    ("form", "media_type", "first"),
    [
        ("srt", "application/x-subrip", r"1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\nHello"),
        ("vtt", "text/vtt", r"WEBVTT\n\n1\n00:00:0\d\.\d{3} --> 00:00:0\d\.\d{3}\nHello"),
    ],
)
def test_subtitles(whisper: FasterWhisper, speech: Audio, form: str, media_type: str, first: str) -> None:
    output = recognise(whisper, speech, format=form)
    assert re.match(first, output.text or "")
    (made,) = output.media
    assert isinstance(made.media, File)
    assert made.media.content.decode() == output.text
    assert (made.media.media_type, made.media.extension) == (media_type, f".{form}")


def test_names_the_language_that_it_does_not_know(whisper: FasterWhisper, speech: Audio) -> None:
    with pytest.raises(BadInput, match="'zz'"):
        recognise(whisper, speech, language="zz")


def test_stops_when_the_person_says_so(whisper: FasterWhisper, speech: Audio) -> None:
    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        whisper.run(Call(RecogniseArgs(audio="clip"), {"audio": (speech,)}, progress=stop))


def test_a_bad_call_does_not_fail_the_others(whisper: FasterWhisper, speech: Audio) -> None:
    silence = Audio(np.zeros((1, 16_000), np.float32), 16_000)
    calls = [Call(RecogniseArgs(audio="clip"), {"audio": (clip,)}) for clip in (speech, silence, speech)]
    first, second, third = whisper.run_batch(calls)
    assert isinstance(second, BadInput)
    assert isinstance(first, Output) and isinstance(third, Output)
    assert first.text == third.text


def test_weights_are_joined_once_and_checked(
    local: Settings, whisper: FasterWhisper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = joined_weights(local.data_dir)
    stamp = (folder / "model.bin").stat().st_mtime_ns
    assert joined_weights(local.data_dir) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == stamp
    assert [p.name for p in folder.parent.glob("whisper-base-*")] == [folder.name]  # and no half of it
    assert len(whisper.weights_sha256) == 64
    monkeypatch.setattr(faster_whisper, "_SHA256", "0" * 64)
    with pytest.raises(NoModel, match="damaged"):
        joined_weights(tmp_path)
    assert list((tmp_path / "weights").iterdir()) == []


def test_says_what_is_missing(local: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert FasterWhisper.missing(local) is None
    monkeypatch.setattr(faster_whisper, "find_spec", lambda name: None)
    assert "make setup" in (FasterWhisper.missing(local) or "")
    with pytest.raises(NoModel, match="make setup"):
        FasterWhisper(local).load("cpu")
