"""Grafana's start script: nobody gets in with a password that everybody knows."""

import subprocess

import pytest

from tests.stack.files import STACK

GOOD = {
    "GF_SECURITY_ADMIN_USER": "admin",
    "GF_SECURITY_ADMIN_PASSWORD": "b3Jh-long-and-random",
    "SLACK_WEBHOOK_URL": "http://slack.invalid/not-set",
    "ALERT_EMAIL": "team@example.org",
}


def start(**changes):
    script = str(STACK / "grafana/start.sh")
    words = ["/bin/sh", script, "echo", "Grafana runs"]
    environment = {"PATH": "/usr/bin:/bin", **GOOD, **changes}
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def test_it_starts_grafana_when_all_is_well():
    done = start()
    assert (done.returncode, done.stdout) == (0, "Grafana runs\n")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"GF_SECURITY_ADMIN_PASSWORD": ""}, "GRAFANA_ADMIN_PASSWORD is empty"),
        ({"GF_SECURITY_ADMIN_PASSWORD": "admin"}, "everybody knows"),
        ({"GF_SECURITY_ADMIN_PASSWORD": "password"}, "everybody knows"),
        (
            {"GF_SECURITY_ADMIN_USER": "some-operator", "GF_SECURITY_ADMIN_PASSWORD": "some-operator"},
            "everybody knows",
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
