"""Secrets come from the environment or from files, and never show."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import WrongUse
from core.settings import Settings, load_settings

SECRETS = [name for name, info in Settings.model_fields.items() if info.annotation is SecretStr]


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_lie_in_a_file(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv(f"AUDIOGPT_{name.upper()}_FILE", str(tmp_path / "secret"))
    assert getattr(load_settings(_env_file=None), name).get_secret_value() == "from the file"
    monkeypatch.setenv(f"AUDIOGPT_{name.upper()}", "said outright")
    assert getattr(load_settings(_env_file=None), name).get_secret_value() == "said outright"


def test_a_file_that_is_not_there_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDIOGPT_DISCORD_TOKEN_FILE", str(tmp_path / "nothing"))
    with pytest.raises(WrongUse, match="AUDIOGPT_DISCORD_TOKEN_FILE"):
        load_settings(_env_file=None)


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(f"AUDIOGPT_{name.upper()}", "hush-hush")
    settings = load_settings(_env_file=None)
    assert "hush-hush" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert len(SECRETS) >= 7
