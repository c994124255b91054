"""Why a push happens, for the history in Grafana."""

import re
import subprocess
from pathlib import Path
from typing import Final

from dashgen.core.diagnostics.frame import clean

MARK: Final = re.compile(r"\[dashgen ([0-9]+-[0-9a-f]{32})(?:@([^\]\s]+))?\]\s*$")
"""The end of a message that a push left: the checksum of what it saved, and the environment that it was for."""
_LONGEST: Final = 500
_DEFAULT: Final = "pushed by dashgen"


def default_message(root: Path) -> str:
    """The commit that the project is at with its subject, or a plain sentence where there is no git."""
    command = ["git", "-C", str(root), "log", "-1", "--format=%h %s"]  # no shell
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command; only the folder varies
            command, capture_output=True, text=True, timeout=5, check=False, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return _DEFAULT
    subject = clean(done.stdout).strip() if done.returncode == 0 else ""
    return subject or _DEFAULT


def marked(message: str, checksum: str) -> str:
    """The message of a save with the checksum of what is saved, which says later that dashgen wrote it."""
    mark = f"[dashgen {checksum}]" if checksum else ""
    room = _LONGEST - len(mark) - 1
    text = " ".join(message.split())
    return f"{text if len(text) <= room else text[: room - 1] + '…'} {mark}".strip()
