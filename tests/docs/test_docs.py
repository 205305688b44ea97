"""The docs against the code: names, paths, links and routes exist; nothing is left out that must be there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from paths import ROOT

from bots.cli.main import app
from bots.web.openapi import PATH
from bots.web.routes import ROUTES
from core.models.base import Tier
from core.registry import registry
from core.settings import Settings

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONFIGURED = [*PAGES, ROOT / ".env.example", ROOT / "NOTICE", *sorted((ROOT / "docker").iterdir())]
HOSTS = re.compile(r"huggingface|hf\.co|pypi|docker\.io|docker\.com|ghcr|quay\.io|github|pytorch\.org", re.IGNORECASE)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)


@pytest.mark.parametrize("path", CONFIGURED, ids=lambda p: p.name)
def test_every_variable_is_a_setting(path: Path) -> None:
    fields = {f"AUDIOGPT_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bAUDIOGPT_[A-Z][A-Z_]*[A-Z]\b", path.read_text())) <= fields


@pytest.mark.parametrize("path", CONFIGURED, ids=lambda p: p.name)
def test_no_hub_or_registry_is_named(path: Path) -> None:
    assert HOSTS.findall(path.read_text()) == []


@each_page
def test_every_command_exists(page: Path) -> None:
    known = set(vars(typer.main.get_command(app))["commands"])
    assert set(re.findall(r"(?:^|`| )audiogpt ([a-z]+)", page.read_text(), flags=re.MULTILINE)) <= known


@each_page
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", page.read_text())) <= targets


@each_page
def test_every_path_and_link_leads_somewhere(page: Path) -> None:
    text = page.read_text()
    links = {page.parent / target for target in re.findall(r"\]\(([^)#]+)\)", text)}
    paths = {ROOT / path for path in re.findall(r"`((?:core|bots|docker|docs|tests)/[\w/.]+)`", text)}
    assert [str(p) for p in links | paths if not p.exists()] == []


@each_page
def test_lines_are_short(page: Path) -> None:
    assert [line for line in page.read_text().splitlines() if len(line) > 120 and not line.startswith("|")] == []


def test_the_example_settings_are_readable(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(re.sub(r"^#(?=AUDIOGPT_)", "", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    settings = Settings(_env_file=path)  # type: ignore[call-arg]
    assert settings.llm_base_url == "http://127.0.0.1:8000/v1"
    assert settings.hub
    assert settings.web_port == 8765


def test_the_api_page_lists_every_route_and_no_other() -> None:
    text = (ROOT / "docs" / "api.md").read_text()
    listed = set(re.findall(r"^\| `([A-Z]+ /\S+)`", text, flags=re.MULTILINE))
    assert listed == {f"{route.method} {route.path}" for route in ROUTES}
    assert PATH in text


def test_the_models_page_lists_every_model_with_its_licence() -> None:
    text = (ROOT / "docs" / "models.md").read_text()
    bundled, hub = text.split("## Bundled models")[1].split("## Hub models")
    for model in registry(Settings(_env_file=None)).models.values():  # type: ignore[call-arg]
        part = hub if model.tier is Tier.HUB else bundled
        assert f"| `{model.id}` | `{model.capability.id}` | {model.licence} |" in part


def test_the_floors_are_those_that_are_checked() -> None:
    contract = (ROOT / ".importlinter").read_text().split("layers =\n")[1].split("exhaustive")[0]
    checked = set(re.findall(r"core\.(\w+)", contract))
    drawn = (ROOT / "docs" / "architecture.md").read_text().split("## Floors")[1].split("Four rules")[0]
    assert set(re.findall(r"\b(\w+)(?:\.py|/)", drawn)) - {"core", "bots"} == checked
