"""What a template that was read consists of."""

from msgspec import Struct


class TemplateFault(Struct, frozen=True):
    """Why a template cannot be read or run, what to do, and where that is."""

    message: str
    hint: str
    offset: int


class Name(Struct, frozen=True):
    """A use of a name.

    Attributes:
        kind: ``variable`` (`$value.x`), ``field`` (`.Value.x`), ``function`` or ``index`` (`index $values "A"`).
        name: the name with its `$`, or the first field; of an ``index``, the variable.
        fields: the fields after it; of an ``index``, the key and then the fields.
        start: where it stands.
        end: where it ends, its fields included.
        root: of a field, whether it is one of the data that the template is given; of a variable, whether it stands in the
            template itself and not in one that it defines, which has no variables but its own.
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
    """A template that was read: its names, what it declares, defines and uses, and what is wrong with it."""

    names: list[Name] = []
    declared: set[str] = set()
    defined: list[str] = []
    used: list[tuple[str, int]] = []
    fault: TemplateFault | None = None
