"""Dashboards in Grafana's resource form."""

from typing import Any

import pytest

from dashgen.core.diagnostics import Severity
from dashgen.formats.v2 import v2_envelope

from .conftest import Check, expect
from .samples import DASHBOARD, PROVIDERS, REMOVED, changed

_FILE = "dashboards/A/wrapped.json"
_SPEC = {key: value for key, value in DASHBOARD.items() if key != "uid"}
_CLASSIC: dict[str, Any] = {
    "apiVersion": "dashboard.grafana.app/v1beta1", "kind": "Dashboard", "metadata": {"name": "wrapped"},
    "spec": _SPEC,
}  # fmt: skip
_V2 = v2_envelope({**DASHBOARD, "uid": "wrapped", "tags": []})

BROKEN: list[tuple[str, dict[str, Any], str, Any, str, str]] = [
    ("version", _CLASSIC, "apiVersion", "dashboard.grafana.app/v3", "resource/version", "is not a version"),
    ("kind", _CLASSIC, "kind", "Folder", "resource/kind", "is `Dashboard`"),
    ("no name", _CLASSIC, "metadata.name", REMOVED, "resource/name", "has no name"),
    ("no spec", _CLASSIC, "spec", REMOVED, "resource/spec", "has no `spec`"),
    ("bad name", _CLASSIC, "metadata.name", "a b", "dashboard/uid", "characters other than"),
    ("no title", _CLASSIC, "spec.title", "", "dashboard/title", "cannot be empty"),
    (
        "unknown option",
        _CLASSIC,
        "spec.panels.1.options.legnd",
        1,
        "dashboard/unknown-key",
        "unknown key `legnd`",
    ),
    ("v2 title", _V2, "spec.title", REMOVED, "dashboard/title", "cannot be empty"),
    ("v2 name", _V2, "metadata.name", "a b", "dashboard/uid", "characters other than"),
]


@pytest.mark.parametrize(
    ("sample", "path", "value", "rule", "fragment"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_one_wrong_place_is_one_finding(
    check: Check, sample: dict[str, Any], path: str, value: Any, rule: str, fragment: str
) -> None:
    found = [d for d in check({_FILE: changed(sample, path, value)}) if d.rule != "dashboard/file-name"]
    assert expect(found, rule, fragment).location is not None


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_versions_since_grafana_13_are_read(check: Check, version: str) -> None:
    sample = changed(_V2 if version == "v2" else _CLASSIC, "apiVersion", f"dashboard.grafana.app/{version}")
    assert check({_FILE: sample}) == []


def test_a_version_in_the_spec_is_a_warning(check: Check) -> None:
    found = expect(
        check({_FILE: changed(_CLASSIC, "spec.version", 3)}), "resource/spec", "`version` does not belong"
    )
    assert found.severity is Severity.WARNING


def test_the_folder_has_to_be_that_of_a_provider(check: Check) -> None:
    sample = changed(_CLASSIC, "metadata.annotations", {"grafana.app/folder": "team-a"})
    provider = {
        "name": "p",
        "updateIntervalSeconds": 30,
        "folder": "Team B",
        "folderUid": "team-b",
        "options": {"path": "/x"},
    }
    files = {_FILE: sample, "provisioning/dashboards/a.yaml": changed(PROVIDERS, "providers.0", provider)}
    assert (
        expect(check(files), "resource/folder", "`team-a` is not the `folderUid`").hint
        == "did you mean `team-b`?"
    )


def test_a_uid_counts_in_both_forms(check: Check) -> None:
    classic = changed(changed(DASHBOARD, "uid", "wrapped"), "title", "Other")
    expect(
        check({_FILE: _CLASSIC, "dashboards/B/wrapped.json": classic}), "dashboard/duplicate-uid", "`wrapped`"
    )
