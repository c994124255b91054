"""`dashgen commands` says of every command what programs have to know before they run it."""

import json
from pathlib import Path

import pytest

from dashgen.cli import known_answers
from dashgen.cli.app import COMMANDS, command_function
from dashgen.cli.command_descriptions import DESCRIPTIONS
from dashgen.cli.command_facts import FACTS
from dashgen.cli.documents import OUTPUTS
from dashgen.cli.documents.commands_document import described_command
from dashgen.cli.options import EXIT_CODES
from dashgen.cli.parameters import REQUIRED, parameters_of
from dashgen.cli.reference.command_table import command_descriptions
from dashgen.sync.push.command_permissions import COMMANDS as WITH_PERMISSIONS
from tests.cli.transcript import run_command


def test_the_descriptions_are_those_of_the_functions():
    path = Path(known_answers.__file__).with_name(DESCRIPTIONS)
    assert path.read_text(encoding="utf-8") == command_descriptions(), "run `python -m dashgen.cli.reference`"


def test_every_command_has_its_facts():
    assert set(FACTS) == set(COMMANDS)
    assert {code for facts in FACTS.values() for code in facts.exit_codes} == set(EXIT_CODES)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_parameters_are_those_of_the_command(name):
    described = {one.name: one for one in described_command(name).parameters}
    for parameter in parameters_of(command_function(name)):
        one = described.pop(next(iter(parameter.flags), parameter.name))
        assert one.required == (parameter.default is REQUIRED)
        assert one.repeatable == parameter.is_list
        assert (one.type == "flag") == (parameter.type is bool)
        assert one.type != "choice" or one.choices
    assert described == {}


@pytest.mark.parametrize("name", COMMANDS)
def test_facts_fit_the_options(name):
    command = described_command(name)
    options = {name for parameter in command.parameters for name in parameter.names}
    if options & {"--url", "--prometheus", "--loki", "--against-prometheus", "--target"}:
        assert command.network != "no"
    if command.network != "no":
        assert 3 in command.exit_codes
    if any(row.name.split()[0] == name for row in WITH_PERMISSIONS):
        assert command.network != "no"
    if "--out" in options:
        assert command.writes
    if "--fail-on" in options:
        assert 1 in command.exit_codes
    assert command.prints_json == (name in OUTPUTS)
    assert command.interactive == ("--yes" in options)


def test_one_command_and_a_group_can_be_chosen(tmp_path):
    def listed(*words: str) -> list[str]:
        document = json.loads(run_command(["commands", *words, "--format", "json"], tmp_path, {}).stdout)
        return [command["name"] for command in document["commands"]]

    assert listed() == list(COMMANDS)
    assert listed("push") == ["push"]
    assert listed("metrics") == ["metrics check", "metrics import", "metrics unused"]
    assert listed("metrics", "check") == ["metrics check"]


def test_a_misspelt_command_is_guessed(tmp_path):
    result = run_command(["commands", "pusj"], tmp_path, {})
    assert (result.code, result.stderr) == (2, "dashgen: there is no command `pusj`; did you mean `push`?\n")
