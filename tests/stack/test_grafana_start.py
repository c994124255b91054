"""Grafana's start script: nobody gets in with a well-known password."""

import subprocess

import pytest

from tests.stack.files import STACK

GOOD = {
    "GF_SECURITY_ADMIN_USER": "admin",
    "GF_SECURITY_ADMIN_PASSWORD": "b3Jh-long-and-random",
    "SLACK_WEBHOOK_URL": "http://slack.invalid/not-set",
    "ALERT_EMAIL": "team@example.org",
}


def start(**changes: str | None):
    script = str(STACK / "grafana/start.sh")
    words = ["/bin/sh", script, "echo", "Grafana runs"]
    environment = {"PATH": "/usr/bin:/bin", **GOOD, **changes}
    environment = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def test_it_starts_grafana_when_all_is_well():
    done = start()
    assert (done.returncode, done.stdout) == (0, "Grafana runs\n")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"GF_SECURITY_ADMIN_PASSWORD": ""}, "GRAFANA_ADMIN_PASSWORD is empty"),
        ({"GF_SECURITY_ADMIN_PASSWORD": "admin"}, "well-known password"),
        ({"GF_SECURITY_ADMIN_PASSWORD": "password"}, "well-known password"),
        (
            {"GF_SECURITY_ADMIN_USER": "some-operator", "GF_SECURITY_ADMIN_PASSWORD": "some-operator"},
            "well-known password",
        ),
        ({"GF_SECURITY_ADMIN_PASSWORD": "x7-k2"}, "shorter than 12"),
        ({"ALERT_EMAIL": ""}, "ALERT_EMAIL is empty"),
        ({"SLACK_WEBHOOK_URL": ""}, "SLACK_WEBHOOK_URL is empty"),
    ],
)
def test_it_refuses_with_the_sentence_that_helps(changes, words):
    done = start(**changes)
    assert done.returncode == 64
    assert done.stdout == ""
    assert done.stderr.startswith("Grafana was not started: ")
    assert words in done.stderr
    secret = changes.get("GF_SECURITY_ADMIN_PASSWORD")
    assert not secret or secret in {"admin", "password"} or secret not in done.stderr


def test_secrets_come_from_files_and_the_webhook_reaches_provisioning(tmp_path):
    (tmp_path / "grafana_admin_password").write_text("b3Jh-long-and-random")
    (tmp_path / "slack_webhook_url").write_text("http://slack.invalid/x?a=b&c='d'")
    script = str(STACK / "grafana/start.sh")
    environment = {
        "PATH": "/usr/bin:/bin",
        "ALERT_EMAIL": "team@example.org",
        "GF_SECURITY_ADMIN_PASSWORD__FILE": str(tmp_path / "grafana_admin_password"),
        "SLACK_WEBHOOK_URL__FILE": str(tmp_path / "slack_webhook_url"),
    }
    done = subprocess.run(
        ["/bin/sh", script, "/usr/bin/env"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "SLACK_WEBHOOK_URL=http://slack.invalid/x?a=b&c='d'\n" in done.stdout
    assert "SLACK_WEBHOOK_URL__FILE" not in done.stdout
    assert "long-and-random" not in done.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "stack/secrets/password is empty"),
        ("admin\n", "stack/secrets/password is a well-known password"),
        ("x7-k2", "stack/secrets/password is shorter than 12"),
        (None, "stack/secrets/password cannot be read"),
    ],
)
def test_a_file_with_no_good_password_is_refused(tmp_path, content, words):
    file = tmp_path / "password"
    if content is not None:
        file.write_text(content)
    done = start(GF_SECURITY_ADMIN_PASSWORD=None, GF_SECURITY_ADMIN_PASSWORD__FILE=str(file))
    assert (done.returncode, done.stdout) == (64, "")
    assert words in done.stderr


@pytest.mark.parametrize(("content", "code"), [("a-long-random-token", 0), ("", 64), (None, 64)])
def test_a_token_of_the_renderer_that_is_missing_or_empty_is_refused(tmp_path, content, code):
    file = tmp_path / "renderer_token"
    if content is not None:
        file.write_text(content)
    done = start(GF_RENDERING_RENDERER_TOKEN__FILE=str(file))
    assert done.returncode == code
    assert ("stack/secrets/renderer_token" in done.stderr) == (code != 0)
