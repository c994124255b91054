"""What resolving a document keeps track of: findings, origins of moved values, its size, environments."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from dashgen.core.diagnostics import Diagnostic, nearest
from dashgen.core.json_values import Json
from dashgen.source.components import SHIPPED, Component
from dashgen.source.escape_marks import plain_key
from dashgen.source.load import Document
from dashgen.source.provenance import Binding, Bindings, Origin
from dashgen.source.shipped_components import library_component, library_names
from dashgen.source.source import Path
from dashgen.source.work import Work

if TYPE_CHECKING:
    from dashgen.source.brought_rules import BroughtGroup

MAX_VALUES = 1_000_000
"""Values that a document may expand to."""
VALUES_PER_ITERATION = 10
"""What an iteration of a loop counts for, before its values are known."""
_CHARACTERS_A_VALUE = 100


class Scope(Struct, frozen=True):
    """What expressions can see, which components and environments there are, and the work done so far."""

    variables: Mapping[str, Any] = {}
    components: Mapping[str, Component] = {}
    environment: str | None = None
    environments: tuple[str, ...] = ()
    work: Work = field(default_factory=lambda: Work(sys.maxsize))
    variable_origins: Mapping[str, Binding] = {}

    @property
    def bindings(self) -> Bindings:
        """The variables of the project, and where they were written."""
        return Bindings(self.variables, self.variable_origins)

    def component(self, name: str) -> Component | None:
        """The component of a name: one of the project's, or a shipped one."""
        return library_component(name) if name.startswith(SHIPPED) else self.components.get(name)

    def component_hint(self, name: str) -> str:
        """What to do about a name that no component has."""
        shipped = [one for one in library_names() if one == SHIPPED + name]
        if shipped:
            return f"did you mean `{shipped[0]}`?"
        names = library_names() if name.startswith(SHIPPED) else self.components
        return nearest(name, names) or "define it in a `kind: Components` document"


class Use(Struct, frozen=True):
    """The use of a component: the item that it is in, with its origin, and what the component's body sees."""

    item: Json
    origin: Origin
    arguments: Bindings


class TooManyError(Exception):
    """A document expands to more than `MAX_VALUES` values."""


class Bookkeeping:
    """The state of resolving one document, and what every part of it reports, counts and remembers."""

    def __init__(self, document: Document, scope: Scope) -> None:
        self.root = document
        self.scope = scope
        self.diagnostics: list[Diagnostic] = []
        self.broken: list[Origin] = []
        self.origins: dict[Path, Origin] = {}
        self.brought: list[BroughtGroup] = []
        self.size = 0
        self.work = Work()

    def report(self, origin: Origin, rule: str, message: str, hint: str = "", *, key: bool = False) -> None:
        """Add a finding about a value, or its key, with the lines that used the component it comes from."""
        # What follows from a mistake is not reported again: later stages look up where values are missing.
        self.broken.append(origin)
        location = origin.location(key=key)
        self.diagnostics.append(Diagnostic(rule, message, location, hint, related=origin.related()))

    def report_argument(self, origin: Origin, rule: str, message: str, hint: str) -> None:
        """Add a finding about a value that may come from an argument or variable around it."""
        self.broken.append(origin)
        self.diagnostics.append(origin.fault().about(Diagnostic(rule, message, hint=hint)))

    def text(self, data: str, origin: Origin, *, key: bool = False) -> Any:
        """What a text with expressions in it gives; a finding and nothing when they fail."""
        # Jinja2 is imported for specs with expressions only.
        from dashgen.source.expressions import ExpressionError, evaluate

        try:
            result = evaluate(data, origin.bindings.values, self.work)
        except ExpressionError as error:
            self.report(origin, "expression/error", str(error), error.hint, key=key)
            return None
        self.count_text(result)
        return result

    def key(self, written: str, origin: Origin) -> str | None:
        """A key in which the mark of expressions stands; nothing when they give no text."""
        with suppress(ValueError):
            return plain_key(written)
        value = self.text(written, origin.child(written), key=True)
        return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None

    def lost_key(self, key: str | None, origin: Origin) -> None:
        """Report a key that an expression gives to nothing, or a second time."""
        if origin in self.broken:
            return  # its expression failed, which has been reported
        if key is None:
            message, hint = "this expression gives no text, which a key has to be", "write what gives text"
        else:
            message, hint = f"the key `{key}` is there already", "remove one of the two"
        self.report(origin, "expression/key", message, hint, key=True)

    def count(self, values: int) -> None:
        """Count values that are made.

        Raises:
            TooManyError: there are too many.
        """
        self.size += values
        if self.size > MAX_VALUES:
            raise TooManyError

    def count_text(self, value: object) -> None:
        """Count a value that an expression made; long text counts as several."""
        self.count(1 + len(value) // _CHARACTERS_A_VALUE if isinstance(value, str | list | dict) else 1)

    def moved(self, path: Path, origin: Origin, *, natural: bool) -> None:
        """Remember where a value was written, unless it stands where it stood."""
        if not natural or path in self.origins:
            self.origins[path] = origin

    def in_environment(self, condition: object, origin: Origin) -> bool:
        """Whether `when_env` holds."""
        if condition is None:
            return True
        names = [condition] if isinstance(condition, str) else condition
        if not isinstance(names, list):
            message = "`when_env` has to be an environment or a list of them"
            self.report(origin.child("when_env"), "spec/type", message, "write `when_env: prod`")
            return False
        for name in names:
            self.check_environment(name, origin.child("when_env"))
        return self.scope.environment in names

    def check_environment(self, name: object, origin: Origin, *, key: bool = False) -> None:
        """The environment is one that the project defines."""
        if name not in self.scope.environments:
            environments = self.scope.environments
            hint = nearest(str(name), environments) or "define it under `environments:` in dashgen.yaml"
            self.report(origin, "environment/unknown", f"there is no environment `{name}`", hint, key=key)
