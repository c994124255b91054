"""Transcripts: files, commands, and what each command printed and ended with.

A transcript is text in sections. A section starts with a line ``-- head --``:

- ``-- path --``: the file has this content from here on; ``-- remove path --`` takes a file or folder away.
- ``-- $ NAME=value dashgen … --``: the command, with environment variables before it; the text is its stdout. The
  variable ``TTY=1`` makes stdout and stderr a terminal.
- ``-- grafana VERSION --``: from here on a Grafana runs, and the environment says where and has a token; its address is
  written ``http://grafana``. ``-- edit UID --``: somebody changes that dashboard in Grafana, as the JSON below says.
- ``-- server NAME --``: from here on a server answers each address below as the JSON says; the environment has its
  address as ``NAME_URL``, and it is written ``http://name``.
- ``-- commit --``: everything is committed.
- ``-- stderr --`` and ``-- exit N --``: what belongs to the command before; absent when empty and 0.

What stands before the first section says what the transcript shows. The folder that it runs in is written ``$DIR``.
"""

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from dashgen.cli.app import main
from tests.grafana.fake import FakeGrafana
from tests.telemetry.running import scripted

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{6}Z")
_HEAD = re.compile(r"^-- (.+) --$", re.MULTILINE)
_QUIET = {
    "NO_COLOR": "",
    "TERM": "xterm",
    "COLUMNS": "100",
    "PATH": os.environ.get("PATH", ""),
    "LC_ALL": "C.UTF-8",
    "SOURCE_DATE_EPOCH": "0",
}


@dataclass(frozen=True)
class Result:
    """What a command did."""

    stdout: str
    stderr: str
    code: int


class _Stream(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def run_command(words: list[str], folder: Path, variables: dict[str, str]) -> Result:
    """Run ``dashgen`` in this process as a shell would."""
    terminal = variables.get("TTY") == "1"
    out, err = _Stream(terminal), _Stream(terminal)
    argv = mock.patch.object(sys, "argv", ["dashgen", *words])
    environment = mock.patch.dict(os.environ, {**_QUIET, **variables}, clear=True)
    code: object = 0
    with chdir(folder), argv, environment, redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code
    return Result(out.getvalue(), err.getvalue(), code if isinstance(code, int) else 0)


def replay(text: str, folder: Path) -> str:
    """The transcript as it is now: the same sections with what the commands print today."""
    pieces = _HEAD.split(text)
    with ExitStack() as stack:
        stage = _Stage(folder, stack)
        sections = [stage.play(*pair) for pair in zip(pieces[1::2], pieces[2::2], strict=True)]
    return "".join([pieces[0], *sections])


class _Stage:
    """Where a transcript is played: a folder, and from some point on a Grafana."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.stack = stack
        self.grafana: FakeGrafana | None = None
        self.servers: dict[str, str] = {}

    def play(self, head: str, body: str) -> str:
        content = body.removeprefix("\n")
        word, _, argument = head.partition(" ")
        if word == "$":
            return f"-- {head} --\n{self._shown(self._run(argument))}"
        if head == "stderr" or word == "exit":
            return ""
        if word == "remove":
            _remove(self.folder / argument)
        elif word == "grafana":
            self.grafana = self.stack.enter_context(FakeGrafana(version=argument))
        elif word == "edit":
            assert self.grafana is not None
            self.grafana.store.edit(argument, **json.loads(content))
        elif head == "commit":
            commit_all(self.folder)
        elif word == "server":
            self.servers[argument] = self.stack.enter_context(scripted(json.loads(content))).url
        else:
            path = self.folder / head
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return f"-- {head} --\n{content}"

    def _run(self, command: str) -> Result:
        grafana = self.grafana
        words = shlex.split(command.replace("$GRAFANA_URL", grafana.url if grafana else ""))
        variables = {"GRAFANA_URL": grafana.url, "GRAFANA_TOKEN": grafana.admin_token} if grafana else {}
        variables |= {f"{name.upper()}_URL": url for name, url in self.servers.items()}
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            variables[name] = value
        assert words[0] == "dashgen"
        return run_command(words[1:], self.folder, variables)

    def _shown(self, result: Result) -> str:
        text = self._text(result.stdout)
        if result.stderr:
            text += f"-- stderr --\n{self._text(result.stderr)}"
        if result.code:
            text += f"-- exit {result.code} --\n"
        return text

    def _text(self, text: str) -> str:
        plain = text.replace(str(self.folder.resolve()), "$DIR").replace(str(self.folder), "$DIR")
        if self.grafana is not None:
            plain = plain.replace(self.grafana.url, "http://grafana")
        for name, url in self.servers.items():
            plain = plain.replace(url, f"http://{name}").replace(url.removeprefix("http://"), name)
        plain = _MOMENT.sub("$TIME", plain.replace("\x1b", "␛"))
        return plain if not plain or plain.endswith("\n") else plain + "⏎\n"


def commit_all(folder: Path) -> None:
    """Commit everything in a folder, as a repository of its own; the same files give the same commit."""
    who = {"NAME": "ann", "EMAIL": "ann@example.com", "DATE": "2026-11-30T12:00:00Z"}
    people = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
    environment = {**_QUIET, **people, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for words in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "--all"),
        ("commit", "--quiet", "--message=x"),
    ):
        subprocess.run(["git", *words], cwd=folder, env=environment, check=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
