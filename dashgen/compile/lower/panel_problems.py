"""The form of findings about a panel's own keys."""

from msgspec import Struct

from dashgen.core.diagnostics import Severity
from dashgen.source.source import Path


class PanelProblem(Struct, frozen=True):
    """Something wrong below a panel; ``path`` leads there from the panel, with ``on_key`` to the key."""

    path: Path
    message: str
    hint: str
    rule: str
    severity: Severity = Severity.ERROR
    on_key: bool = False
