"""What can be wrong with a panel's own options."""

from dataclasses import dataclass

from dashgen.spec.source import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong below a panel; ``path`` leads there from the panel."""

    path: Path
    message: str
    hint: str
    rule: str
