"""Every dataclass of the vocabulary survives the way through JSON."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import artifacts, errors, messages
from core.errors import Broken
from core.wire import dump, from_json, load, to_json

NO_WIRE_FORM = {messages.Message}
"""Its attachments are not downloaded yet."""


def dataclasses_of(module: ModuleType) -> list[type[Any]]:
    found = [c for c in vars(module).values() if isinstance(c, type) and dataclasses.is_dataclass(c)]
    return [c for c in found if c.__module__ == module.__name__ and c not in NO_WIRE_FORM]


FORMS = [c for module in (messages, artifacts, errors) for c in dataclasses_of(module)]

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
TIMES = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]))
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that JSON can carry of an annotation of the vocabulary."""
    parts = get_args(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return st.builds(hint, **{name: values(part) for name, part in get_type_hints(hint).items()})
    if get_origin(hint) is tuple:
        return st.lists(values(parts[0]), max_size=2).map(tuple)
    if get_origin(hint) is dict:
        return st.dictionaries(st.text(), JSON, max_size=3)
    if get_origin(hint) in (UnionType, Union):
        return st.one_of(*(values(part) for part in parts))
    known = {float: FLOATS, datetime: TIMES}
    return known[hint] if hint in known else st.from_type(hint)


def test_the_whole_vocabulary_is_found() -> None:
    assert {messages.Reply, messages.Turn, messages.Outgoing, messages.Incoming, artifacts.Artifact} <= set(FORMS)


@pytest.mark.parametrize("form", FORMS, ids=lambda c: c.__name__)
def test_there_and_back(form: type[Any]) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(value=values(form))
    def there_and_back(value: Any) -> None:
        assert from_json(form, json.loads(json.dumps(to_json(value), allow_nan=False))) == value

    there_and_back()


def test_an_artifact_reads_the_same_both_ways() -> None:
    made = artifacts.Artifact("a" * 24, artifacts.Kind.AUDIO, "clip.wav", artifacts.Facts("audio/wav", 10, 1.5))
    assert from_json(artifacts.Artifact, to_json(made)) == made == load(artifacts.Artifact, dump(made))


@pytest.mark.parametrize("data", [None, {}, {"who": "user"}, [], {"who": 1, "text": 2}])
def test_what_is_none_is_refused(data: Any) -> None:
    with pytest.raises(Broken, match="not a Turn"):
        from_json(messages.Turn, data)
