"""The command line as a whole: help, usage errors, completion, and what it costs to ask for help."""

import subprocess
import sys

import pytest

from dashgen.cli.reference.command_texts import commands
from tests.cli.transcript import run_command

COMMANDS = [command.name for command in commands()]
HEAVY = {
    "grafanalib", "yaml", "requests", "jinja2", "jsonschema", "jsonschema_rs", "msgspec", "orjson",
    "typer", "click", "dataclasses", "pathlib", "rich", "pydantic", "hypothesis", "multiprocessing", "asyncio",
}  # fmt: skip
LIGHT = {
    "dashgen",
    "dashgen.core",
    "dashgen.core.version",
    "dashgen.cli",
    "dashgen.core.errors",
    "dashgen.core.diagnostics",
}
_IMPORTS = """
import sys
from dashgen.cli.app import main
sys.argv = ["dashgen", "--help"]
try:
    main()
except SystemExit:
    pass
sys.stderr.write(" ".join(sys.modules))
"""


def test_help_imports_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", _IMPORTS], capture_output=True, text=True, check=True)
    imported = set(done.stderr.split())
    assert {name.partition(".")[0] for name in imported} & HEAVY == set()
    ours = {name for name in imported if name.startswith("dashgen")}
    assert {
        name for name in ours if not name.startswith(tuple(LIGHT - {"dashgen"})) and name != "dashgen"
    } == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_has_an_example(command, tmp_path):
    result = run_command([*command.split(), "--help"], tmp_path, {})
    assert result.code == 0
    assert f"Example: dashgen {command}" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    "words",
    [["bild"], ["build", "--jobs", "none"], ["build", "--format", "xml"], ["impact"], ["list", "a", "b"]],
)
def test_bad_usage_is_a_sentence_and_exit_code_2(words, tmp_path):
    result = run_command(words, tmp_path, {})
    assert result.code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


def test_without_a_command_the_help_is_shown(tmp_path):
    result = run_command([], tmp_path, {})
    assert result.code == 2
    for command in COMMANDS:
        assert f"  {command.split()[0]} " in result.stderr


def test_the_version_is_printed(tmp_path):
    assert run_command(["--version"], tmp_path, {}).stdout == "dashgen 0.1.0\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell, tmp_path):
    words = [sys.executable, "-m", "dashgen", "--show-completion", shell]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "_DASHGEN_COMPLETE" in done.stdout or "COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["init"], []),
        (["list", "al"], ["alert-rule"]),
        (["schema", "Dash"], ["Dashboard"]),
        (["explain", "sh"], ["shop"]),
        (["explain", "shop/re"], ["shop/requests", "shop/request-rate", "shop/response-time"]),
    ],
)
def test_completion_offers(words, offered, tmp_path):
    assert run_command(["init", "."], tmp_path, {}).code == 0
    arguments = " ".join(["dashgen", *words])
    variables = {
        "_DASHGEN_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": arguments,
    }
    found = run_command([], tmp_path, variables).stdout.split()
    assert [word for word in found if word in offered] == offered


def test_a_closed_pipe_ends_quietly(tmp_path):
    command = f"{sys.executable} -m dashgen schema | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=tmp_path)  # noqa: S602
    assert done.stdout == "{\n"
    assert done.stderr == ""
