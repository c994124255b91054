"""Lists of attributes and hints in a TraceQL query."""

from dashgen.query.scanning import QueryToken, refuse, shown
from dashgen.query.traceql.attribute_fields import attribute
from dashgen.query.traceql.traceql import TraceQLReader
from dashgen.query.traceql.traceql_names import STATICS


def attributes(at: TraceQLReader, name: QueryToken) -> None:
    """Take attributes with commas between them, for the function ``name``."""
    if at.is_sign(")"):
        refuse(f"`{name.text}` names no attribute", f"write `{name.text}(resource.service.name)`", name)
    while True:
        attribute(at)
        if not at.take(","):
            return


def hints(at: TraceQLReader) -> None:
    """Take `with (…)`."""
    name = at.next()
    opened = at.open(name)
    while True:
        if at.here.kind not in {"name", "variable"}:
            refuse(f"{shown(at.here)} is no hint", "write `with (most_recent=true)`", at.here)
        hint = at.next()
        if not at.take("="):
            refuse(f"the hint `{hint.text}` has no value", f"write `{hint.text}=true`", hint)
        value = at.next()
        is_word = value.kind == "name" and value.text in STATICS
        if value.kind not in {"string", "number", "duration", "variable"} and not is_word:
            refuse(
                f"{shown(value)} is no value of a hint", "write a number, a text, `true` or `false`", value
            )
        if not at.take(","):
            break
    at.close(opened)


def number_value(text: str) -> float:
    """The value of a number; 0 when it has none."""
    try:
        return float(text.replace("_", ""))
    except ValueError:
        return 0.0
