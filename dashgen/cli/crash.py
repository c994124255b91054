"""How an error is shown that stops dashgen: a sentence without secrets; of a mistake of its own, also a file to report."""

import os
import tempfile
import traceback
from pathlib import Path

from dashgen.core.diagnostics.frame import clean
from dashgen.core.diagnostics.redaction import redacted, remember_secret, secret_values
from dashgen.core.version import VERSION

EXIT_BUG = 70
_SHOWN = 200
_HINT = "please report it with that file, in which secrets are hidden; `dashgen --version` and the command help too"


def shown_message(error: Exception) -> str:
    """The message of an error as it may be shown, line by line."""
    return "\n".join(clean(line) for line in redacted(str(error)).split("\n"))


def crash_report(error: Exception) -> str:
    """What to print of an unexpected error; its traceback goes into a file that only the user can read.

    Values of environment variables that are secrets by their names are in neither.
    """
    for value in secret_values(os.environ.items()):
        remember_secret(value)
    summary = f"{type(error).__name__}: {clean(redacted(str(error)))[:_SHOWN]}".rstrip(": ")
    trace = redacted("".join(traceback.format_exception(error)))
    try:
        path = _keep(f"dashgen {VERSION}\n\n{trace}")
    except OSError:
        return f"dashgen: this is a bug of dashgen ({summary}), and no file could be written about it\n"
    return f"dashgen: this is a bug of dashgen ({summary}); {path} has the details: {_HINT}\n"


def _keep(text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix="dashgen-bug-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return Path(name)
