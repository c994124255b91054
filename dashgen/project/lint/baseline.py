"""A file with the findings of a tree as they are: only new ones count from then on."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from dashgen.core.diagnostics.json_text import json_text
from dashgen.core.errors import DashgenError
from dashgen.core.files.standalone import replace_file
from dashgen.core.reporters.fingerprints import fingerprints
from dashgen.project.lint.lint_report import CountedFinding

_VERSION = 1


def read_baseline(path: Path) -> Counter[str]:
    """How often each finding was there, by its fingerprint.

    Raises:
        DashgenError: the file cannot be read, or is no baseline.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["version"] != _VERSION:
            raise DashgenError(f"`{path}` is a baseline of another dashgen; write it anew")
        return Counter(one["fingerprint"] for one in document["findings"])
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DashgenError(f"cannot read `{path}`: {reason}; `--write-baseline` makes it") from None
    except (ValueError, KeyError, TypeError):
        raise DashgenError(f"`{path}` is not a baseline; `--write-baseline` makes one") from None


def write_baseline(path: Path, findings: Sequence[CountedFinding]) -> None:
    """Write the findings that are there now.

    Raises:
        DashgenError: the file cannot be written.
    """
    diagnostics = [one.diagnostic for one in findings]
    listed = [
        # The rule and the file are for the people who review the file.
        {"rule": one.rule, "file": one.location.file if one.location else "", "fingerprint": fingerprint}
        for one, fingerprint in zip(diagnostics, fingerprints(diagnostics, home=""), strict=True)
    ]
    replace_file(path, json_text({"version": _VERSION, "findings": listed}).encode())


def without_baseline(findings: Sequence[CountedFinding], baseline: Counter[str]) -> list[CountedFinding]:
    """The findings that a baseline does not have, or has less often."""
    left = Counter(baseline)
    new = []
    prints = fingerprints([one.diagnostic for one in findings], home="")
    for finding, fingerprint in zip(findings, prints, strict=True):
        if left[fingerprint] > 0:
            left[fingerprint] -= 1
        else:
            new.append(finding)
    return new
