"""The stack's .env: a random password, and nothing else changed."""

import pytest

from dashgen.errors import DashgenError
from dashgen.scaffold.stack_environment import Outcome, with_password, write_environment

EXAMPLE = "# Password\nGRAFANA_ADMIN_PASSWORD=\nALERT_EMAIL=team@example.org\n"


@pytest.mark.parametrize(
    ("before", "renew", "after"),
    [
        ("GRAFANA_ADMIN_PASSWORD=\nA=1\n", False, "GRAFANA_ADMIN_PASSWORD=new\nA=1\n"),
        ("GRAFANA_ADMIN_PASSWORD=''\nA=1\n", False, "GRAFANA_ADMIN_PASSWORD=new\nA=1\n"),
        ("GRAFANA_ADMIN_PASSWORD=old\nA=1\n", False, "GRAFANA_ADMIN_PASSWORD=old\nA=1\n"),
        ("GRAFANA_ADMIN_PASSWORD=old\nA=1\n", True, "GRAFANA_ADMIN_PASSWORD=new\nA=1\n"),
        (
            "# GRAFANA_ADMIN_PASSWORD=\nA=1",
            False,
            "# GRAFANA_ADMIN_PASSWORD=\nA=1\nGRAFANA_ADMIN_PASSWORD=new\n",
        ),
        ("", False, "GRAFANA_ADMIN_PASSWORD=new\n"),
    ],
)
def test_a_password_is_put_where_none_is_or_where_a_new_one_is_wanted(before, renew, after):
    assert with_password(before, "new", renew=renew) == after


def test_only_the_owner_can_read_it_and_passwords_differ(tmp_path):
    passwords = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".env.example").write_text(EXAMPLE)
        assert write_environment(tmp_path / name) is Outcome.WRITTEN
        env = tmp_path / name / ".env"
        assert env.stat().st_mode & 0o777 == 0o600
        password = env.read_text().split("GRAFANA_ADMIN_PASSWORD=")[1].split("\n")[0]
        assert len(password) >= 24
        assert env.read_text() == EXAMPLE.replace("PASSWORD=", f"PASSWORD={password}")
        passwords.add(password)
    assert len(passwords) == 2


def test_a_second_run_keeps_the_password_and_renewing_replaces_it_alone(tmp_path):
    (tmp_path / ".env.example").write_text(EXAMPLE)
    write_environment(tmp_path)
    first = (tmp_path / ".env").read_text()
    assert write_environment(tmp_path) is Outcome.KEPT
    assert (tmp_path / ".env").read_text() == first
    assert write_environment(tmp_path, renew=True) is Outcome.RENEWED
    assert (tmp_path / ".env").read_text() != first
    assert [path.name for path in sorted(tmp_path.iterdir())] == [".env", ".env.example"]


def test_an_env_file_without_a_password_gets_one_and_keeps_the_rest(tmp_path):
    (tmp_path / ".env").write_text("ALERT_EMAIL=me@example.org\n")
    assert write_environment(tmp_path) is Outcome.COMPLETED
    assert (tmp_path / ".env").read_text().startswith("ALERT_EMAIL=me@example.org\nGRAFANA_ADMIN_PASSWORD=")


def test_a_folder_that_is_no_stack_is_refused(tmp_path):
    with pytest.raises(DashgenError, match=r"no \.env\.example"):
        write_environment(tmp_path)
