"""The parts of a parsed template."""

from msgspec import Struct


class TemplateFault(Struct, frozen=True):
    """Why a template cannot be parsed or run, a hint, and the offset."""

    message: str
    hint: str
    offset: int


class Name(Struct, frozen=True):
    """A use of a name.

    Attributes:
        kind: ``variable`` (`$value.x`), ``field`` (`.Value.x`), ``function`` or ``index`` (`index $values
            "A"`).
        name: the name with its `$`, or the first field; of an ``index``, the variable.
        fields: the fields after it; of an ``index``, the key and then the fields.
        start: its offset.
        end: the offset after it and its fields.
        root: of a field, whether it is one of the template's data, as `.` is something else in `range` and
            `with`; of a variable, whether it is in the template itself and not in one that it defines, which
            has only variables of its own.
        declared: of a variable, whether the template declares it itself.
    """

    kind: str
    name: str
    fields: tuple[str, ...]
    start: int
    end: int
    root: bool = False
    declared: bool = False


class ParsedTemplate(Struct):
    """A parsed template: its names, its variables, the templates it defines and uses, and the first fault."""

    names: list[Name] = []
    declared: set[str] = set()
    defined: list[str] = []
    used: list[tuple[str, int]] = []
    fault: TemplateFault | None = None
