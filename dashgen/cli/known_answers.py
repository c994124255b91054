"""Help and completion from a table, hardly slower than Python starts.

`python -m dashgen.cli.reference` writes the table from typer's output, and a test compares the two. What it
lacks (help in a narrow terminal, completion of values) is left to typer.
"""

import json
import os
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple, TypedDict

from dashgen.cli.app import COMMANDS, COMPLETE_VARIABLE

TABLE: Final = "command_table.json"
"""The table's file, beside this one."""
USUAL_WIDTH: Final = 80
"""The width that typer wraps help at on terminals of at least that width, and without a terminal."""


class OptionEntry(TypedDict):
    """An option, for completion."""

    names: list[str]
    help: str
    takes_value: bool
    is_repeatable: bool


class CommandEntry(TypedDict):
    """A command, a group of commands, or `dashgen` itself, whose name is empty."""

    help: list[str]
    """The lines of ``--help`` in the usual width."""
    summary: str
    """The first paragraph of its help."""
    short: str
    """The same as completion shows it."""
    options: list[OptionEntry]


class CommandTable(TypedDict):
    """The file `TABLE`."""

    commands: dict[str, CommandEntry]


class Candidate(NamedTuple):
    """A word that a shell may put in place of the one that is typed."""

    value: str
    help: str


@cache
def table() -> CommandTable:
    """The table of all commands."""
    # Importing pathlib would take as long as everything else here.
    path = os.path.join(os.path.dirname(__file__), TABLE)
    with open(path, encoding="utf-8") as file:
        loaded: CommandTable = json.load(file)
    return loaded


def summary_of(name: str) -> str:
    """The first paragraph of a command's help; empty for a command that is not in the table yet."""
    return table()["commands"][name]["summary"] if name in table()["commands"] else ""


def known_answer(command_line: Sequence[str]) -> str | None:
    """What to print for help or completion; None when typer has to find it out."""
    instruction = os.environ.get(COMPLETE_VARIABLE)
    if instruction is not None:
        action, _, shell = instruction.partition("_")
        return _completion(shell) if action == "complete" else None
    entry = table()["commands"].get(" ".join(command_line[:-1]))
    if entry is None or _terminal_width() < USUAL_WIDTH:
        return None
    return "".join(f"{line}\n" for line in entry["help"])


def _terminal_width() -> int:
    """The result of `shutil.get_terminal_size`, whose import takes longer than printing the help."""
    try:
        width = int(os.environ.get("COLUMNS", "0"))
    except ValueError:
        width = 0
    try:
        return width if width > 0 else os.get_terminal_size().columns or USUAL_WIDTH
    except (ValueError, OSError):
        return USUAL_WIDTH


def _completion(shell: str) -> str | None:
    """The answer to a shell in the form that typer's script for it reads."""
    arguments = _typed_words(shell)
    candidates = _candidates(arguments[:-1], arguments[-1]) if arguments else []
    if not candidates:
        return None
    if shell == "bash":
        return "".join(f"{candidate.value}\n" for candidate in candidates)
    if any(len(candidate.help) >= USUAL_WIDTH for candidate in candidates):
        return None  # typer wraps such a help at the terminal's width
    if shell == "fish":
        # Typer's script for fish asks first whether there is anything to complete, and reads the exit code
        # alone.
        if os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
            return ""
        return "".join(f"{candidate.value}\t{candidate.help}\n" for candidate in candidates)
    if shell == "zsh":
        pairs = "\n".join(f'"{_for_zsh(value)}":"{_for_zsh(text)}"' for value, text in candidates)
        return f"_arguments '*: :(({pairs}))'\n"
    return "".join(f"{candidate.value}:::{candidate.help}\n" for candidate in candidates)


def _for_zsh(text: str) -> str:
    for char, escaped in (('"', '""'), ("'", "''"), ("$", "\\$"), ("`", "\\`"), (":", "\\\\:")):
        text = text.replace(char, escaped)
    return text


def _typed_words(shell: str) -> list[str]:
    """The words after the program's name, of which the last is being typed.

    Returns:
        Nothing when the line has quotes or backslashes, which only a shell reads correctly.
    """
    line = os.environ.get("COMP_WORDS" if shell == "bash" else "_TYPER_COMPLETE_ARGS", "")
    if shell not in ("bash", "zsh", "fish") or not line.isascii() or any(char in line for char in "\"'\\"):
        return []
    arguments = line.split()[1:]
    if shell == "bash":
        # Bash gives the line, and the index of the word under the cursor; what is after it does not matter.
        position = os.environ.get("COMP_CWORD", "")
        arguments = arguments[: int(position)] if position.isdigit() else []
        return arguments if len(arguments) == int(position or 0) else [*arguments, ""]
    return arguments if arguments and not line[-1].isspace() else [*arguments, ""]


def _candidates(arguments: Sequence[str], typed: str) -> list[Candidate]:
    """The commands or option names that start with the word that is typed; no values."""
    commands = table()["commands"]
    # The longest name of a command at the start: `metrics check` before `metrics`.
    length = next(
        (count for count in (2, 1) if " ".join(arguments[:count]) in commands and len(arguments) >= count), 0
    )
    name = " ".join(arguments[:length])
    if typed.startswith("-"):
        options = _options_left(commands[name]["options"], arguments[length:])
        return [
            Candidate(flag, option["help"])
            for option in options
            for flag in option["names"]
            if flag.startswith(typed) and "=" not in typed
        ]
    if name in COMMANDS or arguments[length:]:
        return []
    prefix = f"{name} " if name else ""
    return [
        Candidate(below.removeprefix(prefix), entry["short"])
        for below, entry in commands.items()
        if below.startswith(prefix + typed) and below != name and " " not in below.removeprefix(prefix)
    ]


def _options_left(options: list[OptionEntry], arguments: Sequence[str]) -> list[OptionEntry]:
    """The options that can still follow these words; none when one of the words is not understood."""
    by_name = {name: option for option in options for name in option["names"]}
    left = list(options)
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        option = by_name.get(word)
        if option is None:
            if word.startswith("-"):
                return []
            continue
        if option["takes_value"]:
            if not rest:
                return []
            rest.pop(0)
        if not option["is_repeatable"] and option in left:
            left.remove(option)
    return left
