"""The stack's .env: a random password, and nothing else changed."""

import pytest

from dashgen.core.errors import DashgenError
from dashgen.sync.install.stack_environment import PasswordOutcome, with_password, write_environment

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
        assert write_environment(tmp_path / name) is PasswordOutcome.WRITTEN
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
    assert write_environment(tmp_path) is PasswordOutcome.KEPT
    assert (tmp_path / ".env").read_text() == first
    assert write_environment(tmp_path, renew=True) is PasswordOutcome.RENEWED
    assert (tmp_path / ".env").read_text() != first
    assert [path.name for path in sorted(tmp_path.iterdir())] == [".env", ".env.example"]


def test_an_env_file_without_a_password_gets_one_and_keeps_the_rest(tmp_path):
    (tmp_path / ".env").write_text("ALERT_EMAIL=me@example.org\n")
    assert write_environment(tmp_path) is PasswordOutcome.COMPLETED
    assert (tmp_path / ".env").read_text().startswith("ALERT_EMAIL=me@example.org\nGRAFANA_ADMIN_PASSWORD=")


def test_a_folder_that_is_no_stack_is_refused(tmp_path):
    with pytest.raises(DashgenError, match=r"no \.env\.example"):
        write_environment(tmp_path)


COMPOSE = """\
services: {grafana: {image: grafana/grafana, secrets: [grafana_admin_password]}}
secrets:
  grafana_admin_password: {file: ./secrets/grafana_admin_password}
  slack_webhook_url: {file: ./secrets/slack_webhook_url, x-initial: "http://slack.invalid/x"}
  smtp_password: {file: ./secrets/smtp_password}
"""


@pytest.fixture
def with_secrets(tmp_path):
    (tmp_path / ".env.example").write_text("ALERT_EMAIL=team@example.org\n")
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    return tmp_path


def _secrets(stack):
    return {path.name: path.read_text() for path in (stack / "secrets").iterdir()}


def test_secrets_that_the_compose_file_reads_from_files_get_theirs(with_secrets):
    assert write_environment(with_secrets) is PasswordOutcome.WRITTEN
    found = _secrets(with_secrets)
    assert len(found.pop("grafana_admin_password")) >= 24
    assert found == {"slack_webhook_url": "http://slack.invalid/x", "smtp_password": ""}
    assert (with_secrets / ".env").read_text() == "ALERT_EMAIL=team@example.org\n"
    assert (with_secrets / "secrets").stat().st_mode & 0o777 == 0o700


def test_files_of_secrets_stay_as_they_are_and_renewing_changes_the_password_alone(with_secrets):
    write_environment(with_secrets)
    (with_secrets / "secrets/slack_webhook_url").chmod(0o600)
    (with_secrets / "secrets/slack_webhook_url").write_text("https://hooks.example.org/x")
    before = _secrets(with_secrets)
    assert write_environment(with_secrets) is PasswordOutcome.KEPT
    assert _secrets(with_secrets) == before
    assert write_environment(with_secrets, renew=True) is PasswordOutcome.RENEWED
    after = _secrets(with_secrets)
    assert after.pop("grafana_admin_password") != before.pop("grafana_admin_password")
    assert after == before


def test_what_was_in_env_moves_to_the_files(with_secrets):
    text = "GRAFANA_ADMIN_PASSWORD=old-and-long-enough\nSMTP_PASSWORD=relay\n"
    (with_secrets / ".env").write_text(text)
    assert write_environment(with_secrets) is PasswordOutcome.WRITTEN
    found = _secrets(with_secrets)
    assert (found["grafana_admin_password"], found["smtp_password"]) == ("old-and-long-enough", "relay")
    assert (with_secrets / ".env").read_text() == text


def test_an_empty_password_file_gets_a_password(with_secrets):
    (with_secrets / "secrets").mkdir()
    (with_secrets / "secrets/grafana_admin_password").write_text("\n")
    assert write_environment(with_secrets) is PasswordOutcome.COMPLETED
    assert len(_secrets(with_secrets)["grafana_admin_password"]) >= 24


@pytest.mark.parametrize("target", ["/dev/null", "elsewhere"])
def test_a_link_in_the_place_of_a_secret_is_not_followed(with_secrets, target):
    (with_secrets / "secrets").mkdir()
    (with_secrets / "secrets/grafana_admin_password").symlink_to(target)
    with pytest.raises(DashgenError, match="grafana_admin_password"):
        write_environment(with_secrets)
    assert not (with_secrets / "secrets/elsewhere").exists()
