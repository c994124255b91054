"""What was pushed last, remembered on this machine."""

import pytest

from dashgen.sync.push.push_state import Pushed, PushState, StateBusyError, open_state

URL = "https://grafana.example.com"
KEY = ("dashboard", "shop")


def _path(root):
    return root / ".dashgen/push/prod.json"


def test_what_is_remembered_is_there_the_next_time(tmp_path):
    with open_state(tmp_path, "prod", URL, writes=True) as state:
        state.remember(KEY, Pushed("1-abc", "7", owned=True))
        state.remember(("template", "x"), Pushed("1-def"))
        state.forget(("template", "x"))
    with open_state(tmp_path, "prod", URL, writes=False) as state:
        assert state.entries == {KEY: Pushed("1-abc", "7", owned=True)}
    assert _path(tmp_path).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / ".dashgen/.gitignore").read_text() == "*\n"


def test_a_killed_push_has_lost_nothing_but_a_half_line(tmp_path):
    with open_state(tmp_path, "prod", URL, writes=True) as state:
        state.remember(KEY, Pushed("1-abc"))
    killed = PushState(_path(tmp_path), URL)
    killed.remember(KEY, Pushed("1-abc", pending="1-new"))
    killed._journal.close()
    (journal,) = _path(tmp_path).parent.glob("*.journal")
    with journal.open("ab") as file:
        file.write(b'{"kind": "dashb')
    assert PushState(_path(tmp_path), URL).get(KEY) == Pushed("1-abc", pending="1-new")


def test_lines_after_a_half_one_count(tmp_path):
    killed = PushState(_prepared(tmp_path), URL)
    killed.remember(KEY, Pushed("1-abc"))
    killed._journal.write(b'{"kind": "dashb')
    killed._journal.close()
    again = PushState(_path(tmp_path), URL)
    again.remember(("template", "x"), Pushed("1-def"))
    again._journal.close()
    assert set(PushState(_path(tmp_path), URL).entries) == {KEY, ("template", "x")}


def _prepared(tmp_path):
    _path(tmp_path).parent.mkdir(parents=True)
    return _path(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"url": 3}', b"null"])
def test_a_damaged_file_is_as_good_as_none(tmp_path, content):
    _path(tmp_path).parent.mkdir(parents=True)
    _path(tmp_path).write_bytes(content)
    with open_state(tmp_path, "prod", URL, writes=True) as state:
        assert state.entries == {}
        state.remember(KEY, Pushed("1-abc"))
    assert PushState(_path(tmp_path), URL).get(KEY) == Pushed("1-abc")


def test_a_target_with_a_new_address_starts_anew(tmp_path):
    with open_state(tmp_path, "prod", URL, writes=True) as state:
        state.remember(KEY, Pushed("1-abc"))
    with open_state(tmp_path, "prod", URL + "/other", writes=False) as state:
        assert state.entries == {}


def test_only_one_push_runs_at_once_and_readers_need_not_wait(tmp_path):
    with open_state(tmp_path, "prod", URL, writes=True):
        with (
            pytest.raises(StateBusyError, match="another push"),
            open_state(tmp_path, "prod", URL, writes=True),
        ):
            pass
        with open_state(tmp_path, "prod", URL, writes=False):
            pass
        with open_state(tmp_path, "test", URL, writes=True):
            pass


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "..", "", "ü ber"])
def test_a_name_does_not_lead_elsewhere(tmp_path, name):
    with open_state(tmp_path, name, URL, writes=True) as state:
        assert state.path.parent == tmp_path / ".dashgen/push"
