"""Puts what there is to say into the person's language."""

from __future__ import annotations

from collections.abc import Iterable

from core.capabilities import Capability
from core.embedded.phrases import PHRASES
from core.embedded.tongue import DEFAULT
from core.errors import AudioGPTError, Refusal, RefusalKind
from core.sayings import language as words_of

_COMMAS = {"zh": "、", "ja": "、"}
_CHAT = ("no_language_model", "welcome", "hello")
_OR_IN = DEFAULT
"""The language whose enumerations end with a conjunction; the others stand behind a colon."""


class Lack(AudioGPTError):
    """A clause cannot become a step: the kind of refusal and the name of the phrase that says why."""

    def __init__(self, kind: RefusalKind, name: str, capability: Capability | None = None, **words: str) -> None:
        super().__init__(name)
        self._kind, self._name, self._capability, self._words = kind, name, capability, words

    def told(self, language: str) -> Refusal:
        """The refusal for a person of that language."""
        return Refusal(self._kind, phrase(self._name, language, self._capability, **self._words))


def phrase(name: str, language: str, capability: Capability | None = None, **words: str) -> str:
    """A phrase with its places filled; `{title}` and `{enable}` are the capability's."""
    if capability is not None:
        words |= {"title": title(capability, language), "enable": capability.enable}
    return PHRASES.get(language, PHRASES[DEFAULT])[name].format(**words)


def title(capability: Capability, language: str) -> str:
    """What a capability is called, in two or three words for a person."""
    return words_of(language).term(capability.title)


def can(capabilities: Iterable[Capability], language: str, most: int | None = None) -> str:
    """What can be done, as one sentence that names the first `most`."""
    names = [title(c, language) for c in capabilities]
    if not names:
        return phrase("nothing_runs", language)
    more = most is not None and len(names) > most
    names = [*names[:most], phrase("more", language)] if more else names
    if language != _OR_IN:
        return phrase("can", language, titles=_COMMAS.get(language, ", ").join(names))
    joint = " and " if more else " or "
    return phrase("can", language, titles=joint.join([", ".join(names[:-1]), names[-1]] if names[1:] else names))


def only_chats(text: str) -> bool:
    """Whether words of ours hold nothing that was made or found out: a greeting, or what can be done here."""
    return any(table[name] in text for table in PHRASES.values() for name in _CHAT)
