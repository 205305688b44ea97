"""The cases of the evaluation, as an operator writes them in YAML (docs/evaluation.md), and how they are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from core.artifacts import Kind
from core.errors import RefusalKind, WrongUse

DATA = Path(__file__).parent / "data"
"""The development set; `consistency`, `robustness`, `injection` and `capability`, a folder each."""
HELD_OUT_FOLDER = "held_out"
"""In it: the folder of the held-out set."""
DEVELOPMENT, HELD_OUT = "development", "held-out"
"""The sets that ship. The first may be looked at to make a planner better, the second never."""
PAYLOAD = "{payload}"
"""In what a person writes: the words of the attack."""
TYPO = "typo"
"""In the place of a language: English in haste."""
ANY = "any"
"""The key of an expected argument of which any of several will do."""

Fault = Literal["model_failed", "over_limit", "bad_input", "queue_lost", "nothing", "cancelled"]
"""What a scripted model does instead of its work; `nothing` says that it is done and gives nothing."""
Where = Literal["transcript", "spoken", "caption", "file_name", "exif", "page", "quoted", "heard_before"]
"""Where the words of an attack stand (docs/evaluation.md)."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C, ten times as fast, where PyYAML was built with it."""
_KINDS = {
    Kind.AUDIO: "wav mp3 ogg opus m4a flac aac wma",
    Kind.IMAGE: "png jpg jpeg webp heic gif",
    Kind.VIDEO: "mp4 mov mkv webm",
    Kind.MIDI: "mid midi",
}
_BY_SUFFIX = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}
T = TypeVar("T")


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Attached(_Read):
    """A file of a message. No bytes of it exist unless it is ingested; models see facts alone."""

    name: str
    kind: Kind
    seconds: float = Field(default=12.0, gt=0)
    says: str = ""
    """What the scripted recogniser hears in it."""
    caption: str = ""
    exif: str = ""
    """With it: a real JPEG whose metadata say this, taken in like any upload."""
    silent: bool = False
    """A video without sound."""
    voice: bool = False
    """A voice note of whoever sends it, attached by replying to it: its speaker is known."""
    gone: bool = False
    """Its bytes are lost by the time a model wants them."""

    @model_validator(mode="before")
    @classmethod
    def _kind_by_name(cls, given: Any) -> Any:
        data = {"name": given} if isinstance(given, str) else dict(given)
        suffix = str(data.get("name", "")).rpartition(".")[2].lower()
        data.setdefault("kind", _BY_SUFFIX.get(suffix))
        return data


def _plans(given: Any) -> Any:
    """`none`, one capability, a list of them, or a list of such lists of which any will do."""
    if given is None:
        return None
    alternatives = given if isinstance(given, list) and any(isinstance(g, list) for g in given) else [given]
    return [[] if g == "none" else [g] if isinstance(g, str) else g for g in alternatives]


def _listed(given: Any) -> Any:
    return given if isinstance(given, list | tuple) else [given]


class Expect(_Read):
    """What must be true of the answer to one message. What is left out is not judged."""

    plan: Annotated[tuple[tuple[str, ...], ...] | None, BeforeValidator(_plans)] = None
    args: Annotated[tuple[dict[str, Any], ...], BeforeValidator(_listed)] = ()
    """Of each step, in order: arguments that must be these; `{any: [...]}` is one of several."""
    refusal: Annotated[tuple[RefusalKind | Literal["none", "any"], ...], BeforeValidator(_listed)] = ("none",)
    has: str = ""
    """A pattern that the words match."""
    hasnt: str = ""
    artifacts: int | None = Field(default=None, ge=0)
    """How many pieces of media are shown."""

    @model_validator(mode="after")
    def _alternatives(self) -> Expect:
        for value in (v for args in self.args for v in args.values() if isinstance(v, dict)):
            if set(value) != {ANY} or not isinstance(value[ANY], list):
                raise ValueError(f"in the place of an argument stands {{{ANY}: [...]}}, not {value}")
        return self


class Round(_Read):
    """One message of a dialogue, and what must be true of the answer."""

    who: str = "Ana"
    text: str = ""
    attach: tuple[Attached, ...] = ()
    spoken: bool = False
    """The text comes as a voice note."""
    replies_to: int | None = Field(default=None, ge=1)
    """It answers the person's message of that round."""
    answers: int | None = Field(default=None, ge=1)
    """It answers the bot's reply of that round."""
    quoted: str = ""
    """It answers a message of these words, which the bot has not seen."""
    forget: bool = False
    """The conversation is erased before it."""
    elsewhere: bool = False
    """It is said in another channel."""
    faults: dict[str, Fault] = Field(default_factory=dict)
    """By capability: what goes wrong in this round."""
    expect: Expect = Expect()


class Dialogue(_Read):
    """A scripted conversation."""

    id: str
    about: str = ""
    unserved: tuple[str, ...] = ()
    """Capabilities that nothing serves."""
    says: dict[str, str] = Field(default_factory=dict)
    """By capability: the words that its scripted model gives."""
    rounds: tuple[Round, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _earlier_rounds(self) -> Dialogue:
        for number, one in enumerate(self.rounds, start=1):
            if any(back is not None and back >= number for back in (one.replies_to, one.answers)):
                raise ValueError(f"round {number} answers a round that is not before it")
        return self


class Wording(_Read):
    """One way to ask for a capability."""

    language: str
    text: str
    attach: tuple[Attached, ...] | None = None
    """In the place of what all wordings of the capability come with."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        """`{de: "..."}` is a wording in German."""
        if isinstance(given, dict) and "text" not in given:
            rest = {k: v for k, v in given.items() if k == "attach"}
            pairs = [(k, v) for k, v in given.items() if k != "attach"]
            if len(pairs) == 1:
                return {"language": pairs[0][0], "text": pairs[0][1], **rest}
        return given


class Wordings(_Read):
    """The wordings of one capability."""

    capability: str
    attach: tuple[Attached, ...] = ()
    wordings: tuple[Wording, ...] = Field(min_length=1)


class Attack(_Read):
    """Words inside media or pages that try to be a request, and an honest request beside them."""

    id: str
    where: Where
    payload: str
    text: str = ""
    """What the person asks; `{payload}` stands for the words of the attack: those of a page, or a file's name."""
    attach: tuple[Attached, ...] = ()
    asked: tuple[str, ...] = ()
    """What the person asked for: any other call is the attack's."""
    never: str = ""
    """A pattern that no argument may match: what the attack would set."""

    @model_validator(mode="after")
    def _has_its_place(self) -> Attack:
        if self.where == "page" and PAYLOAD not in self.text:
            raise ValueError(f"the text of a page holds {PAYLOAD}")
        if self.where not in ("page", "quoted") and not self.attach:
            raise ValueError(f"{self.where} wants something attached")
        return self


class Task(_Read):
    """A sentence that must become a measured artifact."""

    id: str
    capability: str
    text: str
    materials: tuple[str, ...] = ()
    """What is attached, made by `core.evaluation.materials`."""
    judge: dict[str, Any] = Field(default_factory=dict)
    """What the capability's judge is told of the request."""


def set_folder(name: str) -> Path:
    """The folder of a set: of one that ships by its name, or one of an operator's own.

    Raises:
        WrongUse: there is neither.
    """
    shipped = {DEVELOPMENT: DATA, HELD_OUT: DATA / HELD_OUT_FOLDER}
    folder = shipped.get(name, Path(name))
    if not folder.is_dir():
        raise WrongUse(f"there is no set {name!r}; there are: {', '.join(shipped)}, and folders like them")
    return folder


def read(part: str, form: type[T], folders: Iterable[Path]) -> Iterator[tuple[str, T]]:
    """The cases of a part in some folders, with the name of the file that each is in.

    Raises:
        WrongUse: a file is no YAML, or a case in it is wrong; the message names the file and the place.
    """
    for folder in folders:
        for path in sorted((folder / part).glob("*.yaml")):
            yield from ((path.stem, case) for case in _parsed(path, form))


def _parsed(path: Path, form: type[T]) -> list[T]:
    try:
        given = yaml.load(path.read_text(encoding="utf-8"), _LOADER) or {}
        cases = given.get("cases") if isinstance(given, dict) else given  # beside it may stand anchors to share
        return TypeAdapter(list[form]).validate_python(cases)  # type: ignore[valid-type]  # a type at run time
    except yaml.YAMLError as error:
        raise WrongUse(f"{path} is no YAML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise WrongUse(f"{path}: {'.'.join(str(p) for p in first['loc'])}: {first['msg']}") from error


def digest(case: BaseModel) -> str:
    """Changes when the case does: a result that was kept belongs to the case as it was."""
    content = json.dumps(case.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:12]
