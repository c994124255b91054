"""Exceptions that end a command; mistakes of a user in specs are diagnostics instead."""

from dashgen.core.diagnostics import Diagnostic


class DashgenError(Exception):
    """A command cannot go on; ``exit_code`` is the exit code of the process."""

    exit_code = 2


def os_reason(error: OSError) -> str:
    """Why the operating system refused something, as it continues a sentence: ``no space left on device``."""
    return (error.strerror or str(error)).lower()


class SpecError(DashgenError):
    """The input is wrong in ways that diagnostics describe."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = diagnostics
