"""Keys and ids belong to a panel, not to its place or its neighbours."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashgen.model import panel_identity
from dashgen.model.panel_identity import MAX_ID, panel_ids, panel_keys, slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("✅ Success Rate", "success-rate"), ("Cost (24h) $", "cost-24h"), ("P95", "p95"), ("  a--b  ", "a-b"), ("Ünïcode Straße", "unicode-strae"),
        ("ﬁne", "fine"), ("a/b\\c", "a-b-c"), ("../../etc", "etc"),
    ],
)  # fmt: skip
def test_a_slug_is_the_ascii_words_of_a_text(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize("text", ["🚀", "Рассвет", "عربي", "!!!", "日本"])
def test_a_text_without_ascii_words_is_spelt_by_its_hash(text: str) -> None:
    assert len(slug(text)) == 8
    assert slug(text) == slug(text)
    assert slug(text) != slug(text + text)


@pytest.mark.parametrize(
    ("text", "fallback", "expected"), [("", "stat", "stat"), ("  ", "stat", "stat"), ("", "", "")]
)
def test_no_text_gives_the_fallback(text: str, fallback: str, expected: str) -> None:
    assert slug(text, fallback) == expected


@pytest.mark.parametrize(
    ("expected", "keys"),
    [
        ([("a", "r", False), ("b", "r", False)], ["a", "b"]),
        ([("a", "r1", False), ("a", "r2", False)], ["r1/a", "r2/a"]),
        ([("a", "r", False), ("a", "r", False), ("a", "r", False)], ["r/a", "r/a-2", "r/a-3"]),
        ([("a", "", False), ("a", "", False)], ["a", "a-2"]),
        ([("a", "r", True), ("a", "r", False)], ["a", "r/a"]),
        ([("a", "r", False), ("a", "r", True)], ["r/a", "a"]),
        ([("a", "", False), ("a", "", False), ("a-2", "", True)], ["a", "a-3", "a-2"]),
        ([("r/a", "", True), ("a", "r", False), ("a", "s", False)], ["r/a", "r/a-2", "s/a"]),
        ([], []),
    ],
)
def test_equal_keys_get_the_key_of_their_row_and_then_a_number(
    expected: list[tuple[str, str, bool]], keys: list[str]
) -> None:
    assert panel_keys(expected) == keys


def test_an_id_is_a_positive_number_that_grafana_can_hold_and_never_changes() -> None:
    assert panel_ids(["success-rate"]) == {"success-rate": 2_097_748_288}


def test_two_keys_of_one_hash_are_settled_by_the_alphabet_wherever_they_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        panel_identity, "_hash", lambda key, attempt: 7 if attempt == 0 else 100 + attempt + len(key)
    )
    assert panel_ids(["bb", "a", "ccc"]) == panel_ids(["ccc", "bb", "a"]) == {"a": 7, "bb": 103, "ccc": 104}


KEYS = st.lists(st.text(st.sampled_from("abc-/2"), min_size=1, max_size=4), max_size=12)


@pytest.mark.property
@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "r", "s"]), st.just(False)), max_size=10)
)
def test_keys_are_unique_and_ids_too(expected: list[tuple[str, str, bool]]) -> None:
    keys = panel_keys(expected)
    assert len(set(keys)) == len(keys) == len(expected)
    ids = panel_ids(keys)
    assert len(set(ids.values())) == len(keys)
    assert all(1 <= number <= MAX_ID for number in ids.values())


@pytest.mark.property
@settings(max_examples=200)
@given(KEYS, st.randoms(use_true_random=False))
def test_moving_panels_changes_no_id(keys: list[str], random: object) -> None:
    unique = list(dict.fromkeys(keys))
    shuffled = sorted(unique, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert panel_ids(unique) == panel_ids(shuffled)


@pytest.mark.property
@settings(max_examples=200)
@given(KEYS, st.text(st.sampled_from("xyz"), min_size=1, max_size=3))
def test_a_new_or_renamed_neighbour_changes_no_id(keys: list[str], other: str) -> None:
    unique = list(dict.fromkeys(keys))
    before, after = panel_ids(unique), panel_ids([*unique, other])
    assert {key: after[key] for key in unique} == before
