"""All settings, read from the environment once."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple


class SettingsError(Exception):
    """Settings that cannot be used; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class JobSettings(NamedTuple):
    """The settings of the job; `SETTINGS` documents each."""

    database: Path = Path("bot.db")
    state: Path = Path("insights.json")
    log_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8010
    hour: int = 2
    retry_minutes: float = 60.0
    seed: int = 7


class _Setting(NamedTuple):
    field: str
    parse: Callable[[str], Any]
    help: str


def _integer(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise ValueError("must be an integer") from None
        if not low <= value <= high:
            raise ValueError(f"must be from {low} to {high}")
        return value

    return parse


def _file(text: str) -> Path:
    path = Path(text)
    if path.is_dir():
        raise ValueError("is a folder, and must be a file")
    return path


SETTINGS: Final = {
    "INSIGHTS_DATABASE": _Setting("database", _file, "The bot's database (read only)."),
    "INSIGHTS_STATE": _Setting("state", _file, "File that keeps the last night's results over a restart."),
    "INSIGHTS_LOG_FILE": _Setting("log_file", _file, "File for log lines, besides stdout."),
    "INSIGHTS_HOST": _Setting("host", str, "Address to listen on."),
    "INSIGHTS_PORT": _Setting("port", _integer(0, 65_535), "Port to listen on; 0 takes a free one."),
    "INSIGHTS_HOUR": _Setting(
        "hour", _integer(0, 23), "Hour of the day, in UTC, at which a night's run begins."
    ),
    "INSIGHTS_RETRY_MINUTES": _Setting(
        "retry_minutes", _integer(1, 1_440), "Minutes until a model that could not predict is tried again."
    ),
    "INSIGHTS_SEED": _Setting(
        "seed", _integer(0, 2**31), "Seed; the same data and seed give the same results."
    ),
}
_OF_OTHERS: Final = frozenset({"INSIGHTS_PYTHON"})
"""What scripts that start the job may have in their environment: which Python runs it."""


def read_settings(environment: Mapping[str, str] = os.environ) -> JobSettings:
    """The settings of an environment; an empty variable counts as absent.

    Raises:
        SettingsError: some cannot be used.
    """
    values: dict[str, Any] = {}
    problems = []
    for name, text in environment.items():
        if not name.startswith("INSIGHTS_") or name in _OF_OTHERS or not text:
            continue
        setting = SETTINGS.get(name)
        if setting is None:
            problems.append(f"there is no setting {name}; `--help` lists them")
            continue
        try:
            values[setting.field] = setting.parse(text)
        except ValueError as error:
            problems.append(f"{name}={text!r} {error}")
    if problems:
        raise SettingsError(sorted(problems))
    return JobSettings(**values)


def describe() -> str:
    """The settings as text for `--help`."""
    defaults = JobSettings._field_defaults
    return "\n".join(
        f"  {name:<24} {setting.help} [{defaults[setting.field] or ''}]" for name, setting in SETTINGS.items()
    )
