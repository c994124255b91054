"""Write ``.env`` and the secret files of a compose stack, with a random password for Grafana's admin."""

import os
import re
import secrets
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from dashgen.core.errors import DashgenError
from dashgen.core.files.regular import read_regular
from dashgen.core.files.standalone import create_file, replace_file
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.sync.install.compose import SecretFile, read_stack
from dashgen.sync.install.compose_interpolation import read_variables

ADMIN_VARIABLE = "GRAFANA_ADMIN_PASSWORD"
_LINE = lazy_pattern(rf"^{ADMIN_VARIABLE}=(.*)$", re.MULTILINE)
_BYTES = 24
_FOLDER_RIGHTS = 0o700
# The users of the containers read these files, whoever they are; the folder keeps out the users of this
# machine.
_FILE_RIGHTS = 0o444


class PasswordOutcome(StrEnum):
    """What became of the password."""

    WRITTEN = "written"
    COMPLETED = "completed"
    RENEWED = "renewed"
    KEPT = "kept"


def with_password(text: str, password: str, *, renew: bool) -> str:
    """The file's text with the password in it; a password that is there stays, unless it is to be renewed.

    All other lines stay as they are.
    """
    password_line = _LINE.search(text)
    if password_line is None:
        break_ = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{break_}{ADMIN_VARIABLE}={password}\n"
    if password_line[1].strip().strip("\"'") and not renew:
        return text
    return text[: password_line.start()] + f"{ADMIN_VARIABLE}={password}" + text[password_line.end() :]


def password_file(stack: Path) -> Path | None:
    """The file that has the password, when the compose file of a stack names one.

    Else the password is in ``.env``.
    """
    compose_stack, _ = read_stack(stack, {})
    files = compose_stack.secrets if compose_stack else ()
    return next((secret.path for secret in files if secret.variable == ADMIN_VARIABLE), None)


def write_environment(stack: Path, *, renew: bool = False) -> PasswordOutcome:
    """Make ``.env`` in a stack's folder from ``.env.example``, and a random password where none is.

    The password is in ``.env``, or in a file where the compose file reads it as a secret; then the other
    secrets get their files too: from ``.env``, where they may have been before, or as the compose file says.
    What is there stays.

    Args:
        stack: the folder of compose.yaml.
        renew: replace a password that is there.

    Raises:
        DashgenError: the folder is no stack, or a file cannot be read or written.
    """
    try:
        compose_stack, _ = read_stack(stack, {})
        files = compose_stack.secrets if compose_stack else ()
        if any(secret.variable == ADMIN_VARIABLE for secret in files):
            return _write_secrets(stack, files, renew=renew)
        return _write_env(stack, renew=renew)
    except FileNotFoundError:
        raise DashgenError(f"{stack} has no .env.example, so it is not the folder of a stack") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        path = getattr(error, "filename", None) or stack / ".env"
        raise DashgenError(f"cannot write {path}: {reason.lower()}") from None


def _write_env(stack: Path, *, renew: bool) -> PasswordOutcome:
    target = stack / ".env"
    target_exists = target.exists()
    old = read_regular(target if target_exists else stack / ".env.example", follow=False).decode()
    new = with_password(old, secrets.token_urlsafe(_BYTES), renew=renew)
    if target_exists and new == old:
        return PasswordOutcome.KEPT
    # A password is there when completing the file changes nothing.
    had_one = target_exists and with_password(old, "", renew=False) == old and _LINE.search(old) is not None
    replace_file(target, new.encode(), 0o600)
    if not target_exists:
        return PasswordOutcome.WRITTEN
    return PasswordOutcome.RENEWED if had_one else PasswordOutcome.COMPLETED


def _write_secrets(stack: Path, files: tuple[SecretFile, ...], *, renew: bool) -> PasswordOutcome:
    target = stack / ".env"
    if not target.exists():
        replace_file(target, read_regular(stack / ".env.example", follow=False), 0o600)
    before = read_variables(stack, {})
    outcome = PasswordOutcome.KEPT
    for secret in files:
        written = _write_secret(secret, before, renew=renew and secret.variable == ADMIN_VARIABLE)
        if secret.variable == ADMIN_VARIABLE:
            outcome = written
    return outcome


def _write_secret(secret: SecretFile, before: Mapping[str, str], *, renew: bool) -> PasswordOutcome:
    """Make the file of a secret, which is empty or missing, or is to be replaced."""
    folder = secret.path.parent
    if not folder.exists():
        folder.mkdir(_FOLDER_RIGHTS)
        # Whatever the umask is.
        folder.chmod(_FOLDER_RIGHTS)
    random = secret.is_random or secret.variable == ADMIN_VARIABLE
    file_exists = os.path.lexists(secret.path)
    old = read_regular(secret.path, follow=False).decode().strip() if file_exists else ""
    # An empty file is as good as none for what is random, but other secrets may be empty on purpose.
    if file_exists and not renew and (old or not random):
        return PasswordOutcome.KEPT
    content = "" if renew else before.get(secret.variable, "") or secret.initial
    if random and not content:
        content = secrets.token_urlsafe(_BYTES)
    if file_exists:
        replace_file(secret.path, content.encode(), _FILE_RIGHTS)
    else:
        create_file(secret.path, content.encode(), _FILE_RIGHTS)
    if not file_exists:
        return PasswordOutcome.WRITTEN
    return PasswordOutcome.RENEWED if old else PasswordOutcome.COMPLETED
