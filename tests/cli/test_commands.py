"""The commands as a script uses them: a process each, exit codes, JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paths import ROOT, TESTS

from core import media
from core.capabilities import BUILT_IN
from core.registry import registry
from core.settings import Settings


def audiogpt(*args: str, data: Path, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AUDIOGPT_DATA_DIR": str(data), **settings}
    return subprocess.run(
        [sys.executable, "-m", "bots.cli", *args],
        cwd=ROOT,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=110,
    )


def answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    assert set(data) == {"text", "artifacts", "refusal", "plan", "ms"}
    return data


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory, weights_dir: Path) -> Path:
    """A sentence, said by `audiogpt do`."""
    folder = tmp_path_factory.mktemp("spoken")
    done = audiogpt(
        "do", "text_to_speech", "--arg", "text=The train to Berlin leaves at nine.", "--out", str(folder), "--json",
        data=weights_dir,
    )  # fmt: skip
    (artifact,) = answer(done)["artifacts"]
    assert artifact["capability"] == "text_to_speech"
    assert artifact["model"] == "hibari"
    assert artifact["media_type"] == "audio/wav"
    assert (artifact["sample_rate_hz"], artifact["channels"]) == (24000, 1)
    assert artifact["duration_s"] == pytest.approx(2.2, abs=1.0)
    return Path(artifact["path"])


def test_do_speech_recognition(spoken: Path, weights_dir: Path, tmp_path: Path) -> None:
    done = answer(audiogpt("do", "speech_recognition", "--attach", str(spoken), "--json", data=weights_dir))
    assert "train to berlin leaves at" in done["text"].lower()
    assert done["refusal"] is None
    assert [s["model"] for s in done["plan"]] == ["whisper-base"]


def test_ask_chains_and_exports(spoken: Path, weights_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = answer(
        audiogpt("ask", "reverse this clip", "--attach", str(spoken), "--out", str(out), "--json", data=weights_dir)
    )
    assert [s["capability"] for s in done["plan"]] == ["audio_editing"]
    (artifact,) = done["artifacts"]
    made = media.decode(Path(artifact["path"])).mono()
    given = media.decode(spoken).mono()
    assert np.corrcoef(made[::-1], given)[0, 1] > 0.999
    assert "language model" in done["text"]


def test_ask_speaks_when_asked_to(weights_dir: Path, tmp_path: Path) -> None:
    done = answer(audiogpt("ask", "hello", "--speak", "--out", str(tmp_path), "--json", data=weights_dir))
    assert [a["capability"] for a in done["artifacts"]] == ["text_to_speech"]


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "empty.wav").write_bytes(b"")
    (folder / "words.wav").write_text("these are only words\n" * 100)
    (folder / "noise.mp3").write_bytes(np.random.default_rng(1).bytes(5000))
    media.write_wav(media.Audio(np.zeros((1, 80000), np.float32), 16000), folder / "silence.wav")
    media.write_wav(media.Audio(np.zeros((1, 10 * 8000), np.float32), 8000), folder / "ten.wav")
    return folder


@pytest.mark.parametrize(
    ("name", "settings", "kind", "says"),
    [
        ("empty.wav", {}, "bad_input", "empty"),
        ("words.wav", {}, "bad_input", "text file"),
        ("noise.mp3", {}, "bad_input", "not audio"),
        ("silence.wav", {}, "bad_input", "no speech"),
        ("ten.wav", {"AUDIOGPT_MAX_DURATION_S": "5"}, "over_limit", "longer than"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(
    bad_files: Path, weights_dir: Path, name: str, settings: dict[str, str], kind: str, says: str
) -> None:
    done = answer(
        audiogpt("do", "speech_recognition", "--attach", str(bad_files / name), "--json", data=weights_dir, **settings)
    )
    assert done["refusal"]["kind"] == kind
    assert says in done["refusal"]["message"]
    assert "\n" not in done["refusal"]["message"]
    assert done["artifacts"] == []


def test_an_empty_message_is_refused(weights_dir: Path) -> None:
    done = answer(audiogpt("ask", "", "--json", data=weights_dir))
    assert done["refusal"]["kind"] == "missing_input"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["do", "juggling"], "there is no capability 'juggling'"),
        (["do", "text_to_speech", "--arg", "txt=x"], "no argument 'txt'"),
        (["do", "text_to_speech", "--arg", "text"], "NAME=VALUE"),
        (["ask", "hi", "--attach", "/no/such/file"], "no file"),
        (["route", "--jsonl", "/no/such/file"], "cannot read"),
        (["nonsense"], "nonsense"),
        (["worker"], "AUDIOGPT_NATS_URL"),
        (["bot"], "AUDIOGPT_NATS_URL"),
    ],
)
def test_wrong_use_is_2_and_says_why(args: list[str], says: str, tmp_path: Path) -> None:
    done = audiogpt(*args, data=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_a_bad_setting_is_wrong_use(tmp_path: Path) -> None:
    done = audiogpt("models", data=tmp_path, AUDIOGPT_WEB_PORT="many")
    assert done.returncode == 2
    assert "AUDIOGPT_WEB_PORT" in done.stderr


def test_a_queue_that_is_not_there_is_broken(tmp_path: Path) -> None:
    done = audiogpt("do", "text_to_speech", "--arg", "text=x", data=tmp_path, AUDIOGPT_NATS_URL="nats://127.0.0.1:9")
    assert done.returncode == 1
    assert "no job queue" in done.stderr
    assert "Traceback" not in done.stderr


def test_route_plans_lines(tmp_path: Path) -> None:
    lines = [
        {"text": "transcribe this please", "attachments": [{"name": "a.wav", "kind": "audio"}]},
        {"text": "say 'good night'", "attachments": []},
        {
            "text": "now reverse it",
            "attachments": [],
            "history": [{"who": "user", "text": "here", "attachments": [{"name": "b.wav", "kind": "audio"}]}],
        },
    ]
    done = audiogpt("route", data=tmp_path, stdin="\n".join(json.dumps(line) for line in lines))
    assert done.returncode == 0, done.stderr
    plans = [json.loads(line) for line in done.stdout.splitlines()]
    assert [[s["capability"] for s in p["plan"]] for p in plans] == [
        ["speech_recognition"],
        ["text_to_speech"],
        ["audio_editing"],
    ]
    assert plans[1]["plan"][0]["args"]["text"] == "good night"
    assert plans[2]["plan"][0]["args"] == {"operation": "reverse", "audios": ["b.wav"]}
    assert set(plans[0]) == {"plan", "refusal", "ms"}
    bad = audiogpt("route", data=tmp_path, stdin='{"txt": 1}')
    assert bad.returncode == 2


def test_models_lists_every_capability(tmp_path: Path) -> None:
    rows = json.loads(audiogpt("models", "--json", data=tmp_path).stdout)
    by_model = {r["model"]: r for r in rows}
    assert by_model["whisper-base"]["licence"] == "MIT"
    assert by_model["whisper-base"]["installed"]
    assert not by_model["mms-tts-eng"]["installed"]
    served = {model.capability.id for model in registry(Settings(_env_file=None)).models.values()}
    assert {r["capability"] for r in rows if not r["model"]} == {c.id for c in BUILT_IN} - served
    assert "whisper-base" in audiogpt("models", data=tmp_path, COLUMNS="200").stdout


def test_doctor_finds_this_machine_ready(tmp_path: Path) -> None:
    done = audiogpt("doctor", "--json", data=tmp_path, AUDIOGPT_WEB_PORT="0")
    checks = {c["check"]: c for c in json.loads(done.stdout)}
    assert done.returncode == 0, done.stdout
    assert set(checks) >= {"ffmpeg", "disk", "web port", "job queue", "GPU", "tokens", "models", "language model"}
    assert all(checks[name]["ok"] for name in ("ffmpeg", "job queue", "models", "database", "artifacts"))


def test_help_is_there_for_all() -> None:
    for command in ("run", "bot", "worker", "ask", "do", "route", "models", "doctor"):
        done = audiogpt(command, "--help", data=TESTS)
        assert done.returncode == 0
        assert "Usage" in done.stdout
