"""The one place where a refusal becomes words in the language of who asked."""

from __future__ import annotations

from dataclasses import replace

from core.errors import Refusal
from core.sayings import SOURCE, in_language, language


def worded(refusal: Refusal, code: str) -> Refusal:
    """The same refusal, its message in a language of `core.sayings`; `refusal` has the English one.

    Words that have no translation stand behind a sentence of their kind, in brackets on a line of their own.
    """
    message = refusal.message
    if language(code) is not language(SOURCE):
        message = in_language(code, refusal.saying, refusal.places) or _beside(refusal, code)
    return replace(refusal, message=message or language(code).kinds[refusal.kind])


def _beside(refusal: Refusal, code: str) -> str:
    kind = language(code).kinds[refusal.kind]
    return f"{kind}\n({refusal.message})" if refusal.message else kind
