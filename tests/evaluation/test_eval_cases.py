"""The cases that ship: enough of them, about what there is, and none that the router was made from."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from embedded.test_routing import FEW_WORDS, HERE, OWN, TOO_ALIKE, lines, tokens

from core.capabilities import BUILT_IN
from core.errors import WrongUse
from core.evaluation import injection, robustness
from core.evaluation.cases import DATA, TYPO, Attack, Dialogue, Wordings, read
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


def wordings() -> list[Wordings]:
    return [w for _, w in read("consistency", Wordings)]


def dialogues() -> list[tuple[str, Dialogue]]:
    return list(read(robustness.PART, Dialogue))


def attacks() -> list[Attack]:
    return [a for _, a in read(injection.PART, Attack)]


def sentences() -> list[str]:
    said = [w.text for group in wordings() for w in group.wordings]
    said += [r.text for _, d in dialogues() for r in d.rounds]
    return [s for s in dict.fromkeys(said) if s.strip()]


def test_every_capability_has_many_wordings_in_many_languages() -> None:
    found = {w.capability: w for w in wordings()}
    assert set(found) == KNOWN
    for group in found.values():
        languages = Counter(w.language for w in group.wordings)
        assert len(group.wordings) >= 12
        assert len(set(languages) - {TYPO}) >= 6
        assert languages[TYPO] >= 2


def test_every_category_has_enough_dialogues_of_several_rounds() -> None:
    found = Counter(category for category, _ in dialogues())
    assert set(found) == CATEGORIES
    assert min(found.values()) >= 25
    assert [d.id for _, d in dialogues() if len(d.rounds) < 2] == []


def test_every_round_is_judged_by_its_plan_or_its_refusal() -> None:
    assert [
        (d.id, n)
        for _, d in dialogues()
        for n, one in enumerate(d.rounds)
        if one.expect.plan is None and one.expect.refusal == ("none",)
    ] == []


def test_there_are_enough_attacks_in_every_place() -> None:
    found = Counter(a.where for a in attacks())
    assert sum(found.values()) >= 60
    assert len(found) == 8
    assert found["spoken"] >= 10
    assert min(found.values()) >= 7


def test_what_is_expected_exists() -> None:
    named = {c for _, d in dialogues() for r in d.rounds for p in r.expect.plan or () for c in p}
    named |= {c for _, d in dialogues() for c in d.unserved} | {c for a in attacks() for c in a.asked}
    named |= {c for _, d in dialogues() for r in d.rounds for c in r.faults}
    assert named <= KNOWN
    by_id = {c.id: c for c in BUILT_IN}
    for _, dialogue in dialogues():
        for one in dialogue.rounds:
            for plan in one.expect.plan or ():
                if len(one.expect.plan or ()) == 1:
                    for step, args in zip(plan, one.expect.args, strict=False):
                        assert set(args) <= set(by_id[step].args.model_fields), (dialogue.id, step)


def test_all_trials_have_names_of_their_own() -> None:
    found = trials(Options(full=True))
    assert len({(t.part, t.case) for t in found}) == len(found)


def near(held: list[str], others: list[str]) -> list[tuple[str, str]]:
    """Sentences of `FEW_WORDS` or more that share nearly all their words with another."""
    words = [tokens(other) for other in others]
    having: dict[str, list[int]] = defaultdict(list)
    for index, found in enumerate(words):
        for word in found:
            having[word].append(index)
    pairs = []
    for sentence in held:
        mine = tokens(sentence)
        shared = Counter(index for word in mine for index in having[word]) if len(mine) >= FEW_WORDS else Counter()
        pairs += [(sentence, others[i]) for i, n in shared.items() if n / len(mine | words[i]) > TOO_ALIKE]
    return pairs


def test_no_case_is_nearly_a_training_sentence() -> None:
    assert near(sentences(), [u.text for u in utterances()]) == []


def test_no_case_is_nearly_one_of_the_routers_test_messages() -> None:
    assert near(sentences(), [line["text"] for name in OWN for line in lines(HERE / name)]) == []


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


def test_further_cases_come_after_those_that_ship(tmp_path: Path) -> None:
    (tmp_path / "robustness").mkdir()
    (tmp_path / "robustness" / "mine.yaml").write_text("- {id: a, rounds: [{text: hi, expect: {plan: none}}]}")
    found = list(read("robustness", Dialogue, [tmp_path]))
    assert (found[-1][0], found[-1][1].id) == ("mine", "a")
    assert len(found) == len(dialogues()) + 1
    assert DATA.is_dir()
