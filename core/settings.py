"""Settings: environment variables with the prefix AUDIOGPT_, or a `.env` file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import WrongUse

MEMORY_TOKENS = 3_000


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

    public_url: str = ""
    """Where the page is reachable from outside, `https://audio.example.org`: lets a bot send links to large files."""

    link_days: float = Field(default=7.0, gt=0)
    """How long such a link works."""

    discord_token: SecretStr = SecretStr("")
    discord_sharded: bool = False
    """Several gateway connections, as many as Discord asks for; needed from 2,500 servers on."""

    discord_api_url: str = ""
    discord_gateway_url: str = ""

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    """With it: Socket Mode. Without: Slack sends events to this process over HTTP."""

    slack_signing_secret: SecretStr = SecretStr("")
    slack_client_id: str = ""
    slack_client_secret: SecretStr = SecretStr("")
    """With `slack_client_id`: several workspaces install the app by OAuth."""

    slack_host: str = "127.0.0.1"
    slack_port: int = Field(default=8766, ge=0, le=65535)
    """Where Slack's events come in, in HTTP mode."""

    slack_api_url: str = ""

    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = ""
    """`http://127.0.0.1:8081/bot`: the token is appended. A Bot API server of one's own, or a proxy."""

    telegram_file_url: str = ""
    telegram_webhook_url: str = ""
    """With it: Telegram sends updates there. Without: they are polled."""

    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_host: str = "127.0.0.1"
    telegram_port: int = Field(default=8443, ge=0, le=65535)
    """Where the webhook listens."""

    channels: str = ""
    """Rules `PLATFORM[/SPACE[/CHANNEL]]=MODE`, separated by commas; MODE is `mention`, `thread`, `all` or `off`."""

    people: str = ""
    """Who may use the bot, `PLATFORM:ID` or `PLATFORM/SPACE`, separated by commas; empty: everyone."""

    rights: str = ""
    """Rules `WHO may not WHAT`, `WHO may only WHAT` or `WHO may also WHAT`, one a line or separated by semicolons."""

    keep_alive_min: float = Field(default=60.0, ge=0)
    """Minutes for which a thread needs no further mention after the bot's last answer there."""

    goodbye_s: float = Field(default=5.0, ge=0)
    """Seconds that turns under way may take to finish when the bot stops; the rest is taken up at the next start."""

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
    llm_vision: bool = False
    """Whether it takes pictures: then it is sent those that somebody asks about."""

    llm_calls: Literal["auto", "tools", "schema", "text"] = "auto"
    """How it calls capabilities: by tools, as JSON held to a schema, as JSON in its text; found out unless said."""

    turn_steps: int = Field(default=12, ge=1)
    """The most steps that one message may take."""

    turn_tokens: int = Field(default=200_000, ge=1000)
    """The most tokens of the language model, prompts and answers together, that one message may take."""

    turn_s: float = Field(default=1800.0, gt=0)
    """The most seconds that one message may take, waiting and all its steps together."""

    memory_tokens: int = Field(default=MEMORY_TOKENS, ge=100)
    """How much of what was said before a planner is given, in tokens, the newest first; media are remembered beside."""

    models: str = ""
    """Extra models, `package.module:Class`, separated by commas; beside those that packages register."""

    voicebank: Path | None = None
    """The folder of a DiffSinger voicebank, in the layout of OpenUtau: sings in the languages of its dictionaries."""

    hub_dir: Path | None = None
    """Folder of hub models saved to disk, one folder a model id; without it they come from the hub's cache."""

    soundfont: Path | None = None
    """A General MIDI soundfont (SF2 or SF3) of your own to play music with; without it the system's is taken."""

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

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, given: dict[str, Any]) -> dict[str, Any]:
        """`AUDIOGPT_X_FILE` names a file that holds the secret X, as container platforms mount it."""
        for name, info in cls.model_fields.items():
            path = os.environ.get(f"AUDIOGPT_{name.upper()}_FILE")
            if info.annotation is SecretStr and path and not given.get(name):
                try:
                    given[name] = Path(path).read_text().strip()
                except OSError as error:
                    raise ValueError(f"cannot read AUDIOGPT_{name.upper()}_FILE: {error.strerror}") from error
        return given

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
