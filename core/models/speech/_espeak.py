"""Phonemes of further languages by the program espeak-ng, run as a process of its own.

espeak-ng is under the GPL-3.0-or-later: it is no dependency, is never installed by this project, and is only used where
the machine has it on its PATH.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

from core.errors import Broken

PROGRAM = "espeak-ng"
VOICES = {"de": "de", "it": "it"}
"""Languages whose phonemes the Japanese voices of Kokoro say intelligibly, and the program's names for them. French is
not among them."""
_TIMEOUT_S = 20
_CLAUSE = re.compile(r"([,;:.!?…—–]+[\"'”’»)\]]*)(?=\s|$)|\s[—–-]\s")
_JOINED = (
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^z", "ʣ"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("o^ʊ", "O"), ("ə^ʊ", "Q"),
    ("t^s", "ʦ"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"), ("^", ""), ("-", ""),
)  # fmt: skip
"""Kokoro's own signs for diphthongs and affricates (misaki, espeak.py)."""


def missing() -> str | None:
    """None, or what would enable it."""
    if shutil.which(PROGRAM):
        return None
    return f"install the program {PROGRAM} (GPL-3.0-or-later, a separate program) so that it is on the PATH"


@dataclass(frozen=True)
class Reader:
    """Text to phonemes in one language, punctuation kept: the pauses depend on it."""

    language: str

    def __call__(self, sentence: str) -> str:
        """The phonemes of a sentence.

        Raises:
            Broken: the program fails.
        """
        said, at = [], 0
        for match in _CLAUSE.finditer(sentence):
            if clause := self._clause(sentence[at : match.start()]):
                said.append(clause + (match[1] or "—")[0])
            at = match.end()
        said.append(self._clause(sentence[at:]))
        return " ".join(said).strip()

    def _clause(self, text: str) -> str:
        if not any(c.isalnum() for c in text):
            return ""
        try:
            done = subprocess.run(
                [PROGRAM, "-q", "--ipa=1", "--tie=^", "-v", VOICES[self.language], "--stdin"],
                input=text.encode(),
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise Broken(f"{PROGRAM}: {type(error).__name__}") from error
        phonemes = " ".join(
            re.sub(r"\([a-z-]+\)", " ", done.stdout.decode()).split()
        )  # without marks of other languages
        for sign, own in _JOINED:
            phonemes = phonemes.replace(sign, own)
        return phonemes
