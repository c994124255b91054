import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.servers.grafana.api_paths import checked_name, checked_uid, route
from dashgen.servers.grafana.grafana_errors import RefusedError


def test_parts_are_quoted() -> None:
    assert route("api", "a b", "c/d", "ü?#") == "/api/a%20b/c%2Fd/%C3%BC%3F%23"


@pytest.mark.parametrize("part", ["", ".", "..", "...", "a\x00b", "\ud800", "x" * 401])
def test_a_part_that_could_climb_or_vanish_is_refused(part: str) -> None:
    with pytest.raises(RefusedError):
        route("api", part)


@pytest.mark.property
@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_no_text_gets_out_of_its_part(parts: list[str]) -> None:
    try:
        path = route(*parts)
    except RefusedError:
        return
    assert path.count("/") == len(parts)
    assert not {".", "..", ""} & set(path.split("/")[1:])
    assert path.isascii()


@pytest.mark.parametrize("uid", ["../admin", "a/b", "a b", "", "x" * 41, "ü", "a%2Fb", "a\n", ".", "-" * 41])
def test_a_uid_that_is_none_never_gets_into_an_address(uid: str) -> None:
    with pytest.raises(RefusedError, match="is not a uid"):
        checked_uid(uid)


@pytest.mark.parametrize("uid", ["a", "mission-control", "A_1", "x" * 40])
def test_uids_are_taken(uid: str) -> None:
    assert checked_uid(uid) == uid


@pytest.mark.parametrize("name", ["../x", "a/b", ".a", "a.", "", "a b"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(RefusedError):
        checked_name(name)


@pytest.mark.parametrize("name", ["default", "org-7", "stacks-123", "v1beta1", "a.b-c"])
def test_names_are_taken(name: str) -> None:
    assert checked_name(name) == name
