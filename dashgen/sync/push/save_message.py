"""What a push and a deployment are about, from git and from the variables of continuous integration."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dashgen.core.diagnostics.frame import clean
from dashgen.core.lazy_pattern import lazy_pattern

MARK: Final = lazy_pattern(r"\[dashgen ([0-9]+-[0-9a-f]{32})(?:@([^\]\s]+))?\]\s*$")
"""The end of a message that a push left: the checksum of what it saved, and the environment."""
_LONGEST: Final = 500
_DEFAULT: Final = "pushed by dashgen"
_AUTHORS: Final = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER")


def default_message(root: Path) -> str:
    """The commit that the project is at with its subject, or a plain sentence where there is no git."""
    return clean(_commit(root, "%h %s")).strip() or _DEFAULT


def marked(message: str, checksum: str) -> str:
    """The message of a save with the checksum of what is saved, by which dashgen knows its own saves."""
    mark = f"[dashgen {checksum}]" if checksum else ""
    room = _LONGEST - len(mark) - 1
    text = " ".join(message.split())
    return f"{text if len(text) <= room else text[: room - 1] + '…'} {mark}".strip()


def describe_deploy(root: Path, environment: Mapping[str, str]) -> str:
    """A deployment in words: the commit, who it is by, and where to read more."""
    commit = environment.get("GITHUB_SHA") or environment.get("CI_COMMIT_SHA") or _commit(root, "%H")
    subject = environment.get("CI_COMMIT_TITLE") or _commit(root, "%s")
    author = next((environment[name] for name in _AUTHORS if environment.get(name)), "") or _commit(
        root, "%an"
    )
    parts = [f"Deployed {commit[:10]}" if commit else "Deployed"]
    if subject:
        parts.append(f": {subject}")
    if author:
        parts.append(f" ({author})")
    link = _link(environment)
    return "".join(parts) + (f"\n{link}" if link else "")


def _link(environment: Mapping[str, str]) -> str:
    if link := environment.get("CI_PIPELINE_URL") or environment.get("BUILD_URL"):
        return link
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (environment.get(name, "") for name in names)
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else ""


def _commit(root: Path, form: str) -> str:
    """The newest commit of a project in a format of `git log`; empty where there is no git."""
    command = ["git", "-C", str(root), "log", "-1", f"--format={form}"]
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command; only the folder varies
            command, capture_output=True, text=True, timeout=5, check=False, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
