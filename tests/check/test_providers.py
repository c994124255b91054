"""Files of dashboard providers, and what they make of directories."""

from typing import Any

import pytest

from dashgen.core.diagnostics import Severity

from .conftest import Check, expect
from .samples import DASHBOARD, PROVIDERS, REMOVED, changed

_FILE = "provisioning/dashboards/a.yaml"
_P = "providers.0"
_SECOND = {
    "name": "second",
    "updateIntervalSeconds": 30,
    "options": {"path": "/elsewhere", "foldersFromFilesStructure": True},
}

BROKEN: list[tuple[str, str, Any, str, str]] = [
    ("version", "apiVersion", REMOVED, "provisioning/api-version",
     "Grafana does not start, because it then expects"),
    ("file key", "provider", [], "provisioning/unknown-key", "unknown key `provider`"),
    ("key", f"{_P}.folderUID", "x", "provisioning/unknown-key",
     "unknown key `folderUID` in a dashboard provider"),
    ("option", f"{_P}.options.folderFromFilesStructure", True, "provisioning/unknown-key",
     "`folderFromFilesStructure`"),
    ("kind", f"{_P}.disableDeletion", "no", "provisioning/wrong-type",
     "`disableDeletion` has to be true or false"),
    ("no name", f"{_P}.name", REMOVED, "provider/name", "has no name"),
    ("type", f"{_P}.type", "folder", "provisioning/unknown-value", "type folder is not supported"),
    ("no path", f"{_P}.options.path", REMOVED, "provider/path", "path param is not a string"),
    ("no options", f"{_P}.options", REMOVED, "provider/path", "path param is not a string"),
    ("folder as well", f"{_P}.folder", "A", "provider/folders", "`folder` is ignored"),
    ("folderUid as well", f"{_P}.folderUid", "a", "provider/folders", "`folderUid` is ignored"),
    ("bad folder uid", f"{_P}", {**_SECOND, "options": {"path": "/x"}, "folder": "A", "folderUid": "a b"},
     "provider/folder-uid",
     "characters other than"),
    ("name twice", "providers.1", {**_SECOND, "name": "dashgen"}, "provider/duplicate-name",
     "`dashgen` is not unique"),
    ("path twice", "providers.1", {**_SECOND, "options": {"path": "/var/lib/grafana/dashboards/"}},
     "provider/duplicate-path",
     "two providers read `/var/lib/grafana/dashboards`"),
    ("dollar", f"{_P}.options.path", "/x/$dir", "provisioning/dollar", "`$dir` in provider `dashgen`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "rule", "fragment"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_one_wrong_place_is_one_error(check: Check, path: str, value: Any, rule: str, fragment: str) -> None:
    found = expect(check({_FILE: changed(PROVIDERS, path, value)}), rule, fragment)
    assert found.severity is Severity.ERROR


def test_folder_and_uid_beside_directories_stop_grafana(check: Check) -> None:
    both = changed(changed(PROVIDERS, f"{_P}.folder", "A"), f"{_P}.folderUid", "a")
    found = expect(check({_FILE: both}), "provider/folders", "'folder' and 'folderUID' should be empty")
    assert "Grafana does not start" in found.message


@pytest.mark.parametrize("interval", [REMOVED, 10, 3])
def test_a_short_interval_is_a_warning(check: Check, interval: Any) -> None:
    found = expect(
        check({_FILE: changed(PROVIDERS, f"{_P}.updateIntervalSeconds", interval)}),
        "provider/update-interval",
        "bind mount",
    )
    assert found.severity is Severity.WARNING


def test_a_folder_uid_twice_is_a_warning(check: Check) -> None:
    file = {"apiVersion": 1, "providers": [
        {"name": n, "updateIntervalSeconds": 30, "folder": "A", "folderUid": "a",
         "options": {"path": f"/{n}"}} for n in "xy"
    ]}  # fmt: skip
    found = expect(check({_FILE: file}), "provider/folder-uid", "more than one provider")
    assert found.severity is Severity.WARNING


def test_a_second_provider_is_fine(check: Check) -> None:
    assert check({_FILE: changed(PROVIDERS, "providers.1", _SECOND)}) == []


def test_directories_of_one_name_are_a_warning(check: Check) -> None:
    other = changed(changed(DASHBOARD, "uid", "other"), "title", "Other")
    files = {
        _FILE: PROVIDERS,
        "dashboards/A/X/mission-control.json": DASHBOARD,
        "dashboards/B/X/other.json": other,
    }
    found = expect(check(files), "dashboard/folder-name", "two directories are called `X`")
    assert found.severity is Severity.WARNING


def test_one_title_in_two_directories_is_fine_when_they_are_folders(check: Check) -> None:
    other = changed(DASHBOARD, "uid", "other")
    assert (
        check(
            {
                _FILE: PROVIDERS,
                "dashboards/A/mission-control.json": DASHBOARD,
                "dashboards/B/other.json": other,
            }
        )
        == []
    )


def test_one_title_in_two_directories_clashes_when_one_folder_takes_all(check: Check) -> None:
    flat = changed(PROVIDERS, f"{_P}.options.foldersFromFilesStructure", False)
    other = changed(DASHBOARD, "uid", "other")
    found = check(
        {_FILE: flat, "dashboards/A/mission-control.json": DASHBOARD, "dashboards/B/other.json": other}
    )
    expect(found, "dashboard/duplicate-title", "Mission Control")
