"""What the command line does without typer is what it does with it: help, completion and the reading of arguments."""

import os
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.cli import known_answers
from dashgen.cli.app import COMMANDS, command_function
from dashgen.cli.known_answers import known_answer, table
from dashgen.cli.parameters import REQUIRED, CommandParameter, parameters_of, read_arguments
from dashgen.cli.reference.command_table import command_table
from dashgen.cli.typer_app import typer_command
from tests.cli.transcript import run_command

NAMES = list(table()["commands"])
TEXT = (
    "",
    "a",
    "-",
    "--",
    "=",
    "a=b",
    "7",
    "0",
    "99",
    "1.5",
    "json",
    "text",
    "markdown",
    "all",
    "x,y",
    "--env",
    "-C",
    "/",
    "/none",
)


def by_typer(words: list[str], folder: Path, variables: dict[str, str]) -> tuple[str, str, int]:
    """What typer prints for a command line, nothing of it taken from the table."""
    with (
        mock.patch("dashgen.cli.app._known_answer", return_value=None),
        mock.patch("dashgen.cli.run_command.read_arguments", return_value=None),
    ):
        done = run_command(words, folder, variables)
    return done.stdout, done.stderr, done.code


def test_the_table_is_what_typer_prints() -> None:
    path = Path(known_answers.__file__).with_name(known_answers.TABLE)
    assert path.read_text(encoding="utf-8") == command_table(), "run `python -m dashgen.cli.reference`"


@pytest.mark.parametrize("width", ["", "0", "many", "80", "200"])
@pytest.mark.parametrize("name", ["", "build", "metrics", "metrics check"])
def test_help_is_the_same_in_usual_widths(name: str, width: str, tmp_path: Path) -> None:
    words = [*name.split(), "--help"]
    with mock.patch.dict(os.environ, {"COLUMNS": width}):
        assert known_answer(words) == by_typer(words, tmp_path, {"COLUMNS": width})[0]


@pytest.mark.parametrize("width", ["79", "50", "20"])
def test_help_in_a_narrow_terminal_is_left_to_typer(width: str, tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, {"COLUMNS": width}):
        assert known_answer(["--help"]) is None
    done = run_command(["--help"], tmp_path, {"COLUMNS": width})
    assert all(f"\n  {name.partition(' ')[0]}" in done.stdout for name in COMMANDS)
    assert max(map(len, done.stdout.splitlines())) <= max(int(width), 52)


def test_help_of_all_commands_imports_none_of_them(tmp_path: Path) -> None:
    typer_command.cache_clear()
    with mock.patch("dashgen.cli.typer_app.command_function", side_effect=AssertionError):
        assert run_command(["--help"], tmp_path, {"COLUMNS": "60"}).code == 0
        assert run_command(["metrics", "--help"], tmp_path, {"COLUMNS": "60"}).code == 0
        assert run_command(["bild"], tmp_path, {}).code == 2


LINES = (
    "", "b", "pu", "x", "-", "--", "--v", "build ", "build -", "build --c", "build --check --c", "build --only a --o", "build --out --",
    "build --out=a --o", "build -C . --e", "build -C. --e", "build -wj4 --c", "build nope --c", "build -- -", "build --format j",
    "push -w", "push --target a --t", "metrics ", "metrics ch", "metrics x", "metrics check --", "metrics check a", "stack --",
    "nope ", "nope --", "diff a --", "diff a b", "-h b", "--version b", "list al", "schema Dash", "explain 'a b", 'build "--c', "build \\", "build --c ",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "fish-is-args", "powershell"])
def test_completion_is_the_same(shell: str, line: str, tmp_path: Path) -> None:
    words = f"dashgen {line}"
    variables = {
        "_DASHGEN_COMPLETE": f"complete_{shell.partition('-')[0]}",
        "_TYPER_COMPLETE_FISH_ACTION": shell.partition("-")[2] or "get-args",
        "_TYPER_COMPLETE_ARGS": words,
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": words.rpartition(" ")[2],
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    with mock.patch.dict(os.environ, variables):
        answer = known_answer([])
    expected, _, code = by_typer([], tmp_path, variables)
    assert (answer is None) or (_sorted(answer), 0) == (_sorted(expected), code)


def _sorted(text: str) -> list[str]:
    # Typer keeps `-h` and `--help` in a set, and shows them in another order from run to run.
    lines = text.removeprefix("_arguments '*: :((").replace("))'\n", "\n").split("\n")
    return sorted(lines) if "--help" in text else [text]


@pytest.mark.parametrize("line", ["", "pu", "build --c", "metrics ", "build --only a --o"])
def test_names_are_completed_without_typer(line: str) -> None:
    with mock.patch.dict(
        os.environ, {"_DASHGEN_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": f"dashgen {line}"}
    ):
        assert known_answer([]) is not None


@st.composite
def command_lines(draw: st.DrawFn) -> tuple[str, list[str]]:
    name = draw(st.sampled_from(list(COMMANDS)))
    words: list[str] = []
    parameters = parameters_of(command_function(name))
    # A command may have none, such as `lsp`.
    chosen = st.lists(st.sampled_from(parameters), max_size=4) if parameters else st.just([])
    for parameter in draw(chosen):
        words += draw(_written(parameter))
    return name, words


def _written(parameter: CommandParameter) -> st.SearchStrategy[list[str]]:
    value = st.sampled_from(TEXT)
    if not parameter.flags:
        return value.map(lambda text: [text])
    flag = st.sampled_from(sorted(parameter.flags))
    if not parameter.takes_value:
        return st.one_of(
            flag.map(lambda name: [name]), st.tuples(flag, value).map(lambda pair: ["".join(pair)])
        )
    joined = st.tuples(flag, st.sampled_from(["", "="]), value).map(lambda parts: ["".join(parts)])
    return st.one_of(joined, st.tuples(flag, value).map(list))


@pytest.mark.property
@given(command_lines())
def test_arguments_are_read_as_typer_reads_them(line: tuple[str, list[str]]) -> None:
    name, words = line
    read = read_arguments(parameters_of(command_function(name)), words)
    if read is not None:
        assert read == _read_by_typer(name, words)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_plain_command_line_needs_no_typer(name: str) -> None:
    parameters = parameters_of(command_function(name))
    required = ["a" for parameter in parameters if parameter.default is REQUIRED]
    read = read_arguments(parameters, required)
    assert read is not None
    assert read == _read_by_typer(name, required)


def _read_by_typer(name: str, words: list[str]) -> dict[str, Any]:
    with mock.patch("dashgen.cli.typer_app.call_with") as called:
        root: Any = typer_command()
        root.main([*name.split(), *words], prog_name="dashgen", standalone_mode=False)
    (_, values), _ = called.call_args
    return dict(values)
