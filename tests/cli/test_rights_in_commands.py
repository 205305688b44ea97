"""The terminal is a platform too: its rights hold for `ask`, `do` and `replay`, and a wrong rule stops every start."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.cli.ask import ask, do
from bots.cli.doctor import examine
from bots.cli.replay import replay
from bots.cli.serve import run_bot, run_stack
from core.errors import WrongUse
from core.settings import Settings

SCENE = ["description=rain", "seconds=2"]


def under(settings: Settings, rights: str) -> Settings:
    return settings.model_copy(update={"models": "", "rights": rights})


async def test_what_the_terminal_may_not_use_is_refused_by_every_way(settings: Settings, tmp_path: Path) -> None:
    done = await do(under(settings, "web may not text_to_audio"), "text_to_audio", SCENE, [], [], tmp_path)
    (made,) = [a["path"] for a in done["artifacts"]]
    barred = under(settings, "cli may not text_to_audio")
    done = await do(barred, "text_to_audio", SCENE, [], [], tmp_path)
    assert (done["refusal"]["kind"], done["artifacts"], done["plan"]) == ("not_allowed", [], [])
    asked = await ask(barred, "make the sound of rain", [], [], False, tmp_path)
    assert (asked["refusal"]["kind"], asked["artifacts"], asked["plan"]) == ("not_allowed", [], [])
    again = await replay(barred, made, [])
    assert again["verdict"] == "cannot"
    assert again["why"] == "AUDIOGPT_RIGHTS does not let the terminal use the model scene-composer"


async def test_a_wrong_rule_stops_the_start_before_anything_runs(settings: Settings) -> None:
    wrong = under(settings, "everybody may not text_to_speech\ndiscrod may not text_to_audio")
    told = "AUDIOGPT_RIGHTS, line 2: 'discrod may not text_to_audio': there is no platform 'discrod'"
    with pytest.raises(WrongUse, match=told):
        await run_stack(wrong, open_browser=False)
    with pytest.raises(WrongUse, match=told):
        await run_bot(wrong)
    (check,) = [c for c in await examine(wrong) if c.name == "rights"]
    assert not check.ok
    assert check.message.startswith(told)
