"""The stack's files, as data."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
STACK = ROOT / "stack"
_DEFAULT = re.compile(r"\$\{\w+:-([^}]*)\}")


def filled(value: Any) -> Any:
    """A value of compose.yaml with the defaults of its variables in their places."""
    if isinstance(value, dict):
        return {key: filled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner) for inner in value]
    return _DEFAULT.sub(r"\1", value) if isinstance(value, str) else value


@cache
def compose() -> dict[str, Any]:
    """The whole of compose.yaml."""
    return filled(yaml.safe_load((STACK / "compose.yaml").read_text(encoding="utf-8")))


def services() -> dict[str, dict[str, Any]]:
    """Its services by name."""
    return compose()["services"]


def lasting() -> dict[str, dict[str, Any]]:
    """The services that keep running; the others do something and end."""
    return {name: service for name, service in services().items() if service["restart"] != "no"}


def config(path: str) -> dict[str, Any]:
    """A YAML file below stack/."""
    return yaml.safe_load((STACK / path).read_text(encoding="utf-8"))


def networks() -> dict[str, set[str]]:
    """The networks of each service."""
    return {name: set(service["networks"]) for name, service in services().items()}


def texts() -> dict[str, str]:
    """Every text of the stack itself, by its path; the sources of the bot and of the nightly job are other projects."""
    found = {}
    for path in sorted(STACK.rglob("*")):
        inside = path.relative_to(STACK)
        if (
            path.is_file()
            and inside.parts[0] not in {"app", "insights", "loadgen", "secrets"}
            and inside.name != ".env"
        ):
            found[inside.as_posix()] = path.read_text(encoding="utf-8")
    return found
