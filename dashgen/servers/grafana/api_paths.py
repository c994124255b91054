"""Paths of the API, made from parts that cannot escape from their place."""

import re
from urllib.parse import quote

from dashgen.core.diagnostics.frame import clean
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.servers.grafana.grafana_errors import RefusedError

PROVISIONING = ("api", "v1", "provisioning")
"""Where alert rules and notifications are read and written.

The word is Grafana's, and no file is involved.
"""
# Grafana, pkg/util/shortid_generator.go: a uid has at most 40 characters of this alphabet.
_UID = lazy_pattern(r"[A-Za-z0-9_-]{1,40}")
_LONGEST_PART = 400


def route(*parts: str) -> str:
    """A path such as ``/api/folders/x``; every part is quoted and none can climb or be empty.

    Raises:
        RefusedError: when a part is empty, all dots, or absurdly long.
    """
    for part in parts:
        if not part or set(part) <= {"."} or len(part) > _LONGEST_PART or not _can_be_sent(part):
            raise RefusedError(f"`{clean(part[:80])}` cannot be part of an address in Grafana")
    return "/" + "/".join(quote(part, safe="") for part in parts)


def checked_uid(uid: str) -> str:
    """The uid, when it is one.

    Raises:
        RefusedError: when Grafana would not take it.
    """
    if not _UID.fullmatch(uid):
        raise RefusedError(
            f"`{clean(uid[:80])}` is not a uid",
            hint="use 1 to 40 letters without accents, digits, `-` and `_`",
        )
    return uid


def checked_name(name: str) -> str:
    """The name of a Kubernetes-style object, which may also have dots inside.

    Raises:
        RefusedError: when it cannot be one.
    """
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|[A-Za-z0-9_-]{1,40}", name):
        raise RefusedError(f"`{clean(name[:80])}` is not a name of an object in Grafana")
    return name


def _can_be_sent(part: str) -> bool:
    try:
        part.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in part
