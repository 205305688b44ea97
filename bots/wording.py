"""The words of a status line and of a few other lines that no model writes."""

from __future__ import annotations

from collections.abc import Mapping

from core.messages import Stage, Status

UNSURE = "I am not sure that my answer reached you. If it is missing, press “Send again”."
KEEPING = "I could not keep that message just now, so I did not start. Please send it again in a minute."
NOT_FOR_YOU = "I am set up for certain people only here, and you are not among them. Please ask whoever runs me."
NOT_YOURS = "Only who asked for it can stop it."
NOT_YOUR_VOICE = "Only the person whose voice or picture it is can allow that."
ALLOWED = "Thank you, I go on with it. /forget takes your permission back."


def status_line(status: Status, titles: Mapping[str, str]) -> str:
    """One line that says where a turn is: what is done, by which model, how far; or its place in the queue."""
    title = titles.get(status.capability, status.capability.replace("_", " "))
    if status.stage is Stage.LISTENING:
        return "Listening…"
    if status.stage is Stage.QUEUED:
        place = status.place or 1
        return f"Waiting, you are next: {title}" if place == 1 else f"Waiting, number {place} in line: {title}"
    if status.stage is Stage.RUNNING:
        far = f", {round(status.fraction * 100)} %" if status.fraction is not None else ""
        return f"Working: {title} ({status.model}){far}"
    if status.stage is Stage.WORDS and status.text.strip():
        return status.text
    return "Thinking…"


def too_large(name: str, size: int, most: int) -> str:
    """Why a result is not shown here."""
    return f"{name} is ready, but it is too large for this chat ({_mb(size)}; files here may have {_mb(most)})."


def not_taken(name: str) -> str:
    """Why a result is not shown here, where size is not the reason."""
    return f"{name} is ready, but this chat does not let me send it."


def linked(name: str, url: str, days: float) -> str:
    """A result that is fetched by its link."""
    return f"{name}: {url} (works for {days:g} day{'s' if days != 1 else ''})"


def _mb(size: int) -> str:
    return f"{size / (1 << 20):.1f} MB"
