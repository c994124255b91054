"""How a next command is typed: who runs dashgen without installing it has no `dashgen` to call."""

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution
from typing import Final

_UV: Final = "/uv/archive-v"
"""In the path of a throw-away environment of `uvx` (crates/uv-cache of uv 0.9)."""
_PIPX: Final = ("/.cache/pipx/", "/pipx/.cache/")
"""In those of `pipx run`."""


def program() -> str:
    """What stands before the name of a command: ``dashgen``, or the runner that this process came by.

    Before: a process in ``~/.cache/uv/archive-v0/X``, installed from a git repository
    After: ``uvx --from git+https://github.com/YOUR-ORG/dashgen dashgen``
    """
    prefix = sys.prefix.replace("\\", "/") + "/"
    address = _address()
    if address and _UV in prefix:
        return f"uvx --from {address} dashgen"
    if address and any(part in prefix for part in _PIPX):
        return f"pipx run --spec {address} dashgen"
    return "dashgen"


def _address() -> str:
    """The repository that dashgen was installed from (PEP 610); empty for one from a folder or an index."""
    try:
        record = json.loads(distribution("dashgen").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return ""
    url, vcs = record.get("url"), (record.get("vcs_info") or {}).get("vcs")
    return f"{vcs}+{url}" if url and vcs else ""
