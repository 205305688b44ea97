"""What `/help`, `/models` and `/privacy` say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.capabilities import Capability
from core.policy import Granted
from core.registry import registry
from core.settings import Settings


def help_text(served: Sequence[Capability], commands: Mapping[str, str]) -> str:
    """What can be asked for now, and the commands."""
    can = "\n".join(f"• {c.title}" for c in sorted(served, key=lambda c: c.title)) or "• nothing just now"
    listed = "\n".join(f"/{name}: {says}" for name, says in commands.items())
    return (
        "Write or say what you want, and send a voice note, an audio file, a video or a picture along. "
        "Reply to a clip to mean that one. In groups, mention me.\n\n"
        f"I can:\n{can}\n\n{listed}"
    )


def models_text(settings: Settings, granted: Granted) -> str:
    """Every capability with its models and their licences, what is not there, and what is not for who asks."""
    known = registry(settings)
    lines, missing, barred = [], [], []
    for capability in known.capabilities.values():
        models = [m for m in known.of(capability.id) if m.id in granted.models]
        if capability.id in granted.barred:
            barred.append(capability.title)
        elif models:
            names = ", ".join(f"{m.id} ({m.licence}, {m.tier.value})" for m in models)
            lines.append(f"• {capability.title}: {names}")
        else:
            missing.append(capability.title)
    absent = f"\n\nNot here yet: {', '.join(missing)}." if missing else ""
    forbidden = f"\n\nNot for you here, as whoever runs me decided: {', '.join(barred)}." if barred else ""
    return ("\n".join(lines) or "No model is running just now.") + absent + forbidden


def privacy_text(settings: Settings) -> str:
    """What is kept, where it goes, how it is erased."""
    if settings.llm_base_url:
        unsent = "never their sound" if settings.llm_vision else "never their sound or pictures"
        seen = " So does a picture that you ask me about." if settings.llm_vision else ""
        thinks = (
            f"To understand you, your words and the names and lengths of your files ({unsent}) "
            f"go to the language model {settings.llm_model!r} that my operator connected.{seen}"
        )
    else:
        thinks = "Nothing leaves my operator's machines: no outside service is asked."
    return (
        "I read a message when you write to me directly, mention me, reply to me or use a command; other messages "
        "in a group I do not keep. What you send me and what I make of it is kept, for “this” and “the last one” to "
        f"mean something, until it is erased. {thinks} Nothing is used for training. "
        "What I make is made by AI. I imitate a voice only when its speaker asks for it or allows it here, "
        "and make a picture talk only when who sent it does. "
        "/forget erases what I keep of you here."
    )
