"""Why a push happens, for the history in Grafana."""

import subprocess
from pathlib import Path

from dashgen.core.diagnostics.frame import clean

_DEFAULT = "pushed by dashgen"


def default_message(root: Path) -> str:
    """The commit that the project is at with its subject, or a plain sentence where there is no git."""
    command = ["git", "-C", str(root), "log", "-1", "--format=%h %s"]  # no shell
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command; only the folder varies
            command, capture_output=True, text=True, timeout=5, check=False, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return _DEFAULT
    said = clean(done.stdout).strip() if done.returncode == 0 else ""
    return said or _DEFAULT
