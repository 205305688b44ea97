"""`/privacy` says what leaves the operator's machines, as it is set up."""

from __future__ import annotations

import pytest

from bots.help import privacy_text
from core.settings import Settings


@pytest.mark.parametrize(
    ("connected", "vision", "said", "unsaid"),
    [
        (False, False, "Nothing leaves", "language model"),
        (True, False, "never their sound or pictures", "picture that you ask"),
        (True, True, "So does a picture that you ask me about", "or pictures"),
    ],
)
def test_it_says_what_is_sent_where(connected: bool, vision: bool, said: str, unsaid: str) -> None:
    url = "http://127.0.0.1:1" if connected else ""
    text = privacy_text(Settings(_env_file=None, llm_base_url=url, llm_model="m", llm_vision=vision))
    assert said in text
    assert unsaid not in text
