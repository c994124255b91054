"""Settings come from the environment; wrong ones are explained."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from insights.job_settings import SETTINGS, JobSettings, SettingsError, describe, read_settings


def test_what_is_not_set_has_a_default():
    assert read_settings({"PATH": "/bin", "INSIGHTS_PORT": "", "INSIGHTS_PYTHON": "python3"}) == JobSettings()


def test_every_setting_is_read_and_described():
    values = {
        "INSIGHTS_DATABASE": "/a/bot.db", "INSIGHTS_STATE": "/b/s.json", "INSIGHTS_LOG_FILE": "/c/l.jsonl",
        "INSIGHTS_HOST": "127.0.0.2", "INSIGHTS_PORT": "0", "INSIGHTS_HOUR": "23", "INSIGHTS_RETRY_MINUTES": "5",
        "INSIGHTS_SEED": "9",
    }  # fmt: skip
    assert set(values) == set(SETTINGS)
    assert read_settings(values) == JobSettings(
        Path("/a/bot.db"), Path("/b/s.json"), Path("/c/l.jsonl"), "127.0.0.2", 0, 23, 5, 9
    )
    assert all(name in describe() for name in SETTINGS)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("INSIGHTS_PORT", "http", "must be an integer"),
        ("INSIGHTS_PORT", "70000", "must be from 0 to 65535"),
        ("INSIGHTS_HOUR", "24", "must be from 0 to 23"),
        ("INSIGHTS_DATABASE", "/", "is a folder, and must be a file"),
        ("INSIGHTS_DATABSE", "bot.db", "there is no setting INSIGHTS_DATABSE"),
    ],
)
def test_a_setting_that_cannot_be_used_is_explained(name, value, message):
    with pytest.raises(SettingsError, match=message):
        read_settings({name: value})


def program(tmp_path, *options, **settings):
    environment = {
        **os.environ,
        "INSIGHTS_DATABASE": str(tmp_path / "none.db"),
        "INSIGHTS_STATE": str(tmp_path / "state.json"),
        **settings,
    }
    words = [sys.executable, "-m", "insights", *options]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_once_prints_the_metrics_and_ends(tmp_path):
    process = program(tmp_path, "--once")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert 'dubai_estate_insights_state{model="churn",reason="no_database"} 1.0' in out
    assert '"event": "run"' in err


def test_wrong_settings_end_the_program_with_2_and_all_reasons(tmp_path):
    process = program(tmp_path, INSIGHTS_PORT="x", INSIGHTS_HOUR="99")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.splitlines() == [
        "insights: INSIGHTS_HOUR='99' must be from 0 to 23",
        "insights: INSIGHTS_PORT='x' must be an integer",
    ]


def test_it_serves_until_it_is_stopped_and_ends_with_0(tmp_path):
    process = program(tmp_path, INSIGHTS_PORT="0")
    try:
        line = process.stdout.readline()
        assert '"event": "startup"' in line
        url = line.partition("listens on ")[2].partition('"')[0]
        deadline = time.monotonic() + 30
        while 'no_database"} 1.0' not in (body := _read(f"{url}/metrics")) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert 'reason="no_database"} 1.0' in body
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert '"event": "shutdown"' in out


def test_a_port_that_is_taken_is_explained(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        process = program(tmp_path, INSIGHTS_PORT=str(other.getsockname()[1]))
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Address already in use" in err


def _read(url):
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310  # loopback
        return response.read().decode()
