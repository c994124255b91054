"""The parts of a parsed template."""

from typing import TypeAlias

from msgspec import Struct

DataPath: TypeAlias = tuple[str, ...]
"""Where a value comes from: a start and the steps from it; empty when that is not known.

The start is ``.`` for the template's data, a variable of the server such as ``$labels``, a function with
parentheses such as ``query()``, or ``define "name"`` for what a defined template is called with. A step is a
field, or ``[]`` for an element.
"""
ROOT: DataPath = (".",)


class TemplateFault(Struct, frozen=True):
    """Why a template cannot be parsed or run, a hint, and the offset.

    ``at_run`` is whether the server reads it and fails only when it runs it.
    """

    message: str
    hint: str
    offset: int
    at_run: bool = False


class Name(Struct, frozen=True):
    """A use of a name.

    Attributes:
        kind: ``variable`` (`$value.x`), ``field`` (`.Value.x`), ``function``, ``index`` (`index $values "A"`)
            or ``chain`` (the fields after parentheses).
        name: the name with its `$`, or the first field; of an ``index``, the variable; of a ``chain``,
            nothing.
        fields: the fields after it; of an ``index``, the key and then the fields.
        start: its offset.
        end: the offset after it and its fields.
        root: of a field, whether it is one of the template's data, as `.` is something else in `range` and
            `with`; of a variable, whether it is in the template itself and not in one that it defines, which
            has only variables of its own.
        declared: of a variable, whether the template declares it itself.
        path: of a variable, field or chain, where the value before its ``fields`` comes from, of a field that
            before its name.
        arguments: of a function, the number of its arguments with the one from a `|`; -1 when fields follow.
    """

    kind: str
    name: str
    fields: tuple[str, ...]
    start: int
    end: int
    root: bool = False
    declared: bool = False
    path: DataPath = ()
    arguments: int = -1


class TemplateCall(Struct, frozen=True):
    """``{{ template "name" value }}``: the name, its offset, and where the value comes from."""

    name: str
    start: int
    path: DataPath = ()


class ParsedTemplate(Struct):
    """A parsed template: its names, its variables, the templates it defines and uses, and the first fault."""

    names: list[Name] = []
    declared: set[str] = set()
    defined: list[str] = []
    calls: list[TemplateCall] = []
    fault: TemplateFault | None = None
