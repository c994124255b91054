"""The locks hold what pyproject.toml asks for, in versions that it allows, with hashes."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
_PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)(?P<rest>.*?)\n(?=\S|\Z)", re.MULTILINE | re.DOTALL
)


def _project(path: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def _groups(project: dict[str, Any], *, without: str = "") -> list[str]:
    groups = [group for name, group in project["dependency-groups"].items() if name != without]
    return [entry for group in groups for entry in group if isinstance(entry, str)]


def _pins(path: str) -> dict[str, tuple[str, str]]:
    """The version of each package of a lock, and what else stands there."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return {match["name"]: (match["version"], match["rest"]) for match in _PIN.finditer(text)}


DASHGEN = _project("pyproject.toml")
APP = _project("stack/app/pyproject.toml")
INSIGHTS = _project("stack/insights/pyproject.toml")
LOCKS = {
    ".ci/lock.txt": [*DASHGEN["project"]["dependencies"], *_groups(DASHGEN, without="docs")],
    ".ci/lock-docs.txt": DASHGEN["dependency-groups"]["docs"],
    "stack/app/lock-dev.txt": [
        *APP["project"]["dependencies"],
        *APP["project"]["optional-dependencies"]["anthropic"],
        *_groups(APP),
    ],
    "stack/app/lock.txt": [
        *APP["project"]["dependencies"],
        *APP["project"]["optional-dependencies"]["anthropic"],
    ],
    "stack/app/lock-build.txt": APP["dependency-groups"]["build"],
    "stack/insights/lock-dev.txt": [*INSIGHTS["project"]["dependencies"], *_groups(INSIGHTS)],
    "stack/insights/lock.txt": INSIGHTS["project"]["dependencies"],
    "stack/insights/lock-build.txt": INSIGHTS["dependency-groups"]["build"],
    "stack/reports/lock.txt": [
        *DASHGEN["project"]["dependencies"],
        *DASHGEN["project"]["optional-dependencies"]["pictures"],
    ],
    "stack/reports/lock-build.txt": DASHGEN["build-system"]["requires"],
}


@pytest.mark.parametrize("path", LOCKS)
def test_a_lock_pins_every_requirement_to_a_version_it_allows(path: str) -> None:
    pins = _pins(path)
    for text in LOCKS[path]:
        requirement = Requirement(text)
        version, _ = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), (
            f"{path}: {requirement} but {version}; run `nox -s lock`"
        )


@pytest.mark.parametrize("path", LOCKS)
def test_a_lock_has_hashes_for_every_package_and_names_no_server(path: str) -> None:
    pins = _pins(path)
    assert pins
    assert [name for name, (_, rest) in pins.items() if "--hash=sha256:" not in rest] == []
    assert "://" not in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [path for path in LOCKS if path.startswith("stack/")])
def test_packages_that_two_locks_name_have_one_version(path: str) -> None:
    ours, other = _pins(".ci/lock.txt"), _pins(path)
    assert {name: other[name][0] for name in other.keys() & ours.keys()} == {
        name: ours[name][0] for name in other.keys() & ours.keys()
    }


@pytest.mark.parametrize("project", [DASHGEN, APP, INSIGHTS], ids=["dashgen", "bot", "insights"])
def test_every_dependency_of_a_program_has_an_upper_bound(project: dict[str, Any]) -> None:
    operators = {
        text: {part.operator for part in Requirement(text).specifier}
        for text in project["project"]["dependencies"]
    }
    assert [text for text, used in operators.items() if not used & {"<", "<=", "==", "~="}] == []
