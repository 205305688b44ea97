"""Settings: environment variables with the prefix AUDIOGPT_, or a `.env` file."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import WrongUse


def _default_data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "audiogpt"


class Settings(BaseSettings):
    """Everything an operator can set. Read once at start and handed down; nothing else reads the environment."""

    model_config = SettingsConfigDict(env_prefix="AUDIOGPT_", env_file=".env", extra="ignore")

    data_dir: Path = Field(default_factory=_default_data_dir)
    """Where the embedded database, queue and artifacts live."""

    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8765, ge=0, le=65535)
    """0 takes any free port."""

    web_names: str = ""
    """Host names by which the page may be reached beside loopback's and `web_host`, separated by commas."""

    nats_url: str = ""
    """Empty: `audiogpt run` starts an embedded nats-server on loopback."""

    database_url: str = ""
    """SQLAlchemy async URL. Empty: SQLite in WAL mode in the data folder."""

    artifacts_url: str = ""
    """`file:///...` or `s3://bucket/prefix`. Empty: a folder in the data folder."""

    artifacts_endpoint: str = ""
    """Endpoint of an S3-compatible server that is not Amazon's. Keys come from the usual AWS_ variables."""

    llm_base_url: str = ""
    """Any OpenAI-compatible endpoint. Empty: the embedded router."""

    llm_api_key: SecretStr = SecretStr("")
    llm_model: str = ""
    llm_timeout_s: float = Field(default=60.0, gt=0)

    models: str = ""
    """Extra models, `package.module:Class`, separated by commas; beside those that packages register."""

    hub_dir: Path | None = None
    """Folder of hub models saved to disk, one folder a model id; without it they come from the hub's cache."""

    hub: bool = False
    """Serve hub models too. Off by default: they want a download and, most of them, a GPU."""

    allow_noncommercial: bool = False
    """Serve models whose weights forbid commercial use."""

    device: str = "cpu"
    worker_memory_mb: int = Field(default=4096, ge=256)
    """Bytes of models kept loaded in a worker before the least used is dropped, in MiB."""

    worker_slots: int = Field(default=1, ge=1, le=64)
    """Model processes of one worker."""

    lease_s: float = Field(default=30.0, ge=1.0)
    """A job whose worker is silent this long is given to another."""

    job_deadline_s: float = Field(default=1800.0, gt=0)
    max_upload_mb: int = Field(default=100, ge=1)
    max_duration_s: float = Field(default=7200.0, gt=0)
    max_attachments: int = Field(default=10, ge=1)
    max_text_chars: int = Field(default=20_000, ge=1)
    jobs_in_flight: int = Field(default=4, ge=1)
    """Jobs of one person that run or wait in the queue at a time; the rest wait in their own order."""

    log_level: str = "INFO"

    @property
    def database(self) -> str:
        """The database URL with the default filled in."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'audiogpt.db'}"

    @property
    def artifacts(self) -> str:
        """The artifact URL with the default filled in."""
        return self.artifacts_url or (self.data_dir.absolute() / "artifacts").as_uri()


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        WrongUse: a setting does not parse; the message names the variable.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        faults = "; ".join(f"AUDIOGPT_{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in error.errors())
        raise WrongUse(faults) from error
