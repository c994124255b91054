"""Credentials from the environment: the one place where tokens, users, passwords and tenants are read."""

from collections.abc import Mapping
from typing import Final, TypedDict

from dashgen.core.diagnostics.redaction import remember_secret
from dashgen.core.errors import DashgenError
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.http.secret import Secret

_TOKEN: Final = lazy_pattern(r"[!-~]+")
_CONTROL: Final = lazy_pattern(r"[\x00-\x1f\x7f-\x9f]")
_AGAIN: Final = "copy it again, without spaces and line breaks"


class Credentials(TypedDict):
    """A token, or a user with a password."""

    token: Secret | None
    user: str | None
    password: Secret | None


def credentials(environment: Mapping[str, str], prefix: str) -> Credentials:
    """The credentials of a server: ``LOKI_TOKEN``, or ``LOKI_USER`` with ``LOKI_PASSWORD``.

    Args:
        environment: the variables.
        prefix: what the names of the server's variables start with, such as ``LOKI``.

    Raises:
        DashgenError: one of them has characters that it cannot have; the message does not show it.
    """
    return {
        "token": token(environment, f"{prefix}_TOKEN"),
        "user": user(environment, f"{prefix}_USER"),
        "password": password(environment, f"{prefix}_PASSWORD"),
    }


def token(environment: Mapping[str, str], name: str) -> Secret | None:
    """A token for a header.

    Args:
        environment: the variables.
        name: the variable's name.

    Raises:
        DashgenError: it has characters that no header can have; the message does not show it.
    """
    value = _read(environment, name)
    if not value:
        return None
    if not _TOKEN.fullmatch(value):
        raise DashgenError(f"`{name}` has characters that no token has; {_AGAIN}")
    return _secret(value)


def password(environment: Mapping[str, str], name: str) -> Secret | None:
    """A password; it may have any letters, but no control characters.

    Raises:
        DashgenError: it has some, or is not text; the message does not show it.
    """
    value = _plain(environment, name)
    return _secret(value) if value else None


def user(environment: Mapping[str, str], name: str) -> str | None:
    """The name of a user.

    Raises:
        DashgenError: it has a colon or a control character in it, or is not text.
    """
    value = _plain(environment, name)
    if ":" in value:
        raise DashgenError(f"`{name}` contains a colon, which the name of a user cannot")
    return value or None


def header(environment: Mapping[str, str], name: str) -> str | None:
    """The value of a header, such as a tenant.

    Raises:
        DashgenError: it has characters that no header can have.
    """
    value = _plain(environment, name).strip()
    if not value.isascii():
        raise DashgenError(f"`{name}` has characters that headers cannot have; use ASCII only")
    return value or None


def _read(environment: Mapping[str, str], name: str) -> str:
    """The value without the line break that files, `echo` and here-documents put at its end."""
    return environment.get(name, "").rstrip("\r\n")


def _plain(environment: Mapping[str, str], name: str) -> str:
    value = _read(environment, name)
    if _CONTROL.search(value):
        raise DashgenError(f"`{name}` contains a line break or another control character; {_AGAIN}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise DashgenError(f"`{name}` is not UTF-8 text") from None
    return value


def _secret(value: str) -> Secret:
    remember_secret(value)
    return Secret(value)
