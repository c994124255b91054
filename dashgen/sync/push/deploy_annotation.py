"""What a deployment is, from git and from the variables of continuous integration."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

_AUTHORS = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER")


def describe_deploy(root: Path, environment: Mapping[str, str]) -> str:
    """A deployment in words: the commit, who it is by, and where to read more."""
    commit = environment.get("GITHUB_SHA") or environment.get("CI_COMMIT_SHA") or _git(root, "%H")
    subject = environment.get("CI_COMMIT_TITLE") or _git(root, "%s")
    author = next((environment[name] for name in _AUTHORS if environment.get(name)), "") or _git(root, "%an")
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


def _git(root: Path, form: str) -> str:
    command = ["git", "-C", str(root), "log", "-1", f"--format={form}"]
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command; only the folder varies
            command, capture_output=True, text=True, timeout=5, check=False, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
