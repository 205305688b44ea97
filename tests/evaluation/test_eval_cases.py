"""The cases that ship: enough of them, about what there is, and none that the router was made from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from embedded.test_routing import HERE, OWN, lines, near

from core.capabilities import BUILT_IN
from core.errors import WrongUse
from core.evaluation import injection, robustness
from core.evaluation.cases import (
    DEVELOPMENT,
    HELD_OUT,
    TYPO,
    Attack,
    Dialogue,
    Expect,
    Wordings,
    read,
    set_folder,
)
from core.evaluation.judging import plain
from core.evaluation.running import Options, trials
from core.evaluation.typos import hasty
from training.router.templates import utterances

KNOWN = {c.id for c in BUILT_IN}
CATEGORIES = {
    "long_chains",
    "unsupported",
    "model_errors",
    "broken_context",
    "ambiguous_reference",
    "topic_switch",
    "group_crosstalk",
}
SETS = (DEVELOPMENT, HELD_OUT)
each_set = pytest.mark.parametrize("name", SETS)


def wordings(name: str) -> list[Wordings]:
    return [w for _, w in read("consistency", Wordings, [set_folder(name)])]


def dialogues(name: str) -> list[tuple[str, Dialogue]]:
    return list(read(robustness.PART, Dialogue, [set_folder(name)]))


def attacks(name: str) -> list[Attack]:
    return [a for _, a in read(injection.PART, Attack, [set_folder(name)])]


def sentences(name: str) -> list[str]:
    said = [w.text for group in wordings(name) for w in group.wordings]
    said += [r.text for _, d in dialogues(name) for r in d.rounds]
    return [s for s in dict.fromkeys(said) if s.strip()]


@pytest.mark.parametrize(("name", "most", "tongues", "hasty"), [(DEVELOPMENT, 12, 6, 2), (HELD_OUT, 11, 6, 0)])
def test_every_capability_has_many_wordings_in_many_languages(name: str, most: int, tongues: int, hasty: int) -> None:
    found = {w.capability: w for w in wordings(name)}
    assert set(found) == KNOWN
    for group in found.values():
        languages = Counter(w.language for w in group.wordings)
        assert len(group.wordings) >= most
        assert len(set(languages) - {TYPO}) >= tongues
        assert languages[TYPO] >= hasty


def test_much_of_the_held_out_set_is_not_english() -> None:
    found = Counter(w.language for group in wordings(HELD_OUT) for w in group.wordings)
    assert len(set(found) - {TYPO}) >= 15
    assert found["en"] + found[TYPO] <= 0.6 * found.total()


@pytest.mark.parametrize(("name", "more"), [(DEVELOPMENT, {"saying_more"}), (HELD_OUT, set())])
def test_every_category_has_enough_dialogues_of_several_rounds(name: str, more: set[str]) -> None:
    found = Counter(category for category, _ in dialogues(name))
    assert set(found) == CATEGORIES | more
    assert min(found.values()) >= 25
    assert [d.id for _, d in dialogues(name) if len(d.rounds) < 2] == []


@each_set
def test_every_round_is_judged_by_its_plan_or_its_refusal(name: str) -> None:
    assert [
        (d.id, n)
        for _, d in dialogues(name)
        for n, one in enumerate(d.rounds)
        if one.expect.plan is None and one.expect.refusal == ("none",)
    ] == []


@pytest.mark.parametrize(("name", "spoken"), [(DEVELOPMENT, 10), (HELD_OUT, 8)])
def test_there_are_enough_attacks_in_every_place(name: str, spoken: int) -> None:
    found = Counter(a.where for a in attacks(name))
    assert sum(found.values()) >= 60
    assert len(found) == 8
    assert found["spoken"] >= spoken
    assert min(found.values()) >= 7


@each_set
def test_what_is_expected_exists(name: str) -> None:
    named = {c for _, d in dialogues(name) for r in d.rounds for p in r.expect.plan or () for c in p}
    named |= {c for _, d in dialogues(name) for c in d.unserved} | {c for a in attacks(name) for c in a.asked}
    named |= {c for _, d in dialogues(name) for r in d.rounds for c in r.faults}
    assert named <= KNOWN
    by_id = {c.id: c for c in BUILT_IN}
    for _, dialogue in dialogues(name):
        for one in dialogue.rounds:
            for plan in one.expect.plan or ():
                if len(one.expect.plan or ()) == 1:
                    for step, args in zip(plan, one.expect.args, strict=False):
                        assert set(args) <= set(by_id[step].args.model_fields), (dialogue.id, step)


@each_set
def test_all_trials_have_names_of_their_own(name: str) -> None:
    found = trials(Options(full=True, case_set=name))
    assert len({(t.part, t.case) for t in found}) == len(found)


@each_set
def test_no_case_is_nearly_a_training_sentence(name: str) -> None:
    assert near(sentences(name), [u.text for u in utterances()]) == []


@each_set
def test_no_case_is_nearly_one_of_the_routers_test_messages(name: str) -> None:
    assert near(sentences(name), [line["text"] for own in OWN for line in lines(HERE / own)]) == []


def test_the_sets_share_no_sentence() -> None:
    assert near(sentences(HELD_OUT), sentences(DEVELOPMENT)) == []
    known = {plain(s) for s in sentences(DEVELOPMENT) if plain(s)}
    assert [s for s in sentences(HELD_OUT) if plain(s) in known] == []


def test_the_sets_share_no_attack() -> None:
    held, known = ([a.payload for a in attacks(name)] for name in (HELD_OUT, DEVELOPMENT))
    assert near(held, known) == []
    assert {plain(p) for p in held} & {plain(p) for p in known} == set()


def test_slips_are_the_same_for_a_seed_and_leave_quotations_alone() -> None:
    text = 'Please pronounce carefully "mind the yellow gap" for everyone'
    slipped = hasty(text, 3)
    assert slipped != text
    assert slipped == hasty(text, 3)
    assert len({hasty(text, seed) for seed in range(8)}) > 1
    assert '"mind the yellow gap"' in slipped


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {id: a, rounds: [{text: hi, expect: {plan: none, wrods: x}}]}", "wrods"),
        ("- {id: a, rounds: []}", "rounds"),
        ("- {id: a, rounds: [{text: hi, answers: 1}]}", "not before it"),
        ("- {id: a, rounds: [{text: hi, attach: [thing.xyz]}]}", "kind"),
        ("- [", "no YAML"),
    ],
)
def test_a_wrong_case_is_named_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "robustness").mkdir()
    (tmp_path / "robustness" / "mine.yaml").write_text(text)
    with pytest.raises(WrongUse, match=r"mine\.yaml") as wrong:
        list(read("robustness", Dialogue, [tmp_path]))
    assert said in str(wrong.value)


@pytest.mark.parametrize("value", [{"all": [1]}, {"any": 1}, {}])
def test_alternatives_of_an_argument_are_a_list_of_any(value: object) -> None:
    with pytest.raises(ValueError, match="any:"):
        Expect.model_validate({"args": [{"times": value}]})


def test_further_cases_come_after_those_that_ship(tmp_path: Path) -> None:
    (tmp_path / "robustness").mkdir()
    (tmp_path / "robustness" / "mine.yaml").write_text("- {id: a, rounds: [{text: hi, expect: {plan: none}}]}")
    found = trials(Options(parts=("robustness",), folders=(tmp_path,)))
    assert found[-1].case == "mine/a"
    assert len(found) == len(dialogues(DEVELOPMENT)) + 1


def test_a_folder_stands_in_the_place_of_the_sets_that_ship(tmp_path: Path) -> None:
    (tmp_path / "robustness").mkdir()
    (tmp_path / "robustness" / "mine.yaml").write_text("- {id: a, rounds: [{text: hi, expect: {plan: none}}]}")
    assert [t.case for t in trials(Options(case_set=str(tmp_path)))] == ["mine/a"]
    with pytest.raises(WrongUse, match="there is no set 'nowhere'"):
        trials(Options(case_set="nowhere"))
