"""The search for the likeliest way to cut a message, on readings that are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.embedded.head import State
from core.embedded.segmenting import WIDEST, Reading, segmented

Given = Mapping[tuple[int, int], Sequence[tuple[str | None, float]]]


def cut(count: int, given: Given, joint: float = 0.0) -> list[tuple[str | None, int, int]]:
    """The best way; a span that is not given is hardly anything."""
    found = segmented(
        count,
        State(),
        lambda start, end, state, before: given.get((start, end), [(None, 1e-3)]),
        lambda before, start: 0.0 if before is None else joint,
        lambda label, state: State(audio=state.audio, text=label == "a", follow=True),
    )
    return [(r.label, r.start, r.end) for r in found]


def test_two_sure_parts_are_two_requests() -> None:
    given: Given = {(0, 1): [("a", 0.9)], (1, 2): [("b", 0.9)], (0, 2): [("a", 0.4)]}
    assert cut(2, given) == [("a", 0, 1), ("b", 1, 2)]


def test_a_part_that_is_hardly_a_request_joins_the_one_that_it_is_sure_with() -> None:
    given: Given = {(0, 1): [("b", 0.5), (None, 0.3)], (1, 2): [("a", 0.9)], (0, 2): [("a", 0.95)]}
    assert cut(2, given) == [("a", 0, 2)]


def test_what_asks_for_nothing_stands_beside_a_request() -> None:
    given: Given = {(0, 1): [(None, 0.95), ("b", 0.05)], (1, 2): [("a", 0.9), (None, 0.1)], (0, 2): [("a", 0.3)]}
    assert cut(2, given) == [(None, 0, 1), ("a", 1, 2)]


def test_a_new_request_costs_what_its_joint_says() -> None:
    given: Given = {(0, 1): [("a", 0.9)], (1, 2): [("b", 0.6), (None, 0.4)], (0, 2): [("a", 0.1)]}
    assert cut(2, given, joint=0.0)[1][0] == "b"
    assert cut(2, given, joint=1.0)[1][0] is None


def test_each_span_is_read_with_what_the_requests_before_it_give() -> None:
    seen: list[tuple[int, bool]] = []

    def read(start: int, end: int, state: State, before: str | None) -> list[tuple[str | None, float]]:
        seen.append((start, state.text))
        return [("a", 0.9)] if (start, end) in ((0, 1), (1, 2)) else []

    found = segmented(2, State(), read, lambda before, start: 0.0, lambda label, state: State(text=True))
    assert found == (Reading("a", 0.9, 0, 1), Reading("a", 0.9, 1, 2))
    assert (0, False) in seen
    assert (1, True) in seen
    assert (1, False) not in seen


def test_many_parts_are_cut_in_little_time() -> None:
    reads = 0

    def read(start: int, end: int, state: State, before: str | None) -> list[tuple[str | None, float]]:
        nonlocal reads
        reads += 1
        return [("a", 0.5), (None, 0.5)]

    segmented(6, State(), read, lambda before, start: 0.0, lambda label, state: state)
    assert reads <= 6 * WIDEST * 4
