"""What the models with hub weights share: where the weights are, and what to say when they are not there."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.errors import NoModel
from core.settings import Settings


def weights(settings: Settings, hub_id: str) -> str:
    """What to hand to `from_pretrained`: the folder `AUDIOGPT_HUB_DIR/<hub id>` when it exists, else the hub id.

    Load with `local_files_only=True`: a worker never starts a download of gigabytes on its own.
    """
    folder = settings.hub_dir / hub_id if settings.hub_dir else None
    return str(folder) if folder and folder.is_dir() else hub_id


def located(settings: Settings, hub_id: str, file: str) -> Path | None:
    """One file of a model: in its folder, else in the hub's cache; None where it is in neither."""
    source = weights(settings, hub_id)
    if source != hub_id:
        path = Path(source) / file
        return path if path.is_file() else None
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(hub_id, file)
    return Path(found) if isinstance(found, str) else None


def missing(settings: Settings, hub_id: str, *extra: str, file: str = "config.json") -> str | None:
    """None when transformers, torch, the `extra` modules and the weights are here, else one sentence.

    Looks for files alone and imports none of them but the hub's small client. By `file` it is told whether the weights
    are there, where they are in the hub's cache.
    """
    absent = [name for name in ("transformers", "torch", *extra) if find_spec(name) is None]
    if absent:
        return f"install {', '.join(name.replace('_', '-') for name in absent)}"
    if weights(settings, hub_id) != hub_id or located(settings, hub_id, file):
        return None
    return f"its weights are not on this machine: run `hf download {hub_id}`, or put them into AUDIOGPT_HUB_DIR"


def pretrained(kind: Any, settings: Settings, hub_id: str, **options: Any) -> Any:
    """`kind.from_pretrained` from the local files.

    Raises:
        NoModel: they are not there, or not whole.
    """
    try:
        return kind.from_pretrained(weights(settings, hub_id), local_files_only=True, **options)
    except (OSError, ValueError) as error:
        raise NoModel(f"The weights of {hub_id} are not on this machine, or not whole.") from error


def dtype(device: str) -> Any:
    """The precision of most networks: half on a GPU, single elsewhere."""
    import torch

    return torch.float16 if device.startswith("cuda") else torch.float32
