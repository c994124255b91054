"""What was installed in a stack, so that the next time exactly that is replaced or removed.

The file stands beside the compose file and not among the copies: Grafana, Prometheus and Loki read what is
there.
"""

from pathlib import Path
from typing import Final

import msgspec

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.errors import DashgenError, os_reason
from dashgen.core.files.regular import read_regular
from dashgen.core.files.standalone import replace_file

RECORD_FILE: Final = ".dashgen-install.json"
_VERSION: Final = 1


class Record(msgspec.Struct, frozen=True):
    """The hash of each installed file by its path from the stack's folder."""

    version: int = _VERSION
    files: dict[str, str] = {}


def read_record(stack: Path) -> tuple[Record, list[Diagnostic]]:
    """What was installed; nothing when it is the first time."""
    path = stack / RECORD_FILE
    try:
        record = msgspec.json.decode(read_regular(path, follow=False), type=Record)
    except FileNotFoundError:
        return Record(), []
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        message = "the record of what was installed is not what dashgen wrote"
        hint = "delete it; what is out of date then has to be deleted by hand"
        return Record(), [Diagnostic("install/record", message, Location(path.as_posix()), hint)]
    if record.version > _VERSION:
        message = f"the record of what was installed is of version {record.version}, made by a newer dashgen"
        location = Location(path.as_posix())
        return Record(), [Diagnostic("install/record", message, location, "use that version of dashgen")]
    return record, []


def write_record(stack: Path, files: dict[str, str]) -> None:
    """Remember what is installed, in one step; without any files there is none.

    Raises:
        DashgenError: it cannot be written.
    """
    path = stack / RECORD_FILE
    try:
        if not files:
            path.unlink(missing_ok=True)
            return
        content = msgspec.json.encode(Record(_VERSION, dict(sorted(files.items()))))
        replace_file(path, msgspec.json.format(content, indent=2) + b"\n")
    except OSError as error:
        raise DashgenError(f"cannot write `{path}`: {os_reason(error)}") from None
