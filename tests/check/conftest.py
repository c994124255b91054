"""A folder of artifacts, written and checked in one call."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashgen.check.check_tree import validate_paths
from dashgen.core.diagnostics import Diagnostic

Check = Callable[..., list[Diagnostic]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Write files (values that are no text as JSON, which is YAML too) and check the folder they are in."""

    def write_and_check(files: dict[str, Any], *named: str) -> list[Diagnostic]:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                text = (
                    content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False)
                )
                path.write_text(text, encoding="utf-8")
        paths = [tmp_path / name for name in named] or [tmp_path]
        return validate_paths(paths, show=lambda path: str(path.relative_to(tmp_path)))

    return write_and_check


def expect(findings: list[Diagnostic], rule: str, fragment: str) -> Diagnostic:
    """The only finding, which has to be of this rule and say this."""
    listed = "\n".join(f"{d.location} {d.rule}: {d.message}" for d in findings)
    assert [d.rule for d in findings] == [rule], listed
    assert fragment in findings[0].message, listed
    return findings[0]
