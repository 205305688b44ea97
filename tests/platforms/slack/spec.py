"""The recorded shapes of `../shared/specs/slack`: whatever this server answers and sends must fit them.

They keep the server honest. What it receives is checked by `rules`. Without `../shared` this check is left out.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

from paths import SHARED

_FOLDER = SHARED / "specs" / "slack"

AVAILABLE = _FOLDER.is_dir()

_EVENTS = {
    "app_mention": "AppMentionPayload",
    "app_uninstalled": "AppUninstalledPayload",
    "app_home_opened": "AppHomeOpenedPayload",
    "file_deleted": "FileDeletedPayload",
    "file_shared": "FileSharedPayload",
    "reaction_added": "ReactionAddedPayload",
    "reaction_removed": "ReactionRemovedPayload",
    "tokens_revoked": "TokensRevokedPayload",
    "message": "MessagePayload",
    "message:file_share": "MessageFileSharePayload",
    "message:message_changed": "MessageChangedPayload",
    "message:message_deleted": "MessageDeletedPayload",
    "message:thread_broadcast": "MessageThreadBroadcastPayload",
}

_SEEN_ELSEWHERE = {
    "audio_wave_samples": "recorded in real events, missing in the samples",
    "aac": "recorded in real events, missing in the samples",
    "transcription": "recorded in real events, missing in some samples",
    "vtt": "recorded in real events, missing in some samples",
    "mp4": "recorded in real events, missing in some samples",
    "subtype": "recorded in real events, missing in some samples",
    "media_display_type": "recorded in real events, missing in some samples",
    "duration_ms": "recorded in real events, missing in some samples",
    "file_access": "recorded in real events, missing in some samples",
    "client_msg_id": "of every message that a person typed",
    "thread_ts": "of every message in a thread",
    "parent_user_id": "of every answer in a thread",
    "attachments": "of every message that forwards another",
    "is_share": "of every message that was forwarded",
    "files": "of every forwarded message with files",
    "app_id": "of every message of an app, missing in one sample",
    "team": "of every message today, missing in one sample",
    "is_ext_shared_channel": "of every wrapper today",
    "event_context": "of every wrapper today",
}
_OPAQUE = {"blocks", "metadata", "response_metadata", "state", "reactions"}
"""Parts that `rules` checks or whose keys are data."""


@functools.cache
def _sample(path: str) -> Any:
    file = _FOLDER / path
    return json.loads(file.read_text()) if file.is_file() else None


def faults_of_answer(method: str, answer: dict[str, Any]) -> Iterator[str]:
    """Where an answer of the Web API differs from the recorded ones."""
    sample = _sample(f"api/{method}.json") if AVAILABLE else None
    if sample is not None:
        yield from _differences(sample, answer, method)


def faults_of_event(body: dict[str, Any]) -> Iterator[str]:
    """Where an event differs from the recorded ones."""
    event = body["event"]
    name = f"{event['type']}:{event['subtype']}" if event.get("subtype") else str(event["type"])
    if not AVAILABLE:
        return
    if name not in _EVENTS:
        yield f"no recorded event is like {name}"
        return
    yield from _differences(_sample(f"events/{_EVENTS[name]}.json"), body, name)


def tier_of(method: str) -> int | None:
    """How often a method may be called, by the recorded tiers: 1 to 4; None when it is special or unknown."""
    tier = str((_sample("rate_limit_tiers.json") or {}).get(method, ""))
    return int(tier[-1]) if AVAILABLE and tier.startswith("Tier") else None


def _differences(sample: Any, value: Any, path: str) -> Iterator[str]:
    if value is None or sample is None:
        return
    if isinstance(value, dict):
        if not isinstance(sample, dict):
            yield f"{path}: an object where {sample!r:.40} was recorded"
            return
        if path.rpartition(".")[2] in ("public", "private"):  # a map by channel id
            sample = {key: next(iter(sample.values())) for key in value}
        for key, inner in value.items():
            if key in _OPAQUE or key in _SEEN_ELSEWHERE and key not in sample:
                continue
            if sample and key not in sample:
                yield f"{path}.{key} was never recorded"
            elif sample:
                yield from _differences(sample[key], inner, f"{path}.{key}")
    elif isinstance(value, list):
        if not isinstance(sample, list):
            yield f"{path}: a list where {sample!r:.40} was recorded"
        elif sample:
            for number, inner in enumerate(value):
                yield from _differences(sample[0], inner, f"{path}[{number}]")
    elif isinstance(value, bool) != isinstance(sample, bool) or isinstance(value, str) != isinstance(sample, str):
        yield f"{path}: {value!r:.40} where {sample!r:.40} was recorded"
