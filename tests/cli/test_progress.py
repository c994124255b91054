"""A progress line: on terminals, when it takes a while, and out of the way of everything else."""

import io
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from dashgen.cli.progress_line import PATIENCE, Progress
from dashgen.cli.streams import SafeStream
from dashgen.cli.waiting_line import WaitingLine, waiting_line
from dashgen.project.targets import Chosen
from dashgen.servers.grafana import ConnectionSettings
from tests.grafana.fake import FakeGrafana
from tests.sync.support import SHOP, Project, without_waiting

PROJECT = "datasources: {prometheus: prom}\ndefaults: {dashboard: {datasource: prometheus}}\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def terminal(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr("dashgen.cli.progress_line.sys", SimpleNamespace(stderr=stream))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("CI", raising=False)
    return stream


CHOSEN = Chosen("prod", ConnectionSettings("https://grafana.example.com"))


def test_what_is_quick_shows_nothing(terminal):
    progress = Progress(clock=Clock())
    progress.watched(CHOSEN)
    progress.step()
    progress.draw()
    progress.pause()
    assert terminal.getvalue() == ""


def test_answers_and_changes_are_counted(terminal):
    clock = Clock()
    progress = Progress(clock=clock)
    answered = progress.watched(CHOSEN).settings.answered
    assert answered is not None
    clock.now = PATIENCE
    answered()
    progress.draw()
    assert terminal.getvalue() == "\r\x1b[Kreading prod (https://grafana.example.com): 1 answer"
    progress.writing(4)
    progress.step()
    clock.now *= 2
    progress.draw()
    assert terminal.getvalue().endswith("\r\x1b[Kwriting [######..................] 1 of 4")


def test_it_makes_room_for_what_is_printed(terminal):
    clock = Clock()
    progress = Progress(clock=clock)
    progress.writing(2)
    clock.now = PATIENCE
    progress.draw()
    progress.beside(lambda: terminal.write("created\n"))
    assert terminal.getvalue().endswith("0 of 2\r\x1b[Kcreated\n")
    progress.draw()
    progress.pause()
    progress.draw()
    assert terminal.getvalue().endswith("0 of 2\r\x1b[K")


def test_it_fits_into_a_narrow_terminal(terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    clock = Clock()
    progress = Progress(clock=clock)
    progress.watched(CHOSEN)
    clock.now = PATIENCE
    progress.draw()
    assert terminal.getvalue() == "\r\x1b[Kreading prod (https:"[: 4 + 19]


def test_it_draws_by_itself_and_leaves_nothing_behind(terminal, monkeypatch):
    monkeypatch.setattr("dashgen.cli.progress_line.PATIENCE", 0.0)
    monkeypatch.setattr("dashgen.cli.progress_line._TICK", 0.001)
    with Progress() as progress:
        progress.writing(3)
        while "0 of 3" not in terminal.getvalue():
            pass
    assert terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("case", ["pipe", "quiet", "ci", "dumb"])
def test_it_is_only_for_people_who_want_it(terminal, monkeypatch, case):
    if case == "pipe":
        monkeypatch.setattr("dashgen.cli.progress_line.sys", SimpleNamespace(stderr=io.StringIO()))
    if case == "ci":
        monkeypatch.setenv("CI", "true")
    if case == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("dashgen.cli.progress_line.PATIENCE", 0.0)
    with Progress(quiet=case == "quiet") as progress:
        assert progress._thread is None
    assert terminal.getvalue() == ""


def test_a_push_on_a_terminal_shows_it_and_a_quiet_one_does_not(tmp_path, monkeypatch):
    without_waiting(monkeypatch)
    monkeypatch.setattr("dashgen.cli.progress_line.PATIENCE", 0.0)
    monkeypatch.setattr("dashgen.cli.progress_line._TICK", 0.001)
    with FakeGrafana(latency=0.004) as fake:
        project = Project(tmp_path, fake, {"dashgen.yaml": PROJECT, "specs/shop.yaml": SHOP})
        done = project.push(TTY="1")
        assert f"\r\x1b[Kreading {fake.url}: " in done.stderr
        assert "] 1 of 3" in done.stderr
        assert "\x1b[K" not in done.stdout
        assert "\x1b[K" not in project.push("--quiet", TTY="1").stderr
        for words in (["status"], ["diff"], ["pull"]):
            assert "reading" in project.run(*words, "--url", fake.url, TTY="1").stderr
            assert project.run(*words, "--url", fake.url).stderr == ""


def test_a_command_that_computes_for_long_shows_that_it_runs():
    reader, writer = os.pipe()
    clock = Clock()
    with os.fdopen(writer, "w") as stream:
        line = WaitingLine("build", stream, clock)
        line.start()
        clock.now = 3.2
        line.draw()
        line.end()
        line.draw()
        line.end()
    with os.fdopen(reader, encoding="utf-8", newline="") as shown:
        text = "\r\x1b[Kdashgen build … 3 s\r\x1b[K"
        assert shown.read() == text + text


def test_the_line_goes_before_anything_is_printed():
    ends: list[str] = []
    out = io.StringIO()
    SafeStream(out, lambda: ends.append(out.getvalue())).write("done\n")
    assert (ends, out.getvalue()) == ([""], "done\n")


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        ([], {}),
        (["lsp"], {}),
        (["push", "--quiet"], {}),
        (["build"], {"CI": "true"}),
        (["build"], {"TERM": "dumb"}),
    ],
)
def test_there_is_no_line_where_nobody_reads_it(words, variables, monkeypatch):
    monkeypatch.setattr("dashgen.cli.waiting_line.sys", SimpleNamespace(stderr=Terminal()))
    for name, value in {"TERM": "xterm", "CI": "", **variables}.items():
        monkeypatch.setenv(name, value)
    assert waiting_line(words) is None


@pytest.mark.parametrize("slow", [True, False])
def test_a_slow_command_on_a_terminal_shows_its_line_and_takes_it_away(slow, tmp_path):
    """A real terminal, and a real timer: the command ends when the line was seen, or at once."""
    program = (
        "import os, sys, time\n"
        "from dashgen.cli import waiting_line\n"
        "from dashgen.cli.run_command import run_command\n"
        "import dashgen.cli.run_command as run\n"
        "waiting_line._PATIENCE = 0.05\n"
        "seen = []\n"
        "draw = waiting_line.WaitingLine.draw\n"
        "waiting_line.WaitingLine.draw = lambda self: (draw(self), seen.append(1))\n"
        "def call(words):\n"
        f"    while {slow} and not seen: time.sleep(0.01)\n"
        "    sys.stdout.write('result\\n')\n"
        "run._call = call\n"
        "run_command(['build'])\n"
    )
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "CI": ""}
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert ended.returncode == 0
    line = "\r\x1b[Kdashgen build … 0 s\r\x1b[K"
    assert shown == (line if slow else "") + "result\r\n"
