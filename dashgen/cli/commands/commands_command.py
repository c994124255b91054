"""``dashgen commands``."""

import sys
from typing import Annotated

from dashgen.cli.app import COMMANDS
from dashgen.cli.documents.commands_document import DescribedCommand, commands_document, described_command
from dashgen.cli.options import EXIT_CODES, ListFormat, ListOutputFormat, usage_error
from dashgen.cli.output import print_json
from dashgen.cli.parameters import Argument
from dashgen.core.diagnostics import nearest
from dashgen.core.reporters.text_table import draw_table


def commands(
    name: Annotated[
        list[str] | None, Argument(metavar="COMMAND", help="A command, such as `push`; default: all.")
    ] = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """List the commands, or describe one: what it writes, whether it needs a network, its parameters.

    For scripts and agents: the JSON has every parameter with its type and default, and every exit code.

    Example: dashgen commands push --format json
    """
    chosen = " ".join(name or ())
    names = [one for one in COMMANDS if one == chosen or one.startswith(f"{chosen} ") or not chosen]
    if not names:
        usage_error(f"there is no command `{chosen}`", nearest(chosen, COMMANDS))
    if output_format is ListFormat.JSON:
        print_json(commands_document(names))
    elif chosen in COMMANDS:
        sys.stdout.write(_page(described_command(chosen)))
    else:
        described = [described_command(one) for one in names]
        rows = [(one.name, one.network, one.writes, one.summary) for one in described]
        sys.stdout.write(draw_table(("COMMAND", "NETWORK", "WRITES", "WHAT IT DOES"), rows))


def _page(command: DescribedCommand) -> str:
    facts = [
        ("writes", command.writes or "nothing"),
        ("network", command.network),
        ("asks", "on a terminal, unless `--yes` is given" if command.interactive else "never"),
        ("as JSON", f"dashgen schema output {command.name}" if command.prints_json else "no"),
        ("example", command.example),
    ]
    rows = [
        (
            ", ".join(one.names) or one.name,
            one.type,
            "" if one.default is None else str(one.default),
            one.help,
        )
        for one in command.parameters
    ]
    codes = [f"  {code:>3}  {EXIT_CODES[code]}" for code in command.exit_codes]
    lines = [
        f"dashgen {command.name}",
        "",
        command.description,
        "",
        *(f"{name:8} {value}" for name, value in facts),
        "",
        draw_table(("PARAMETER", "TYPE", "DEFAULT", "WHAT IT IS FOR"), rows) if rows else "",
        "exit codes",
        *codes,
    ]
    return "\n".join(lines) + "\n"
