"""Singing with a DiffSinger voicebank: what its networks are told, and what is heard of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_voicebank as tiny
from swift_f0 import SwiftF0

from core.capabilities import SingArgs
from core.errors import BadInput, Cancelled, NoModel
from core.media import Audio
from core.models.base import Call, Output
from core.models.choosing import chosen
from core.models.music._pinyin import spelt
from core.models.music._score import Note, Rest, Sung, hertz, read_tune
from core.models.music._voicebank import Voicebank
from core.models.music._voicebank_score import LEAD_S, Spelt, phrases, pitch, told
from core.models.music.singer import Singer
from core.models.music.voicebank import BankSinger, EnglishBank, MandarinBank
from core.settings import Settings

PAPER = "xiao jiu wo chang jie mao AP shi ni zui mei de ji hao"
PAPER_NOTES = (
    "C#4/Db4 | F#4/Gb4 | G#4/Ab4 | A#4/Bb4 F#4/Gb4 | F#4/Gb4 C#4/Db4 | C#4/Db4 | rest | C#4/Db4 | A#4/Bb4 | G#4/Ab4 "
    "| A#4/Bb4 | G#4/Ab4 | F4 | C#4/Db4"
)
PAPER_SECONDS = (
    "0.407140 | 0.376190 | 0.242180 | 0.509550 0.183420 | 0.315400 0.235020 | 0.361660 | 0.223070 | 0.377270 "
    "| 0.340550 | 0.299620 | 0.344510 | 0.283770 | 0.323390 | 0.360340"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.build(tmp_path_factory.mktemp("banks") / "mandarin", tiny.MANDARIN)


@pytest.fixture(scope="module")
def mandarin(folder: Path) -> MandarinBank:
    model = MandarinBank(with_bank(folder))
    model.load("cpu")
    return model


def with_bank(folder: Path | None) -> Settings:
    return Settings(_env_file=None, voicebank=folder)


def sing(model: BankSinger, lyrics: str, **args: Any) -> Output:
    return model.run(Call(SingArgs(lyrics=lyrics, **args), seed=args.pop("seed", 0)))


def sound(output: Output) -> Audio:
    clip = output.media[0].media
    assert isinstance(clip, Audio)
    return clip


def test_the_papers_prompt_is_sung_on_its_notes_and_beats(mandarin: MandarinBank) -> None:
    output = sing(mandarin, PAPER, notes=PAPER_NOTES, durations=PAPER_SECONDS)
    clip = sound(output)
    assert (clip.sample_rate, clip.samples.shape[0]) == (44_100, 2)
    assert output.facts["syllables"] == 13
    heard = SwiftF0(threads=1).detect(clip.samples.mean(0), clip.sample_rate)
    level = np.abs(clip.samples.mean(0))
    at, off = LEAD_S, []
    for part in read_tune(PAPER_NOTES, PAPER_SECONDS, 100).parts:
        for note in [part] if isinstance(part, Rest) else part:
            if isinstance(note, Rest):
                quiet = level[round((at + 0.6 * note.seconds) * 44_100) : round((at + 0.9 * note.seconds) * 44_100)]
                assert quiet.max() < 0.25 * level.max()
            else:
                middle = (heard.timestamps > at + 0.3 * note.seconds) & (heard.timestamps < at + 0.6 * note.seconds)
                sure = middle & (heard.confidence > 0.5)
                assert sure.any(), f"no pitch at {at:.2f} s"
                off.append(1200 * np.log2(np.median(heard.pitch_hz[sure]) / hertz(note.midi)))
            at += note.seconds
    assert np.median(np.abs(off)) < 10


def test_a_vowel_is_on_the_beat_and_its_consonant_before_it() -> None:
    syllable = Spelt("n", "i", phones=("n", "i"), vowel=1)
    score = (
        Sung(syllable, (Note(60, 1.0),)),
        Sung(syllable, (Note(62, 1.0),)),
        Rest(0.5),
        Sung(syllable, (Note(64, 1.0),)),
    )
    first, second = phrases(score)
    assert (first.start_s, second.start_s, len(first.sung)) == (0.0, 2.5, 2)
    phones = told(first, 0.01, lambda name: name, 0.0, 0.0)
    assert phones.names == ("SP", "AP", "n", "i", "n", "i", "SP")
    starts = np.concatenate([[0], np.cumsum(phones.frames)])[:-1] * 0.01 - LEAD_S
    assert starts[[3, 5]] == pytest.approx([0.0, 1.0])
    assert starts[[2, 4]] == pytest.approx([-0.07, 0.93])
    assert starts[6] == pytest.approx(2.0)
    assert len(phones.f0) == phones.frames.sum()
    assert phones.f0[round((LEAD_S + 0.3) / 0.01)] == pytest.approx(hertz(60), rel=1e-3)


def test_consonants_leave_a_short_note_its_vowel() -> None:
    syllable = Spelt("zh", "a ng", phones=("zh", "a", "ng"), vowel=1)
    (phrase,) = phrases(tuple(Sung(syllable, (Note(60, 0.12),)) for _ in range(4)))
    phones = told(phrase, 0.005, lambda name: name, 0.0, 0.0)
    vowels = [length for name, length in zip(phones.names, phones.frames, strict=True) if name == "a"]
    assert min(vowels) * 0.005 >= 0.05
    assert phones.frames.min() >= 1


def test_pitch_glides_and_only_held_notes_tremble() -> None:
    times = np.arange(0, 2.4, 0.005)
    curve = pitch([Note(60, 0.3), Note(67, 2.0)], times)
    assert curve[20] == 60
    assert 60 < curve[59] < 67
    assert np.abs(np.diff(curve)).max() < 1.0
    held = curve[(times > 1.2) & (times < 2.1)]
    assert 0.2 < held.max() - 67 < 0.35
    assert np.median(held) == pytest.approx(67, abs=0.05)
    assert np.ptp(curve[(times > 0.35) & (times < 0.65)]) < 0.01


@pytest.mark.parametrize(
    ("line", "syllables"),
    [
        ("ni hao", ["ni", "hao"]),
        ("Nǐ hǎo!", ["ni", "hao"]),
        ("ni3hao3", ["ni", "hao"]),
        ("你好", ["ni", "hao"]),
        ("绿", ["lv"]),
        ("lǜ", ["lv"]),
        ("xiaojiuwo", ["xiao", "jiu", "wo"]),
        ("hello", ["hello"]),
    ],
)
def test_chinese_is_read_as_syllables(line: str, syllables: list[str]) -> None:
    assert spelt(line, set(tiny.MANDARIN)) == syllables


def test_characters_are_sung_like_their_pinyin(mandarin: MandarinBank) -> None:
    notes = {"notes": "C4 | D4 | E4 | C4", "durations": "0.5"}
    written, spoken = sound(sing(mandarin, "你好我的", **notes)), sound(sing(mandarin, "ni hao wo de", **notes))
    assert np.array_equal(written.samples, spoken.samples)


def test_a_tune_is_composed_and_sung_by_a_choir(mandarin: MandarinBank) -> None:
    words = "ni hao wo de xiao mao\nshi ni zui mei de ji hao"
    alone = sing(mandarin, words)
    assert alone.facts["melody"] == "composed"
    choir = sing(mandarin, "ni hao wo de xiao mao", harmony="choir")
    assert np.abs(sound(choir).samples[0] - sound(choir).samples[1]).max() > 0.01
    assert np.array_equal(
        sound(alone).samples, sound(sing(mandarin, "ni hao wo de xiao mao\nshi ni zui mei de ji hao")).samples
    )


def test_english_words_are_cut_into_syllables(tmp_path: Path) -> None:
    model = EnglishBank(with_bank(tiny.build(tmp_path / "bank", tiny.ENGLISH, "en", energy=True, speakers=("ann",))))
    model.load("cpu")
    ((first, second, third, fourth),) = (model.lines("The river tonight")[:1][0][:4],)
    assert [s.phones for s in (first, second, third, fourth)] == [("dh", "ah"), ("r", "ih"), ("v", "er"), ("t", "ah")]  # type: ignore[attr-defined]
    assert sound(sing(model, "The river sings tonight")).duration_s > 2
    with pytest.raises(BadInput, match="zebra"):
        model.lines("the zebra sings")


def test_what_the_acoustic_network_wants_is_predicted_and_told(tmp_path: Path) -> None:
    bank = Voicebank(tiny.build(tmp_path / "bank", tiny.MANDARIN, energy=True, speakers=("ann", "bo")), "zh", "cpu")
    syllable = Spelt("n", "i", phones=("n", "i"), vowel=1)
    (phrase,) = phrases((Sung(syllable, (Note(69, 1.0),)),))
    given: dict[str, Any] = {}
    network = bank._network

    class Spy:
        def get_inputs(self) -> Any:
            return network.get_inputs()

        def run(self, names: Any, fed: dict[str, Any]) -> Any:
            given.update(fed)
            return network.run(names, fed)

    bank._network = Spy()
    heard = bank.sound(told(phrase, bank.hop / bank.sample_rate, bank.phone, 2.5, 0.0))
    frames = given["f0"].shape[1]
    assert len(heard) == frames * tiny.HOP
    assert given["durations"].sum() == frames
    assert set(given) == {"tokens", "durations", "f0", "gender", "velocity", "steps", "energy", "spk_embed"}
    assert given["gender"][0, 0] == pytest.approx(0.5)
    assert given["energy"][0, frames // 2] == pytest.approx(6.9, abs=0.05)
    assert given["spk_embed"].shape == (1, frames, tiny.HIDDEN)
    assert [given["tokens"][0, n] for n in (0, 1, 3)] == [0, 1, 20]


@pytest.mark.parametrize(
    ("lyrics", "model"),
    [
        ("ni hao wo de xiao mao shi ni", MandarinBank),
        (PAPER, MandarinBank),
        ("你是我的小苹果", MandarinBank),
        ("Row row row your boat gently down the stream", Singer),
        ("la la la la", Singer),
        ("Frère Jacques, dormez-vous, sonnez les matines", Singer),
    ],
)
def test_who_sings_is_told_by_the_words(lyrics: str, model: type) -> None:
    assert chosen([MandarinBank, Singer], {"lyrics": lyrics}) is model


def test_another_language_is_refused_by_name(mandarin: MandarinBank) -> None:
    with pytest.raises(BadInput, match="sings in Chinese.*French"):
        mandarin.lines("Frère Jacques, dormez-vous, sonnez les matines")
    with pytest.raises(BadInput, match="“bang”"):
        mandarin.lines("ni hao bang")


def test_a_song_can_be_stopped(mandarin: MandarinBank) -> None:
    def stop(fraction: float) -> None:
        if fraction > 0:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        mandarin.run(Call(SingArgs(lyrics=PAPER, notes=PAPER_NOTES, durations=PAPER_SECONDS), progress=stop))


def test_what_would_enable_it_is_said(folder: Path, tmp_path: Path) -> None:
    assert "AUDIOGPT_VOICEBANK" in (MandarinBank.missing(with_bank(None)) or "")
    assert "no dsconfig.yaml" in (MandarinBank.missing(with_bank(tmp_path)) or "")
    assert "no dictionary" in (EnglishBank.missing(with_bank(folder)) or "")
    assert MandarinBank.missing(with_bank(folder)) is None


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda bank: (bank / "acoustic.onnx").write_bytes(b"no network"), "acoustic.onnx is missing or damaged"),
        (lambda bank: shutil.rmtree(bank / "dsvocoder"), "vocoder humming is missing"),
        (lambda bank: (bank / "phonemes.txt").unlink(), "phonemes.txt cannot be read"),
        (lambda bank: (bank / "dsdict.yaml").write_text("entries: [{grapheme: ni}]"), "no dictionary|damaged"),
    ],
)
def test_a_damaged_bank_is_told_by_its_file(folder: Path, tmp_path: Path, damage: Any, words: str) -> None:
    bank = Path(shutil.copytree(folder, tmp_path / "bank"))
    damage(bank)
    with pytest.raises(NoModel, match=words):
        MandarinBank(with_bank(bank)).load("cpu")
