"""The parts of LogQL that not every Loki has.

Source: the first tag of grafana/loki whose pkg/logql/syntax/lex.go and syntax.y have them. What is older
than 2.8 is everywhere.
"""

from typing import Final

from dashgen.query.language import Requirement, ServerFeature


def _since(major: int, minor: int) -> ServerFeature:
    return ServerFeature((major, minor), "", (major, minor))


FEATURES: Final = {
    "decolorize": _since(2, 8),
    "drop": _since(2, 8),
    "sort": _since(2, 8),
    "sort_desc": _since(2, 8),
    "keep": _since(2, 9),
    "--strict": _since(2, 9),
    "--keep-empty": _since(2, 9),
    "|>": _since(3, 0),
    "!>": _since(3, 0),
    "or": _since(3, 0),
    "approx_topk": _since(3, 3),
    "variants": _since(3, 5),
}
_SUBJECTS: Final = {"or": "`or` in a line filter"}


def requirement(name: str, offset: int) -> Requirement:
    """What a query needs of its Loki for one of the features."""
    return Requirement(FEATURES[name], _SUBJECTS.get(name, f"`{name}`"), offset)
