"""Components: parts of specs with typed parameters, defined once and used by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dashgen.core.diagnostics import Diagnostic, nearest
from dashgen.source.load import Document
from dashgen.source.provenance import Origin

ITEM_KINDS = {
    "panels": "panel", "rows": "row", "queries": "query", "rules": "rule", "variables": "variable",
    "annotations": "annotation", "links": "link",
}  # fmt: skip
_BODIES = (*ITEM_KINDS.values(), *ITEM_KINDS)
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "number": (int, float), "integer": (int,), "boolean": (bool,), "list": (list,),
    "map": (dict,), "any": (object,),
}  # fmt: skip
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its type's name, its default, and the values it may have if they are listed."""

    type: str
    default: Any = _MISSING
    one_of: tuple[Any, ...] = ()

    @property
    def required(self) -> bool:
        """Whether every use has to give it."""
        return self.default is _MISSING

    def problem(self, value: Any) -> str:
        """What is wrong with a value, or nothing."""
        if value is None and self.default is None:
            return ""
        fits = isinstance(value, _TYPES[self.type]) and (
            not isinstance(value, bool) or self.type in ("boolean", "any")
        )
        if not fits:
            return f"expected {self.type}"
        if self.one_of and value not in self.one_of:
            return "expected one of " + ", ".join(f"`{v}`" for v in self.one_of)
        return ""


@dataclass(frozen=True, slots=True)
class Component:
    """A component: its body, whether that is a ``panel``, ``row`` … or several (``panels``), and its origin."""

    name: str
    kind: str
    body: Any
    origin: Origin
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArgumentProblem:
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
    problems: list[Diagnostic] = []
    for document in documents:
        reader = _ComponentReader(document, problems)
        for name, definition in reader.definitions():
            component = reader.component(name, definition)
            if component is None:
                continue
            if name in components:
                reader.report(
                    ("components", name),
                    "component/duplicate",
                    f"the component `{name}` is defined twice",
                    "rename one of them",
                )
            components.setdefault(name, component)
    return components, problems


class _ComponentReader:
    def __init__(self, document: Document, problems: list[Diagnostic]) -> None:
        self.document = document
        self.problems = problems

    def report(self, path: tuple[str | int, ...], rule: str, message: str, hint: str = "") -> None:
        self.problems.append(Diagnostic(rule, message, self.document.location(path, key=True), hint))

    def definitions(self) -> list[tuple[str, Any]]:
        data = self.document.data
        for key in data:
            if key not in ("kind", "components"):
                self.report(
                    (key,), "spec/unknown-key", f"unknown key `{key}`", "put components under `components:`"
                )
        components = data.get("components")
        if isinstance(components, dict):
            return list(components.items())
        self.report(
            (),
            "spec/type",
            "`components` has to be a mapping of names to components",
            "write `components: {name: {panel: …}}`",
        )
        return []

    def component(self, name: str, definition: Any) -> Component | None:
        path = ("components", name)
        if not isinstance(definition, dict):
            self.report(
                path,
                "spec/type",
                f"the component `{name}` has to be a mapping",
                "give it `params:` and a body such as `panel:`",
            )
            return None
        bodies = [key for key in definition if key in _BODIES]
        for key in definition:
            if key not in (*_BODIES, "params", "description"):
                self.report(
                    (*path, key),
                    "spec/unknown-key",
                    f"unknown key `{key}` in a component",
                    nearest(key, (*_BODIES, "params", "description"))
                    or "indent it below the body, such as `panel:`",
                )
        if len(bodies) != 1:
            self.report(
                path,
                "component/body",
                f"the component `{name}` needs exactly one body",
                "give it one of `panel:`, `panels:`, `row:`, `query:`, `rule:`, `variable:` …",
            )
            return None
        kind = bodies[0]
        origin = Origin(self.document, (*path, kind))
        return Component(
            name, kind, definition[kind], origin, self.parameters(path, definition.get("params"))
        )

    def parameters(self, path: tuple[str | int, ...], params: Any) -> dict[str, Parameter]:
        if params is None:
            return {}
        if not isinstance(params, dict):
            self.report(
                (*path, "params"),
                "spec/type",
                "`params` has to be a mapping of names to types",
                "write `params: {title: string}`",
            )
            return {}
        return {
            name: self.parameter((*path, "params", name), definition) for name, definition in params.items()
        }

    def parameter(self, path: tuple[str | int, ...], definition: Any) -> Parameter:
        details = {"type": definition} if isinstance(definition, str) else definition
        if not isinstance(details, dict):
            self.report(
                path,
                "spec/type",
                "a parameter is a type name or a mapping with `type`",
                "write `title: string`",
            )
            return Parameter("any", None)
        kind = details.get("type", "any")
        if not isinstance(kind, str) or kind not in _TYPES:
            self.report(
                path, "component/type", f"unknown parameter type `{kind}`", nearest(str(kind), _TYPES)
            )
            kind = "any"
        for key in details:
            if key not in ("type", "default", "description", "one_of"):
                self.report(
                    (*path, key),
                    "spec/unknown-key",
                    f"unknown key `{key}` in a parameter",
                    nearest(key, ("type", "default", "description", "one_of")),
                )
        choices = details.get("one_of")
        parameter = Parameter(
            kind, details.get("default", _MISSING), tuple(choices) if isinstance(choices, list) else ()
        )
        if (
            not parameter.required
            and parameter.default is not None
            and (wrong := parameter.problem(parameter.default))
        ):
            self.report(
                (*path, "default"),
                "component/default",
                f"the default does not fit: {wrong}",
                "correct the default",
            )
        return parameter
