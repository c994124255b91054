"""The examples of a Markdown page, and how they are run.

- ```` ```console ````: each line that starts with ``$`` is a command that has to succeed; lines below it, if there are
  any, are what it prints. ``…`` stands for any text in a line, a line of ``…`` for any lines.
- ```` ```yaml ````: the first line is ``# file: PATH`` (the rest is written there) or ``# add to: PATH`` (the rest is
  added at the end).
- ```` ```python ````: a program that has to succeed.
- ```` ```sh ````, ```` ```text ````: not run. Other languages are not used.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NOT_RUN = frozenset({"sh", "text"})
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TARGET = re.compile(r"# (file|add to): (\S+)\n")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, text, and the line it starts at."""

    language: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page."""
    return [
        Block(match[1], match[2], page.count("\n", 0, match.start()) + 1) for match in _BLOCK.finditer(page)
    ]


def run_block(block: Block, project: Path) -> None:
    """Run one example in a copy of the project."""
    if block.language == "console":
        for command, expected in _commands(block.text):
            _run_command(command, expected, project, block.line)
    elif block.language == "yaml":
        _write(block, project)
    elif block.language == "python":
        _run_command(f"{shlex.quote(sys.executable)} -c {shlex.quote(block.text)}", "", project, block.line)
    else:
        assert block.language in NOT_RUN, f"line {block.line}: nobody knows how to run `{block.language}`"


def _commands(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected


def _run_command(command: str, expected: str, project: Path, line: int) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    result = subprocess.run(
        ["sh", "-c", command],
        cwd=project,
        env={"PATH": path, "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, (
        f"line {line}: `{command}` ended with {result.returncode}:\n{result.stdout}"
    )
    if expected.strip():
        assert _pattern(expected).fullmatch(_trimmed(result.stdout)), (
            f"line {line}: `{command}` printed\n{result.stdout}"
        )


def _pattern(expected: str) -> re.Pattern[str]:
    lines = [
        r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n"
        for line in _trimmed(expected).splitlines()
    ]
    return re.compile("".join(lines))


def _trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


def _write(block: Block, project: Path) -> None:
    target = _TARGET.match(block.text)
    assert target is not None, (
        f"line {block.line}: the first line has to be `# file: PATH` or `# add to: PATH`"
    )
    path = project / target[2]
    before = path.read_text(encoding="utf-8") if target[1] == "add to" else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(before + block.text[target.end() :], encoding="utf-8")
