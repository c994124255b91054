"""Components: parts of specs with typed parameters, defined once and used by name.

A component has a body, which stands where it is used, or groups of rules, which follow its use, or both.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from dashgen.core.diagnostics import Diagnostic, nearest
from dashgen.core.json_values import Json
from dashgen.source.load import Document
from dashgen.source.provenance import Binding, Origin
from dashgen.source.source import Path

ITEM_KINDS = {
    "panels": "panel", "rows": "row", "tabs": "tab", "queries": "query", "rules": "rule",
    "variables": "variable",
    "annotations": "annotation", "links": "link", "sections": "section", "figures": "figure",
    "tables": "table", "charts": "chart",
}  # fmt: skip
_BODIES = (*ITEM_KINDS.values(), *ITEM_KINDS)
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "number": (int, float), "integer": (int,), "boolean": (bool,), "list": (list,),
    "map": (dict,), "any": (object,),
}  # fmt: skip
_PARAMETER_KEYS = ("type", "default", "description", "one_of")
RULE_GROUPS = "rule_groups"
_KEYS = (*_BODIES, RULE_GROUPS, "params", "vars", "description", "examples")
SHIPPED = "std/"
"""What the names of shipped components begin with."""
_MISSING = object()
"""The default of a parameter without one, because ``null`` is a default."""


class Parameter(Struct, frozen=True):
    """A parameter: its type's name, its default, the values it may have if they are listed, and its text."""

    type: str
    default: Any = _MISSING
    one_of: tuple[Any, ...] = ()
    description: str = ""

    @property
    def required(self) -> bool:
        """Whether every use has to give it."""
        return self.default is _MISSING

    def problem(self, value: object) -> str:
        """What is wrong with a value, or nothing."""
        if value is None and self.default is None:
            return ""
        # To Python, True is a number.
        fits = isinstance(value, _TYPES[self.type]) and (
            not isinstance(value, bool) or self.type in ("boolean", "any")
        )
        if not fits:
            return f"expected {self.type}"
        if self.one_of and value not in self.one_of:
            return "expected one of " + ", ".join(f"`{v}`" for v in self.one_of)
        return ""


class Component(Struct, frozen=True):
    """A component: its body, what kind that is (``panel``, ``row`` … or ``panels``), and its origin.

    Attributes:
        name: what uses call it.
        kind: the key of its body; that of its groups of rules when it has no body.
        body: what stands at its use; nothing when it has rules alone.
        origin: of the value at ``kind``.
        parameters: what a use gives it, by name.
        constants: what is computed from the parameters, as written; each sees those above it.
        rule_groups: the groups of rules that follow a use, as written; None without any.
        description: Markdown, whose first line says what it is for.
        examples: example uses, as written.
    """

    name: str
    kind: str
    body: Any
    origin: Origin
    parameters: Mapping[str, Parameter] = {}
    constants: Json = {}
    rule_groups: Any = None
    description: str = ""
    examples: Any = None

    @property
    def summary(self) -> str:
        """The first line of its description."""
        return self.description.strip().partition("\n")[0]

    def part(self, key: str) -> Origin:
        """The origin of one of its keys."""
        return Origin(self.origin.document, (*self.origin.path[:-1], key))

    def default_origins(self, use: Origin) -> dict[str, Binding]:
        """Where the defaults of its parameters were written, for a use of it."""
        params = self.part("params")
        return {
            name: Binding(
                Origin(params.document, (*params.path, name, "default"), use),
                f"the default of `{name}` in `{self.name}`",
            )
            for name, parameter in self.parameters.items()
            if not parameter.required
        }


class ArgumentProblem(Struct, frozen=True):
    """What is wrong with the arguments of a use: with one of them (or its name), or with what is missing."""

    rule: str
    message: str
    hint: str
    argument: str | None = None
    on_key: bool = False


def check_arguments(component: Component, values: Mapping[str, Any]) -> list[ArgumentProblem]:
    """What is wrong with the arguments that a use of a component gives."""
    problems = []
    for name, value in values.items():
        parameter = component.parameters.get(name)
        if parameter is None:
            message = f"`{component.name}` has no parameter `{name}`"
            hint = nearest(name, component.parameters) or "remove it"
            problems.append(ArgumentProblem("component/parameter", message, hint, name, on_key=True))
        elif wrong := parameter.problem(value):
            message = f"the parameter `{name}` of `{component.name}`: {wrong}"
            problems.append(ArgumentProblem("component/argument", message, "correct the value", name))
    for name, parameter in component.parameters.items():
        if parameter.required and name not in values:
            message = f"`{component.name}` needs the parameter `{name}`"
            problems.append(ArgumentProblem("component/parameter", message, f"add `{name}:` under `with:`"))
    return problems


def read_components(documents: list[Document]) -> tuple[dict[str, Component], list[Diagnostic]]:
    """The components of ``kind: Components`` documents by name, and what is wrong with their definitions."""
    components: dict[str, Component] = {}
    diagnostics: list[Diagnostic] = []
    for document in documents:
        reader = _ComponentReader(document, diagnostics)
        for name, definition in reader.definitions():
            if str(name).startswith(SHIPPED) and not document.shipped:
                message = f"`{name}`: names with `{SHIPPED}` are those of dashgen's own components"
                hint = f"call it `{str(name).removeprefix(SHIPPED) or 'kpi'}`"
                reader.report("component/reserved", message, ("components", name), hint)
                continue
            component = reader.component(name, definition)
            if component is None:
                continue
            if name in components:
                message = f"the component `{name}` is defined twice"
                reader.report("component/duplicate", message, ("components", name), "rename one of them")
            # The first definition counts.
            components.setdefault(name, component)
    return components, diagnostics


class _ComponentReader:
    """Reads one document; what is wrong is reported at its key, and what is right is used all the same."""

    def __init__(self, document: Document, diagnostics: list[Diagnostic]) -> None:
        self.document = document
        self.diagnostics = diagnostics

    def report(self, rule: str, message: str, path: Path, hint: str = "") -> None:
        location = self.document.location(path, key=True)
        self.diagnostics.append(Diagnostic(rule, message, location, hint))

    def definitions(self) -> list[tuple[str, Any]]:
        data = self.document.data
        for key in data:
            if key not in ("kind", "components"):
                hint = "put components under `components:`"
                self.report("spec/unknown-key", f"unknown key `{key}`", (key,), hint)
        components = data.get("components")
        if isinstance(components, dict):
            return list(components.items())
        message = "`components` has to be a mapping of names to components"
        self.report("spec/type", message, (), "write `components: {name: {panel: …}}`")
        return []

    def component(self, name: str, definition: object) -> Component | None:
        path: Path = ("components", name)
        if not isinstance(definition, dict):
            message = f"the component `{name}` has to be a mapping"
            self.report("spec/type", message, path, "give it `params:` and a body such as `panel:`")
            return None
        for key in definition:
            if key not in _KEYS:
                message = f"unknown key `{key}` in a component"
                hint = nearest(key, _KEYS) or "indent it below the body, such as `panel:`"
                self.report("spec/unknown-key", message, (*path, key), hint)
        bodies = [key for key in definition if key in _BODIES]
        if len(bodies) > 1 or not (bodies or RULE_GROUPS in definition):
            message = f"the component `{name}` needs exactly one body"
            hint = "give it one of `panel:`, `panels:`, `row:`, `query:`, `rule:`, `variable:` …"
            if not bodies:
                hint = f"{hint}, or `{RULE_GROUPS}:`"
            self.report("component/body", message, path, hint)
            return None
        kind = bodies[0] if bodies else RULE_GROUPS
        return Component(
            name=name,
            kind=kind,
            body=definition[kind] if bodies else None,
            origin=Origin(self.document, (*path, kind)),
            parameters=self.parameters((*path, "params"), definition.get("params")),
            constants=self.constants((*path, "vars"), definition.get("vars")),
            rule_groups=self.rule_groups((*path, RULE_GROUPS), definition),
            description=str(definition.get("description") or ""),
            examples=definition.get("examples"),
        )

    def constants(self, path: Path, constants: object) -> Json:
        if constants is None or isinstance(constants, dict):
            return constants or {}
        message = "`vars` has to be a mapping of names to values"
        self.report("spec/type", message, path, "write `vars: {limit: '${{ size * 2 }}'}`")
        return {}

    def rule_groups(self, path: Path, definition: Mapping[str, Any]) -> list[Any] | None:
        """The groups of rules; those that are no mappings are reported and left out as a whole."""
        groups = definition.get(RULE_GROUPS)
        if RULE_GROUPS not in definition:
            return None
        if isinstance(groups, list) and all(isinstance(group, dict) for group in groups):
            return groups
        message = f"`{RULE_GROUPS}` has to be a list of groups"
        self.report("spec/type", message, path, f"write `{RULE_GROUPS}: [{{group: …, rules: […]}}]`")
        return []

    def parameters(self, path: Path, params: object) -> dict[str, Parameter]:
        if params is None:
            return {}
        if not isinstance(params, dict):
            message = "`params` has to be a mapping of names to types"
            self.report("spec/type", message, path, "write `params: {title: string}`")
            return {}
        return {name: self.parameter((*path, name), definition) for name, definition in params.items()}

    def parameter(self, path: Path, definition: object) -> Parameter:
        """A parameter; one whose type is wrong takes any value, so that its uses are not wrong too."""
        details = {"type": definition} if isinstance(definition, str) else definition
        if not isinstance(details, dict):
            message = "a parameter is a type name or a mapping with `type`"
            self.report("spec/type", message, path, "write `title: string`")
            return Parameter("any", None)
        kind = details.get("type", "any")
        if not isinstance(kind, str) or kind not in _TYPES:
            message = f"unknown parameter type `{kind}`"
            self.report("component/type", message, path, nearest(str(kind), _TYPES))
            kind = "any"
        for key in details:
            if key not in _PARAMETER_KEYS:
                message = f"unknown key `{key}` in a parameter"
                self.report("spec/unknown-key", message, (*path, key), nearest(key, _PARAMETER_KEYS))
        choices, default = details.get("one_of"), details.get("default", _MISSING)
        description = str(details.get("description") or "")
        choices = tuple(choices) if isinstance(choices, list) else ()
        parameter = Parameter(kind, default, choices, description)
        if default not in (None, _MISSING) and (wrong := parameter.problem(default)):
            message = f"the default does not fit: {wrong}"
            self.report("component/default", message, (*path, "default"), "correct the default")
        return parameter
