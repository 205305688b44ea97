"""English figures and signs as they are said."""

from __future__ import annotations

import pytest

from core.models.speech._reading import readable

SAID = {
    "It downloads at 25 MB/s.": "It downloads at 25 megabytes per second.",
    "He ran 5 km in 22:30 min, then 1:05 h.": "He ran 5 km in 22 minutes 30, then 1 hour 5.",
    "PLEASE DO NOT SHOUT AT ME.": "PLEASE do not SHOUT at me.",
    "The BBC NEWS": "The BBC NEWS",
    "This is for US.": "This is for US.",
    "Add 3/4 tsp salt": "Add 3/4 teaspoons salt",
    "A ratio of 16:9, but at 16:10 and 3:05": "A ratio of 16 to 9, but at 16:10 and 3:05",
    "See section iv, part ii.": "See section 4, part 2.",
    "the part i like, chapter vile, act ill": "the part i like, chapter vile, act ill",
    "Meet @anna_k tonight": "Meet at anna k tonight",
    "Write to a_b@c.org": "Write to a underscore b at c dot org",
    "C# and A#": "C sharp and A sharp",
    "v1.26.4 at 192.168.1.254, 3.14": "version 1 point 26 point 4 at 192 dot 168 dot 1 dot 254, 3.14",
    "see Version v2.0": "see version 2.0",
    "On 17.05.2023, not 17.55.2023": "On 17 May 2023, not 17 point 55 point 2023",
    "PIN 0042, agent 007": "PIN 0 0 4 2, agent 0 0 7",
    "at 09:00, 07 am, 08 May, 05/06/2024, 0.5, 555-0132": "at 09:00, 07 am, 08 May, 05/06/2024, 0.5, 555-0132",
    "x = 3 + 4 * 2 - 1": "x = 3 plus 4 times 2 minus 1",
    "pages 12 - 15": "pages 12 - 15",
    "a 5x5 grid": "a 5 by 5 grid",
    "He is 6'2\" tall": "He is 6 foot 2 tall",
    "They said 'it' at 5'": "They said 'it' at 5'",
    "open Mon-Fri, 9 a.m.-5 p.m., all 24/7": "open Monday to Friday, 9 a.m. to 5 p.m., all 24 7",
    "10 m long, $5 m, ~5 km, £2bn": "10 meters long, $5 m, about 5 km, £2 billion",
    "e.g. this, i.e. that": "for example this, that is that",
    "Soooo coooool, yesss!": "So cool, yes!",
    "the viii, www, hmmm, Mississippi, too": "the viii, www, hmmm, Mississippi, too",
    "I ❤ tea 🍵 and 🎉 parties": "I love tea and parties",
}


@pytest.mark.parametrize("text", SAID)
def test_it_is_put_as_it_is_said(text: str) -> None:
    assert " ".join(readable(text, "en").split()) == SAID[text]


def test_other_languages_keep_their_figures() -> None:
    for text in ("le 17.05.2023, 16:9", "z. B. 0042", "o 5x5"):
        assert readable(text, "fr") == text


def test_long_drawn_words_take_no_long_time() -> None:
    assert len(readable("a" * 20_000 + " " + "0" * 2_000, "en")) < 30_000
