"""The README against the code: its tables, its JSON and its example are tried, not believed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import typer
from paths import ROOT

from bots.cli.main import app
from core.errors import RefusalKind
from core.models.base import Tier
from core.registry import registry
from core.settings import Settings

README = (ROOT / "README.md").read_text()
FRESH = Settings(_env_file=None)  # type: ignore[call-arg]
MODELS = registry(FRESH).models
COMMANDS = vars(typer.main.get_command(app))["commands"]


def section(title: str) -> str:
    """The text below a heading of the second level."""
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of a table's rows, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def commands() -> dict[str, str]:
    """What the command table says of each command."""
    return {cells[0].split()[1].strip("`"): cells[0] for cells in rows(section("Commands"))}


def test_every_setting_is_documented_with_its_default() -> None:
    table = {cells[0].strip("`"): cells[1].strip("`") for cells in rows(section("Settings"))}
    plain = FRESH.model_dump(mode="json", exclude={"data_dir"})
    expected = {f"AUDIOGPT_{name.upper()}": "" if value is None else json.dumps(value) for name, value in plain.items()}
    expected = {name: value.strip('"') for name, value in expected.items()}
    expected["AUDIOGPT_DATA_DIR"] = "~/.local/share/audiogpt"
    assert table == expected


def test_every_command_is_documented() -> None:
    assert set(commands()) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(commands()))
def test_the_documented_options_are_those_of_the_command(name: str) -> None:
    options = {opt for p in COMMANDS[name].params for opt in (*p.opts, *p.secondary_opts) if opt.startswith("--")}
    shown = set(re.findall(r"--[a-z-]+", commands()[name]))
    assert shown <= options
    assert options - shown <= {"--open", "--help"}


def test_the_refusal_kinds_are_all_named() -> None:
    named = set(re.findall(r"`([a-z_]+)`", section("Commands")))
    assert {kind.value for kind in RefusalKind} <= named


def test_every_bundled_model_has_its_licence_in_the_table() -> None:
    table = {cells[0]: cells[2] for cells in rows(section("Licences"))}
    for model in MODELS.values():
        if model.tier is Tier.BUNDLED:
            (licence,) = [said for what, said in table.items() if f"`{model.id}`" in what]
            assert licence == model.licence


# The example


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example's file, as a person would make it, and a clip with a low and a middle tone."""
    folder = tmp_path_factory.mktemp("example")
    (code,) = re.findall(r"```python\n(.*?)```", section("Add a model"), flags=re.DOTALL)
    assert len(code.splitlines()) <= 45
    (folder / "telephone.py").write_text(code)
    at = np.arange(24_000) / 24_000
    soundfile.write(
        folder / "voice.wav", 0.3 * np.sin(2 * np.pi * 60 * at) + 0.3 * np.sin(2 * np.pi * 1000 * at), 24_000
    )
    return folder


def audiogpt(folder: Path, *args: str, **settings: str) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AUDIOGPT_")},
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "AUDIOGPT_DATA_DIR": str(folder / "data"),
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bots.cli", *args],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_runs(example: Path) -> None:
    made = audiogpt(
        example,
        *("do", "telephone", "--attach", "voice.wav", "--out", "made", "--json"),
        AUDIOGPT_MODELS="telephone:Telephone",
    )
    answer = json.loads(made)
    assert answer["refusal"] is None
    assert [(s["capability"], s["model"]) for s in answer["plan"]] == [("telephone", "telephone-g712")]
    (artifact,) = answer["artifacts"]
    assert (artifact["duration_s"], artifact["sample_rate_hz"], artifact["channels"]) == (1.0, 24_000, 1)
    samples, _ = soundfile.read(example / artifact["path"])
    level = np.abs(np.fft.rfft(samples)) / (len(samples) / 2)
    assert level[60] < 0.01  # far below a telephone's band
    assert level[1000] == pytest.approx(0.3, abs=0.03)


def test_the_documented_json_is_what_comes(example: Path) -> None:
    said = re.findall(r'"(\w+)"', section("Commands").split("of `doctor`:")[1].split("A line that")[0])
    answer = json.loads(audiogpt(example, "do", "text_to_speech", "--arg", "text=Hello.", "--out", "made", "--json"))
    planned = json.loads(audiogpt(example, "route", "--jsonl", str(_lines(example))).splitlines()[0])
    listed = json.loads(audiogpt(example, "models", "--json"))
    examined = json.loads(audiogpt(example, "doctor", "--json", AUDIOGPT_WEB_PORT="0"))
    refusal = ["kind", "message"]
    assert list(answer) == ["text", "artifacts", "refusal", "plan", "ms"]
    assert list(planned) == ["plan", "refusal", "ms"]
    assert said == [
        *("text", "artifacts", *answer["artifacts"][0], "refusal", *refusal, "plan", *answer["plan"][0], "ms"),
        *("plan", *planned["plan"][0], "refusal", *refusal, "ms"),
        *listed[0],
        *examined[0],
    ]


def _lines(folder: Path) -> Path:
    """The requests of the quick start, in the form that `route` reads."""
    path = folder / "lines.jsonl"
    asked = re.findall(r'audiogpt ask "([^"]+)"(?: --attach (\S+))?', section("Quick start"))
    assert len(asked) == 2
    lines = [{"text": t, "attachments": [{"name": name, "kind": "audio"}] if name else []} for t, name in asked]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_the_quick_start_asks_what_is_understood(example: Path) -> None:
    plans = [json.loads(line) for line in audiogpt(example, "route", "--jsonl", str(_lines(example))).splitlines()]
    found = [[step["capability"] for step in planned["plan"]] for planned in plans]
    assert found == [["text_to_speech"], ["speech_recognition"]]


def test_a_package_registers_it_with_the_documented_entry_point(example: Path) -> None:
    group, entry = re.findall(r'entry-points\."([a-z.]+)"\]` with `(\w+ = "[\w:]+")`', README)[0]
    described = example / "telephone-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: telephone\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text(f"[{group}]\n{entry.replace(chr(34), '')}\n")
    listed = json.loads(audiogpt(example, "models", "--json"))
    (row,) = [row for row in listed if row["model"] == "telephone-g712"]
    assert row["installed"]
    assert (row["capability"], row["tier"], row["licence"]) == ("telephone", "bundled", "Apache-2.0")
