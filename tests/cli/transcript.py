"""Transcripts: files, commands, and what each command printed and ended with.

A transcript is text in sections. A section starts with a line ``-- head --``:

- ``-- path --``: the file has this content from here on; ``-- remove path --`` takes a file or folder away.
- ``-- $ NAME=value dashgen … --``: the command, with environment variables before it; the text is its stdout. The
  variable ``TTY=1`` makes stdout and stderr a terminal.
- ``-- stderr --`` and ``-- exit N --``: what belongs to the command before; absent when empty and 0.

What stands before the first section says what the transcript shows. The folder that it runs in is written ``$DIR``.
"""

import io
import os
import re
import shlex
import shutil
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from dashgen.cli.app import main

_HEAD = re.compile(r"^-- (.+) --$", re.MULTILINE)
_QUIET = {
    "NO_COLOR": "",
    "TERM": "xterm",
    "COLUMNS": "100",
    "PATH": os.environ.get("PATH", ""),
    "LC_ALL": "C.UTF-8",
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
    parts = [pieces[0]]
    for head, body in zip(pieces[1::2], pieces[2::2], strict=True):
        content = body.removeprefix("\n")
        if head.startswith("$ "):
            parts.append(f"-- {head} --\n{_shown(_run(head[2:], folder), folder)}")
        elif head.startswith("remove "):
            _remove(folder / head.removeprefix("remove "))
            parts.append(f"-- {head} --\n")
        elif head != "stderr" and not head.startswith("exit "):
            path = folder / head
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            parts.append(f"-- {head} --\n{content}")
    return "".join(parts)


def _run(command: str, folder: Path) -> Result:
    words = shlex.split(command)
    variables = {}
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    assert words[0] == "dashgen"
    return run_command(words[1:], folder, variables)


def _shown(result: Result, folder: Path) -> str:
    shown = _text(result.stdout, folder)
    if result.stderr:
        shown += f"-- stderr --\n{_text(result.stderr, folder)}"
    if result.code:
        shown += f"-- exit {result.code} --\n"
    return shown


def _text(text: str, folder: Path) -> str:
    plain = text.replace(str(folder.resolve()), "$DIR").replace(str(folder), "$DIR").replace("\x1b", "␛")
    return plain if not plain or plain.endswith("\n") else plain + "⏎\n"


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
