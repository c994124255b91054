"""The bot as a process."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest


def environment(tmp_path, **settings):
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BOT_", "OTEL_", "ANTHROPIC_"))
    }
    return kept | {"BOT_PORT": "0", "BOT_DATABASE": str(tmp_path / "bot.db")} | settings


def start(tmp_path, **settings):
    return subprocess.Popen(
        [sys.executable, "-m", "bot"],
        env=environment(tmp_path, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_starts_answers_finishes_what_runs_and_stops_with_zero(tmp_path):
    process = start(tmp_path, BOT_SIM_SPEED="5")
    line = json.loads(process.stdout.readline())
    assert line["event"] == "startup"
    port = int(line["message"].split("http://127.0.0.1:")[1].split()[0])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        body = json.dumps({"text": "Compare JVC and Downtown", "user": "ann"})
        connection.sendall(
            f"POST /query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Connection: close\r\n\r\n{body}".encode()
        )
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    assert b"200 OK" in received
    assert b"Cheapest is" in received
    out, err = process.communicate(timeout=15)
    assert (process.returncode, err) == (0, "")
    events = [json.loads(text)["event"] for text in out.splitlines()]
    assert events == ["signup", "query", "exposure", "exposure", "shutdown"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"BOT_PORT": "many"}, "bot: BOT_PORT='many' must be an integer"),
        ({"BOT_HOST": "198.51.100.1"}, "bot: cannot listen on 198.51.100.1:0"),
        ({"BOT_DATABASE": "/nowhere/at/all.db"}, "bot: "),
    ],
)
def test_settings_that_cannot_be_used_end_with_two_and_a_sentence(tmp_path, settings, words):
    process = start(tmp_path, **settings)
    out, err = process.communicate(timeout=15)
    assert process.returncode == 2
    assert words in err
    assert "Traceback" not in err
    assert out == ""
