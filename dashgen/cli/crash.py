"""The last words of dashgen: a message without secrets, and for a bug a file with the traceback."""

import os
import tempfile
import traceback

from dashgen.core.diagnostics.frame import clean
from dashgen.core.diagnostics.redaction import redacted, remember_secret, secret_values
from dashgen.core.version import VERSION

EXIT_BUG = 70
_LONGEST_SUMMARY = 200
_HINT = (
    "please report it with that file, in which secrets are hidden; "
    "`dashgen --version` and the command help too"
)


def shown_message(error: Exception) -> str:
    """The message of an error without secrets and control characters."""
    return "\n".join(clean(line) for line in redacted(str(error)).split("\n"))


def crash_report(error: Exception) -> str:
    """A sentence about an unexpected error, whose traceback is written to a file that only the user can read.

    Neither has values of environment variables whose names are those of secrets.
    """
    # The traceback of an unexpected error may show any value, so all secrets of the environment are hidden,
    # used or not.
    for value in secret_values(os.environ.items()):
        remember_secret(value)
    summary = f"{type(error).__name__}: {clean(redacted(str(error)))[:_LONGEST_SUMMARY]}".rstrip(": ")
    trace = redacted("".join(traceback.format_exception(error)))
    try:
        # `mkstemp` makes a file of mode 600 with a name that nobody can guess.
        descriptor, path = tempfile.mkstemp(prefix="dashgen-bug-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"dashgen {VERSION}\n\n{trace}")
    except OSError:
        return f"dashgen: this is a bug in dashgen ({summary}), and no file could be written about it\n"
    return f"dashgen: this is a bug in dashgen ({summary}); {path} has the details: {_HINT}\n"
