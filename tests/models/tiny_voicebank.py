"""A voicebank in the layout of OpenUtau that hums: its networks are a few operators each, its files are real."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import yaml

RATE, HOP, HIDDEN = 44_100, 512, 8
_ACOUSTIC = """
<ir_version: 8, opset_import: ["" : 17]>
acoustic (int64[1,n] tokens, int64[1,n] durations, float[1,t] f0, float[1,t] gender, float[1,t] velocity,
          int64 steps{more}) => (float[1,t,{bins}] mel)
{{
  one = Constant<value_int = 1>()
  zero = Constant<value_int = 0>()
  ones = Constant<value_ints = [1]>()
  last = Constant<value_ints = [2]>()
  ends = CumSum(durations, one)
  shape = Shape(f0)
  count = Gather(shape, one)
  numbers = Range(zero, count, one)
  column = Unsqueeze(numbers, ones)
  passed = GreaterOrEqual(column, ends)
  counted = Cast<to = 7>(passed)
  index = ReduceSum<keepdims = 0>(counted, ones)
  row = Squeeze(tokens)
  spoken = Gather(row, index)
  number = Cast<to = 1>(spoken)
  flat = Unsqueeze(number, zero_list)
  zero_list = Constant<value_ints = [0]>()
  first = Unsqueeze(flat, last)
  second = Unsqueeze(gender, last)
  third = Unsqueeze(velocity, last)
  {tail}
}}
"""
_VOCODER = """
<ir_version: 8, opset_import: ["" : 17]>
vocoder (float[1,t,b] mel, float[1,t] f0) => (float[1,s] waveform)
{
  axis = Constant<value_int = 1>()
  last = Constant<value_ints = [2]>()
  zero = Constant<value_int = 0>()
  hops = Constant<value_ints = [1, 1, %d]>()
  all = Constant<value_ints = [1, -1]>()
  step = Constant<value_float = %.12f>()
  two = Constant<value_float = 2.0>()
  loud = Constant<value_float = 0.3>()
  soft = Constant<value_float = 0.02>()
  consonant = Constant<value_float = 1.5>()
  vowel = Constant<value_float = 19.5>()
  token = Gather<axis = 2>(mel, zero)
  voiced = Greater(token, consonant)
  open = Greater(token, vowel)
  quiet = Cast<to = 1>(voiced)
  full = Cast<to = 1>(open)
  a = Mul(quiet, soft)
  b = Mul(full, loud)
  level = Add(a, b)
  tall = Unsqueeze(level, last)
  wide = Tile(tall, hops)
  gain = Reshape(wide, all)
  high = Unsqueeze(f0, last)
  many = Tile(high, hops)
  hertz = Reshape(many, all)
  turn = Mul(hertz, step)
  phase = CumSum(turn, axis)
  double = Mul(phase, two)
  lowest = Sin(phase)
  second = Sin(double)
  half = Div(second, two)
  voice = Add(lowest, half)
  waveform = Mul(voice, gain)
}
"""
_LINGUISTIC = """
<ir_version: 8, opset_import: ["" : 17]>
linguistic (int64[1,n] tokens, int64[1,n] ph_dur) => (float[1,n] encoder_out, bool[1,n] x_masks)
{
  encoder_out = Cast<to = 1>(tokens)
  x_masks = Cast<to = 9>(ph_dur)
}
"""
_VARIANCE = """
<ir_version: 8, opset_import: ["" : 17]>
variance (float[1,n] encoder_out, int64[1,n] ph_dur, float[1,t] pitch, float[1,t] energy, bool[1,t,1] retake,
          int64 steps) => (float[1,t] energy_pred)
{
  tenth = Constant<value_float = 0.1>()
  energy_pred = Mul(pitch, tenth)
}
"""
MANDARIN = {
    "ni": "n i", "hao": "h ao", "wo": "w o", "de": "d e", "xiao": "x iao", "jiu": "j iu", "chang": "ch ang",
    "jie": "j ie", "mao": "m ao", "shi": "sh i", "zui": "z ui", "mei": "m ei", "ji": "j i", "a": "a", "lv": "l v",
    "xian": "x ian",
}  # fmt: skip
ENGLISH = {
    "the": "dh ah", "you": "y uw", "and": "ae n d", "river": "r ih v er", "sings": "s ih ng z",
    "tonight": "t ah n ay t", "apples": "ae p ah l z",
}  # fmt: skip


def build(
    folder: Path, words: dict[str, str], language: str = "", *, energy: bool = False, speakers: tuple[str, ...] = ()
) -> Path:
    """Write a bank. Consonants have numbers from 2, vowels from 20; the sound is loud on vowels, at the told pitch."""
    folder.mkdir(parents=True, exist_ok=True)
    phones = list(dict.fromkeys(p for said in words.values() for p in said.split()))
    vowels = [p for p in phones if p[0] in "aeiou" or (p == "v" and language != "en")]
    consonants = [p for p in phones if p not in vowels]
    named = ["SP", "AP", *consonants, *(f"unused{n}" for n in range(18 - len(consonants))), *vowels]
    assert named.index(vowels[0]) == 20
    (folder / "phonemes.txt").write_text("\n".join(named) + "\n", "utf-8")
    entries = [{"grapheme": word, "phonemes": said.split()} for word, said in words.items()]
    symbols = [{"symbol": p, "type": "vowel" if p in vowels else "stop"} for p in ["SP", "AP", *phones]]
    name = f"dsdict-{language}.yaml" if language else "dsdict.yaml"
    _dump(folder / name, {"symbols": symbols, "entries": entries})
    config = {"phonemes": "phonemes.txt", "acoustic": "acoustic.onnx", "vocoder": "humming", "hidden_size": HIDDEN}
    more = ", float[1,t] energy" if energy else ""
    more += f", float[1,t,{HIDDEN}] spk_embed" if speakers else ""
    tail = (
        "fourth = Unsqueeze(energy, last)\n  mel = Concat<axis = 2>(first, second, third, fourth)"
        if energy
        else ("mel = Concat<axis = 2>(first, second, third)")
    )
    graph = _ACOUSTIC.format(more=more, bins=4 if energy else 3, tail=tail).replace(
        "  flat = Unsqueeze(number, zero_list)\n  zero_list = Constant<value_ints = [0]>()\n",
        "  zero_list = Constant<value_ints = [0]>()\n  flat = Unsqueeze(number, zero_list)\n",
    )
    _save(graph, folder / "acoustic.onnx")
    for speaker in speakers:
        np.full(HIDDEN, 0.5, np.float32).tofile(folder / f"{speaker}.emb")
    _dump(folder / "dsconfig.yaml", {**config, **({"speakers": list(speakers)} if speakers else {})})
    if energy:
        part = folder / "dsvariance"
        part.mkdir(exist_ok=True)
        (part / "phonemes.txt").write_text("\n".join(named) + "\n", "utf-8")
        _dump(part / "dsconfig.yaml", {"phonemes": "phonemes.txt", "linguistic": "l.onnx", "variance": "v.onnx"})
        _save(_LINGUISTIC, part / "l.onnx")
        _save(_VARIANCE, part / "v.onnx")
    vocoder = folder / "dsvocoder"
    vocoder.mkdir(exist_ok=True)
    _save(_VOCODER % (HOP, 2 * np.pi / RATE), vocoder / "humming.onnx")
    about = {"name": "humming", "model": "humming.onnx", "sample_rate": RATE, "hop_size": HOP, "num_mel_bins": 3}
    _dump(vocoder / "vocoder.yaml", about)
    return folder


def _dump(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def _save(graph: str, path: Path) -> None:
    model = onnx.parser.parse_model(graph)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
