"""Addresses that reports link to."""

import json
from importlib.metadata import PackageNotFoundError
from unittest import mock

import pytest

from dashgen.cli.ci_host import reference_url

COMMIT = "c0ffee"


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ({"url": "https://git.example/acme/dashgen.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, "https://git.example/acme/dashgen/blob/c0ffee/docs/reference/"),
        ({"url": "https://ann:pw123456@git.example/acme/dashgen", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, "https://git.example/acme/dashgen/blob/c0ffee/docs/reference/"),
        ({"url": "ssh://git@git.example/acme/dashgen", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, ""),
        ({"url": "file:///work/dashgen", "dir_info": {"editable": True}}, ""),
        (None, ""),
    ],
    ids=["git", "with a password", "ssh", "a folder", "an index"],
)  # fmt: skip
def test_pages_of_rules_are_those_of_the_installed_commit(source: object, address: str) -> None:
    with mock.patch("importlib.metadata.distribution") as distribution:
        distribution().read_text.return_value = json.dumps(source) if source else None
        assert reference_url({}) == address


def test_a_program_that_is_not_installed_has_no_pages() -> None:
    with mock.patch("importlib.metadata.distribution", side_effect=PackageNotFoundError):
        assert reference_url({}) == ""


def test_the_environment_has_the_last_word() -> None:
    assert reference_url({"DASHGEN_REFERENCE_URL": "https://x.example/ref"}) == "https://x.example/ref/"
