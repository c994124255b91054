"""The lock file beside the artifacts."""

import hashlib
from typing import Any

import pytest

from .conftest import Check, expect

_TEXT = "groups: []\n"
_HASH = hashlib.sha256(_TEXT.encode()).hexdigest()
_RULES = "rules/prometheus/a.yaml"


def _lock(**resource: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "resources": [{"kind": "AlertRules", "uid": "a", "path": _RULES, "sha256": _HASH, **resource}],
    }


FINE = [
    ("as written", _lock()),
    ("without a hash", _lock(sha256=None)),
    ("with a prefix", _lock(sha256=f"sha256:{_HASH}")),
    ("with fields of a later version", {**_lock(spec="specs/a.yaml", extra=1), "generator": "dashgen"}),
    ("without a file", _lock(path=None)),
]


@pytest.mark.parametrize("lock", [f[1] for f in FINE], ids=[f[0] for f in FINE])
def test_a_lock_that_says_the_truth_is_fine(check: Check, lock: dict[str, Any]) -> None:
    assert check({_RULES: _TEXT, "dashgen.lock.json": lock}) == []


BROKEN = [
    ("changed file", _lock(sha256="0" * 64), "lock/changed-file", "was changed: its hash differs"),
    ("missing file", _lock(path="rules/gone.yaml"), "lock/missing-file", "`rules/gone.yaml` is missing"),
    ("path outside", _lock(path="../x.yaml"), "lock/path", "leaves the folder"),
    ("absolute path", _lock(path="/etc/passwd"), "lock/path", "leaves the folder"),
    ("version", {**_lock(), "version": 2}, "lock/version", "has version `2`"),
    ("form", {"version": 1}, "lock/form", "no list of `resources`"),
    ("list", [], "lock/form", "no list of `resources`"),
]


@pytest.mark.parametrize(("lock", "rule", "fragment"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_lock_that_lies_is_an_error(check: Check, lock: Any, rule: str, fragment: str) -> None:
    expect(check({_RULES: _TEXT, "dashgen.lock.json": lock}), rule, fragment)


def test_a_broken_lock_is_an_error(check: Check) -> None:
    found = expect(check({"dashgen.lock.json": '{"version": 1,'}), "json/syntax", "not valid JSON")
    assert str(found.location) == "dashgen.lock.json:1:15"
