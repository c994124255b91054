"""The examples of a Markdown page, and how they are run.

- ```` ```console ````: each line that starts with ``$`` is a command; lines below it, if there are any, are what it
  prints. ``…`` stands for any text in a line, a line of ``…`` for any lines. A command has to succeed, or to end with
  the code of a comment at its end: ``$ dashgen build --check  # exit 1``. What needs promtool is left out without it.
- ```` ```yaml ````, ```` ```json ````: the first line is ``# file: PATH`` (the rest is written there) or
  ``# add to: PATH`` (the rest is added at the end); in JSON it starts with ``//``.
- ```` ```python ````: a program that has to succeed, or a file as in YAML.
- ```` ```sh ````, ```` ```text ````: not run. Other languages are not used.

Comments of the page say where examples run, from there on and always afresh:

- ``<!-- examples run in: PLACE -->``: one of `PLACES`; a copy of this project when the page does not say.
- ``<!-- a Grafana answers at: ADDRESS, with the token $NAME -->``: commands and files that have this address reach a
  Grafana of the tests, and the variable has a token for it.
- ``<!-- also run: COMMAND -->``: a command that readers do not see.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import dashgen
from dashgen.cli.scaffold import write_project
from tests.grafana.fake import FakeGrafana

ROOT = Path(__file__).parents[2]
NOT_RUN = frozenset({"sh", "text"})
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PART = re.compile(
    r"^```(?P<language>\w*)\n(?P<text>.*?)^```$"
    r"|^<!-- examples run in: (?P<place>.*?) -->$"
    r"|^<!-- a Grafana answers at: (?P<address>\S+), with the token \$(?P<token>\w+) -->$"
    r"|^<!-- also run: (?P<hidden>.*?) -->$"
    r"|^## (?P<heading>[^\n]*)$",
    re.MULTILINE | re.DOTALL,
)
_TARGET = re.compile(r"(?:#|//) (file|add to): (\S+)\n")
_EXIT = re.compile(r"\s+# exit (\d+)$")
_PROMTOOL = re.compile(r"\b(dashgen test|promtool)\b")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, text, and the line it starts at."""

    language: str
    text: str
    line: int


@dataclass
class Playground:
    """Where examples run: a folder, and the Grafanas that answer by the address that pages call them."""

    folder: Path
    grafanas: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def real(self, text: str) -> str:
        """A text of the page with the addresses at which servers answer."""
        for address, url in self.grafanas.items():
            text = text.replace(address, url)
        return text

    def shown(self, text: str) -> str:
        """What a command printed, as the page shows it."""
        for address, url in self.grafanas.items():
            text = text.replace(url, address)
        return text


def _copy_of_this_project(folder: Path) -> None:
    """The project as a clone has it, with a fresh build."""
    for name in ("specs", "generated", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "dashgen.yaml", folder)
    assert not dashgen.compile_project(folder).failed


def _new_project(folder: Path) -> None:
    write_project(folder)


PLACES: dict[str, Callable[[Path], None]] = {
    "a copy of this project": _copy_of_this_project,
    "an empty folder": lambda _: None,
    "a project made by `dashgen init`": _new_project,
}


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page."""
    return [
        Block(match[1], match[2], page.count("\n", 0, match.start()) + 1) for match in _BLOCK.finditer(page)
    ]


def run_page(
    page: str, folder: Path, at_heading: Callable[[str, Path], None] = lambda _heading, _folder: None
) -> Path:
    """Run the examples of a page.

    Args:
        page: its text.
        folder: an empty folder.
        at_heading: called at each section with its heading and the folder in which examples run there.

    Returns:
        The folder in which the last ones ran.
    """
    place = "a copy of this project"
    playground: Playground | None = None
    block_count = 0
    with ExitStack() as servers:
        for number, part in enumerate(_PART.finditer(page)):
            line = page.count("\n", 0, part.start()) + 1
            if part["heading"]:
                if playground is not None:
                    at_heading(part["heading"], playground.folder)
                continue
            if part["place"]:
                assert part["place"] in PLACES, (
                    f"line {line}: there is no `{part['place']}` to run examples in"
                )
                place, playground = part["place"], None
                continue
            if playground is None:
                playground = Playground(folder / str(number))
                playground.folder.mkdir()
                PLACES[place](playground.folder)
            if part["address"]:
                grafana = servers.enter_context(FakeGrafana())
                playground.grafanas[part["address"]] = grafana.url
                playground.environment[part["token"]] = grafana.admin_token
            elif part["hidden"]:
                _run_command(part["hidden"], "", playground, line)
            else:
                run_block(Block(part["language"], part["text"], line), playground)
                block_count += 1
    assert block_count == len(blocks(page)), "some examples were not run"
    return playground.folder if playground else folder


def run_block(block: Block, playground: Playground) -> None:
    """Run one example."""
    if block.language == "console":
        for command, expected in _commands(block.text):
            _run_command(command, expected, playground, block.line)
    elif block.language in ("yaml", "json") or (block.language == "python" and _TARGET.match(block.text)):
        _write(block, playground)
    elif block.language == "python":
        _run_command(
            f"{shlex.quote(sys.executable)} -c {shlex.quote(block.text)}", "", playground, block.line
        )
    else:
        assert block.language in NOT_RUN, f"line {block.line}: nobody knows how to run `{block.language}`"


def commands_without_promtool(page: str) -> list[str]:
    """The commands of a page that are left out because promtool is missing."""
    if shutil.which("promtool"):
        return []
    commands = [command for b in blocks(page) if b.language == "console" for command, _ in _commands(b.text)]
    return [command for command in commands if _PROMTOOL.search(command)]


def _commands(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected


def _run_command(command: str, expected: str, playground: Playground, line: int) -> None:
    if _PROMTOOL.search(command) and not shutil.which("promtool"):
        return
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    result = subprocess.run(
        ["sh", "-c", playground.real(command)],
        cwd=playground.folder,
        env={
            "PATH": path,
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "COLUMNS": "120",
            **playground.environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    printed = playground.shown(result.stdout)
    ends = _EXIT.search(command)
    assert result.returncode == (int(ends[1]) if ends else 0), (
        f"line {line}: `{command}` ended with {result.returncode}:\n{printed}"
    )
    if expected.strip():
        assert _pattern(expected).fullmatch(_trimmed(printed)), f"line {line}: `{command}` printed\n{printed}"


def _pattern(expected: str) -> re.Pattern[str]:
    lines = [
        r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n"
        for line in _trimmed(expected).splitlines()
    ]
    return re.compile("".join(lines))


def _trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


def _write(block: Block, playground: Playground) -> None:
    target = _TARGET.match(block.text)
    assert target is not None, (
        f"line {block.line}: the first line has to be `# file: PATH` or `# add to: PATH`"
    )
    path = playground.folder / target[2]
    before = path.read_text(encoding="utf-8") if target[1] == "add to" else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(before + playground.real(block.text[target.end() :]), encoding="utf-8")
