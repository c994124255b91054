"""What commands print as JSON is what `dashgen schema output` says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from dashgen.cli.app import COMMANDS, command_function
from dashgen.cli.commands.schema_command import schema
from dashgen.cli.documents import OUTPUTS, forms, output_schema
from dashgen.cli.parameters import parameters_of
from dashgen.core.errors import DashgenError

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
_RUN = re.compile(r"^-- \$ (?P<line>.*) --\n(?P<stdout>(?:(?!-- ).*\n)*)", re.MULTILINE)
_COMMAND = re.compile(r"(?:\S+=\S* )*dashgen (?P<words>(?:[a-z]+ ?)+)")


def printed_documents() -> Iterator[tuple[str, str, str]]:
    """The command, the whole line and the JSON of each command of the transcripts that prints some."""
    for path in TRANSCRIPTS:
        for run in _RUN.finditer(path.read_text(encoding="utf-8")):
            match = _COMMAND.match(run["line"])
            if match and re.search(r"(--format|-f)[ =]json\b", run["line"]) and run["stdout"]:
                words = match["words"].split()
                name = " ".join(words[:2]) if " ".join(words[:2]) in OUTPUTS else words[0]
                yield name, f"{path.stem}: {run['line']}", run["stdout"]


PRINTED = list(printed_documents())


@pytest.mark.parametrize(("command", "line", "text"), PRINTED, ids=[line for _, line, _ in PRINTED])
def test_what_a_command_printed_is_valid(command: str, line: str, text: str) -> None:
    document = json.loads(text)
    jsonschema.Draft202012Validator(output_schema([command])).validate(document)
    assert next(iter(document)) == "version"


def test_every_command_that_prints_json_has_a_transcript_with_it() -> None:
    assert sorted(OUTPUTS.keys() - {command for command, _, _ in PRINTED}) == []


def test_every_command_with_the_format_json_has_a_schema() -> None:
    formats = {
        name: [member for p in parameters_of(command_function(name)) if "--format" in p.flags for member in p.type]
        for name in COMMANDS
    }  # fmt: skip
    assert sorted(name for name, members in formats.items() if "json" in members) == sorted(OUTPUTS)


@pytest.mark.parametrize("command", OUTPUTS)
def test_a_schema_is_sound_and_describes_every_key(command: str) -> None:
    document = output_schema([command])
    jsonschema.Draft202012Validator.check_schema(document)
    for definition in document["$defs"].values():
        assert definition["description"]
        for name, shape in definition["properties"].items():
            assert shape.get("description"), f"{definition['title']}.{name}"


def test_a_document_without_a_key_that_is_always_there_is_refused() -> None:
    validator = jsonschema.Draft202012Validator(output_schema(["validate"]))
    assert validator.is_valid({"version": 1, "diagnostics": []})
    wrong: list[dict[str, Any]] = [{"diagnostics": []}, {"version": 2, "diagnostics": []}, {"version": 1}]
    assert [document for document in wrong if validator.is_valid(document)] == []


def test_documents_begin_with_their_version() -> None:
    for command in OUTPUTS:
        for form in forms(command):
            assert msgspec.structs.fields(form)[0].name == "version"


def test_the_schema_of_all_commands_has_that_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    schema("output")
    whole = json.loads(capsys.readouterr().out)
    for command in OUTPUTS:
        schema("output", command.split())
        assert json.loads(capsys.readouterr().out)["$defs"].items() <= whole["$defs"].items()


def test_a_command_that_prints_no_json_has_no_schema() -> None:
    with pytest.raises(DashgenError, match="no command `buld` prints JSON; did you mean `build`"):
        schema("output", ["buld"])
    with pytest.raises(DashgenError, match="one argument too many"):
        schema("Dashboard", ["build"])
