"""The ``.env`` of a compose stack, with a random password of Grafana's administrator in it."""

import re
import secrets
from enum import StrEnum
from pathlib import Path

from dashgen.errors import DashgenError
from dashgen.files.regular import read_regular
from dashgen.files.standalone import replace_file

PASSWORD = "GRAFANA_ADMIN_PASSWORD"  # noqa: S105  # the variable's name
_LINE = re.compile(rf"^{PASSWORD}=(.*)$", re.MULTILINE)
_BYTES = 24


class Outcome(StrEnum):
    """What became of the file."""

    WRITTEN = "written"
    COMPLETED = "completed"
    RENEWED = "renewed"
    KEPT = "kept"


def with_password(text: str, password: str, *, renew: bool) -> str:
    """The file's text with the password in it; a password that is there stays, unless a new one is wanted.

    All other lines stay as they are.
    """
    found = _LINE.search(text)
    if found is None:
        break_ = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{break_}{PASSWORD}={password}\n"
    if found[1].strip().strip("\"'") and not renew:
        return text
    return text[: found.start()] + f"{PASSWORD}={password}" + text[found.end() :]


def write_environment(stack: Path, *, renew: bool = False) -> Outcome:
    """Make ``.env`` in a stack's folder from ``.env.example``, or put a password into the one that is there.

    The file can be read by its owner only.

    Args:
        stack: the folder of compose.yaml.
        renew: replace a password that is there.

    Raises:
        DashgenError: the folder is no stack, or the file cannot be read or written.
    """
    target = stack / ".env"
    try:
        there = target.exists()
        old = read_regular(target if there else stack / ".env.example", follow=False).decode()
        new = with_password(old, secrets.token_urlsafe(_BYTES), renew=renew)
        if there and new == old:
            return Outcome.KEPT
        had_one = there and with_password(old, "", renew=False) == old and _LINE.search(old) is not None
        replace_file(target, new.encode(), 0o600)
    except FileNotFoundError:
        raise DashgenError(f"{stack} has no .env.example, so it is not the folder of a stack") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DashgenError(f"cannot write {target}: {reason.lower()}") from None
    if not there:
        return Outcome.WRITTEN
    return Outcome.RENEWED if had_one else Outcome.COMPLETED
