"""What ``dashgen commands`` prints as JSON."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from dashgen.cli.command_descriptions import ParameterEntry, command_descriptions_table
from dashgen.cli.command_facts import FACTS
from dashgen.cli.documents import OUTPUTS
from dashgen.cli.known_answers import summary_of
from dashgen.cli.options import EXIT_CODES
from dashgen.core.reporters.json_report import OutputDocument


class DescribedParameter(Struct, frozen=True):
    """An argument or option of a command."""

    name: Annotated[str, Meta(description="The argument's name, or the option's first, such as `--env`.")]
    names: Annotated[list[str], Meta(description="All names of an option; empty for an argument.")]
    type: Annotated[
        str, Meta(description="`string`, `path`, `integer`, `number`, `flag` (takes no value) or `choice`.")
    ]
    default: Annotated[
        str | float | bool | None, Meta(description="What it is when it is not given; null for nothing.")
    ]
    required: Annotated[bool, Meta(description="Whether it has to be given.")]
    repeatable: Annotated[bool, Meta(description="Whether it may be given several times.")]
    help: Annotated[str, Meta(description="What it is for.")]
    choices: Annotated[list[str] | UnsetType, Meta(description="The values of a `choice`.")] = UNSET


class DescribedCommand(Struct, frozen=True):
    """One command."""

    name: Annotated[str, Meta(description="Its name; one of a group has two words, such as `metrics check`.")]
    summary: Annotated[str, Meta(description="What it does, in a sentence.")]
    description: Annotated[str, Meta(description="The text of its help.")]
    example: Annotated[str, Meta(description="A command line that uses it.")]
    writes: Annotated[str, Meta(description="What it writes; empty if it only prints.")]
    network: Annotated[str, Meta(description="`no`, `optional` (only with an option or a setting) or `yes`.")]
    interactive: Annotated[
        bool,
        Meta(
            description="Whether it asks on a terminal before it goes on, which `--yes` answers; "
            "it never asks without one."
        ),
    ]
    prints_json: Annotated[
        bool,
        Meta(
            description="Whether `--format json` prints one document; `dashgen schema output` has its schema."
        ),
    ]
    exit_codes: Annotated[list[int], Meta(description="The codes that it may end with.")]
    parameters: Annotated[list[DescribedParameter], Meta(description="Its arguments, then its options.")]


class ExitCode(Struct, frozen=True):
    """An exit code, which means the same for every command."""

    code: Annotated[int, Meta(description="The code.")]
    meaning: Annotated[str, Meta(description="What it means.")]


class CommandsDocument(OutputDocument, frozen=True, kw_only=True):
    """The commands of dashgen."""

    commands: Annotated[list[DescribedCommand], Meta(description="The commands.")]
    exit_codes: Annotated[list[ExitCode], Meta(description="The meanings of exit codes.")]


def commands_document(names: Sequence[str]) -> CommandsDocument:
    """The document of some commands."""
    return CommandsDocument(
        commands=[described_command(name) for name in names],
        exit_codes=[ExitCode(code, meaning) for code, meaning in EXIT_CODES.items()],
    )


def described_command(name: str) -> DescribedCommand:
    """One command, from what is written with the table of help, and from its facts."""
    entry, facts = command_descriptions_table()[name], FACTS[name]
    parameters = [_parameter(parameter) for parameter in entry["parameters"]]
    return DescribedCommand(
        name,
        summary_of(name),
        entry["description"],
        entry["example"],
        facts.writes,
        facts.network,
        any("--yes" in parameter.names for parameter in parameters),
        name in OUTPUTS,
        facts.exit_codes,
        parameters,
    )


def _parameter(entry: ParameterEntry) -> DescribedParameter:
    return DescribedParameter(
        entry["name"],
        entry["names"],
        entry["type"],
        entry["default"],
        entry["required"],
        entry["repeatable"],
        entry["help"],
        entry["choices"] or UNSET,
    )
