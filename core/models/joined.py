"""Weights that come in parts, in several packages, and are joined once in the data folder."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from core.errors import NoModel

Part = tuple[str, str]
"""A package and the path of a file in it."""


def joined(data_dir: Path, model: str, name: str, parts: Iterable[Part], sha256: str, beside: Iterable[Part]) -> Path:
    """The folder of a joined model below `data_dir`, made at the first call and found at every later one.

    It holds the joined file under `name` and the files `beside` under their own names. Whoever joins it works in a
    folder of its own and renames it at the end: two processes that start at once, or one that is killed, leave either
    no model or a whole one.

    Raises:
        NoModel: the packages hold other weights than those of this SHA-256.
    """
    target = data_dir / "weights" / f"{model}-{sha256[:16]}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{model}-") as scratch:
        made = Path(scratch) / "model"
        made.mkdir()
        digest = hashlib.sha256()
        with (made / name).open("wb") as whole:
            for package, path in parts:
                part = files(package).joinpath(path).read_bytes()
                digest.update(part)
                whole.write(part)
        if digest.hexdigest() != sha256:
            raise NoModel(f"The weights of {model} on this machine are damaged. Please run `make setup` again.")
        for package, path in beside:
            (made / Path(path).name).write_bytes(files(package).joinpath(path).read_bytes())
        try:
            made.rename(target)
        except OSError:
            if not target.is_dir():  # another process was first, which is as good
                raise
    return target
