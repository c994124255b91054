"""Apply what makes specs short: expressions, components, `for_each`, environments.

What comes out is plain data in the shape of the model, with an origin for every value that moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from dashgen.diagnostics import Diagnostic, nearest
from dashgen.spec.components import ITEM_KINDS, Component, check_arguments
from dashgen.spec.join import join_panels
from dashgen.spec.load import Document
from dashgen.spec.merge import merge_over
from dashgen.spec.provenance import Origin, Resolved
from dashgen.spec.source import Path

_KEYWORDS = ("${{", "for_each", "use:", "when_env", "overlays")
_CONTROL = frozenset(("use", "with", "for_each", "when_env"))
MAX_VALUES = 1_000_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What expressions can see, and which components and environment there are."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    components: Mapping[str, Component] = field(default_factory=dict)
    environment: str | None = None
    environments: tuple[str, ...] = ()


def resolve(document: Document, scope: Scope) -> tuple[list[Resolved], list[Diagnostic]]:
    """The documents that a document stands for: none outside its environment, several with `for_each`."""
    if not any(word in document.source.text for word in _KEYWORDS):
        return [Resolved(document, document.data)], []
    resolver = _Resolver(document, scope)
    return resolver.document(), resolver.problems


def resolve_values(origin: Origin, data: Any, scope: Scope) -> tuple[Any, list[Diagnostic]]:
    """Plain data written at ``origin`` with its expressions evaluated."""
    resolver = _Resolver(origin.document, scope)
    try:
        return resolver.value(data, scope.variables, (), origin), resolver.problems
    except _TooManyError:
        message = f"the value expands to more than {MAX_VALUES} values"
        return None, [Diagnostic("spec/size", message, origin.location(), "loop over less")]


class _TooManyError(Exception):
    pass


class _Resolver:
    def __init__(self, document: Document, scope: Scope) -> None:
        self.root = document
        self.scope = scope
        self.problems: list[Diagnostic] = []
        self.origins: dict[Path, Origin] = {}
        self.size = 0

    # Documents

    def document(self) -> list[Resolved]:
        root = Origin(self.root, ())
        data = dict(self.root.data)
        if not self.in_environment(data.pop("when_env", None), root):
            return []
        overlay = self.overlay(data.pop("overlays", None), root)
        loop = data.pop("for_each", None)
        results = []
        for variables in self.bindings(loop, self.scope.variables, root):
            self.origins = {}
            try:
                results.append(self.one_document(data, overlay, variables))
            except _TooManyError:
                self.report(
                    root,
                    "spec/size",
                    f"the document expands to more than {MAX_VALUES} values",
                    "split it, or loop over less",
                )
                return []
        return results

    def one_document(
        self, data: dict[str, Any], overlay: tuple[Any, Origin] | None, variables: Mapping[str, Any]
    ) -> Resolved:
        root = Origin(self.root, ())
        own = self.value(data.get("vars", {}), variables, ("vars",), root.child("vars"))
        if isinstance(own, dict):
            variables = {**variables, **own}
        resolved = self.mapping(data, variables, (), root)
        if overlay is not None:
            content = self.value(overlay[0], variables, ("overlays",), overlay[1])
            resolved = merge_over(resolved, content, (), overlay[1], self.origins)
        return Resolved(self.root, resolved, self.origins)

    def overlay(self, overlays: Any, root: Origin) -> tuple[Any, Origin] | None:
        if overlays is None:
            return None
        if not isinstance(overlays, dict) or not all(
            isinstance(content, dict) for content in overlays.values()
        ):
            self.report(
                root.child("overlays"),
                "spec/type",
                "`overlays` has to be a mapping of environments to keys",
                "write `overlays: {prod: {refresh: 1m}}`",
            )
            return None
        for name in overlays:
            self.check_environment(name, root.child("overlays").child(name), key=True)
        chosen = self.scope.environment
        if chosen is None or chosen not in overlays:
            return None
        return overlays[chosen], root.child("overlays").child(chosen)

    # Values

    def value(self, data: Any, variables: Mapping[str, Any], path: Path, origin: Origin) -> Any:
        if isinstance(data, str):
            return self.text(data, variables, origin) if "${{" in data else data
        if isinstance(data, dict):
            return self.mapping(data, variables, path, origin)
        if isinstance(data, list):
            return self.items(data, variables, path, origin)
        return data

    def text(self, data: str, variables: Mapping[str, Any], origin: Origin) -> Any:
        from dashgen.spec.expressions import ExpressionError, evaluate  # noqa: PLC0415  # Jinja2 only where it is used

        try:
            return evaluate(data, variables)
        except ExpressionError as error:
            self.report(
                origin,
                "expression/error",
                str(error),
                "expressions are Jinja2: `${{ name }}`, `${{ n * 2 }}`, `${{ name | upper }}`",
            )
            return None

    def mapping(
        self, data: dict[str, Any], variables: Mapping[str, Any], path: Path, origin: Origin
    ) -> dict[str, Any]:
        self.count(len(data))
        result = {}
        for key, child in data.items():
            value = self.value(child, variables, (*path, key), origin.child(key))
            if value is not None or not (isinstance(child, str) and "${{" in child):
                result[key] = value
        return result

    def items(self, data: list[Any], variables: Mapping[str, Any], path: Path, origin: Origin) -> list[Any]:
        self.count(len(data))
        free = "raw" in path
        result: list[Any] = []
        for index, item in enumerate(data):
            place = origin.child(index)
            if not isinstance(item, dict) or free or _CONTROL.isdisjoint(item):
                self.moved((*path, len(result)), place, natural=index == len(result))
                result.append(self.value(item, variables, (*path, len(result)), place))
                continue
            self.expand(item, variables, path, place, result)
        return result

    def expand(
        self,
        item: dict[str, Any],
        variables: Mapping[str, Any],
        path: Path,
        origin: Origin,
        result: list[Any],
    ) -> None:
        """Append what an item with `use`, `for_each` or `when_env` stands for."""
        if not self.in_environment(item.get("when_env"), origin):
            return
        start = len(result)
        for bound in self.bindings(item.get("for_each"), variables, origin):
            if "use" in item:
                self.use(item, bound, path, origin, result)
            else:
                self.moved((*path, len(result)), origin, natural=False)
                content = {key: value for key, value in item.items() if key not in _CONTROL}
                result.append(self.mapping(content, bound, (*path, len(result)), origin))
        if "for_each" in item and path and path[-1] == "panels":
            result[start:] = join_panels(result[start:], path, start, self.origins)

    # Loops

    def bindings(self, loop: Any, variables: Mapping[str, Any], origin: Origin) -> list[Mapping[str, Any]]:
        """The variables of each turn of a `for_each`; one turn without one."""
        if loop is None:
            return [variables]
        place = origin.child("for_each")
        loop = self.value(loop, variables, ("for_each",), place)
        if isinstance(loop, list):
            loop = {"item": loop}
        if (
            not isinstance(loop, dict)
            or not loop
            or not all(isinstance(values, list | dict) for values in loop.values())
        ):
            self.report(
                place,
                "for_each/type",
                "`for_each` needs a list, or names with a list or mapping each",
                "write `for_each: {tier: [free, pro]}`",
            )
            return []
        choices = [_choices(values) for values in loop.values()]
        turns = 1
        for values in choices:
            turns *= len(values)
        self.count(turns)
        return [{**variables, **dict(zip(loop, turn, strict=True))} for turn in product(*choices)]

    # Components

    def use(
        self,
        item: dict[str, Any],
        variables: Mapping[str, Any],
        path: Path,
        origin: Origin,
        result: list[Any],
    ) -> None:
        name = self.value(item["use"], variables, ("use",), origin.child("use"))
        component = self.component(name, path, origin)
        if component is None:
            return
        arguments = self.arguments(component, item.get("with"), variables, origin)
        if arguments is None:
            return
        several = component.kind in ITEM_KINDS
        for step, body in (
            enumerate(component.body)
            if several and isinstance(component.body, list)
            else [(None, component.body)]
        ):
            place = Origin(
                component.origin.document,
                component.origin.path if step is None else (*component.origin.path, step),
                origin,
            )
            self.body(body, arguments, item, variables, (*path, len(result)), place, origin, result)

    def body(
        self, body: Any, arguments: Mapping[str, Any], item: dict[str, Any], variables: Mapping[str, Any], path: Path,
        place: Origin, origin: Origin, result: list[Any],
    ) -> None:  # fmt: skip
        """Append a component's body with what its use overrides."""
        if not isinstance(body, dict):
            self.report(
                place, "component/body", "a component's body has to be a mapping", "indent its keys below it"
            )
            return
        own: list[Any] = []
        if _CONTROL.isdisjoint(body):
            self.moved(path, place, natural=False)
            own.append(self.mapping(body, arguments, path, place))
        else:
            self.expand(body, arguments, path[:-1], place, result)
        overrides = {key: value for key, value in item.items() if key not in _CONTROL}
        for content in own:
            given = self.mapping(overrides, variables, path, origin) if overrides else {}
            result.append(merge_over(content, given, path, origin, self.origins))

    def component(self, name: Any, path: Path, origin: Origin) -> Component | None:
        component = self.scope.components.get(name) if isinstance(name, str) else None
        if component is None:
            self.report(
                origin.child("use"),
                "component/unknown",
                f"there is no component `{name}`",
                nearest(str(name), self.scope.components),
            )
            return None
        place, chain = origin, [component.name]
        while place.via is not None:
            if (
                place.document is component.origin.document
                and place.path[: len(component.origin.path)] == component.origin.path
            ):
                self.report(
                    origin.child("use"),
                    "component/cycle",
                    f"the component `{name}` uses itself",
                    "remove one of the uses",
                )
                return None
            chain.append(str(place.path[1]))
            place = place.via
        wanted = ITEM_KINDS.get(str(path[-1])) if path else None
        kind = ITEM_KINDS.get(component.kind, component.kind)
        if wanted is not None and kind != wanted:
            self.report(
                origin.child("use"),
                "component/kind",
                f"`{name}` is a {kind}, and a {wanted} is needed here",
                f"use a component with a `{wanted}:` body",
            )
            return None
        return component

    def arguments(
        self, component: Component, given: Any, variables: Mapping[str, Any], origin: Origin
    ) -> dict[str, Any] | None:
        place = origin.child("with")
        values = self.value(given or {}, variables, ("with",), place)
        if not isinstance(values, dict):
            self.report(
                place,
                "spec/type",
                "`with` has to be a mapping of parameters to values",
                "write `with: {title: …}`",
            )
            return None
        problems = check_arguments(component, values)
        for problem in problems:
            at = origin.child("use") if problem.argument is None else place.child(problem.argument)
            self.report(at, problem.rule, problem.message, problem.hint, key=problem.on_key)
        if problems:
            return None
        defaults = {name: p.default for name, p in component.parameters.items() if not p.required}
        return {**self.scope.variables, **defaults, **values}

    # Environments

    def in_environment(self, wanted: Any, origin: Origin) -> bool:
        if wanted is None:
            return True
        names = [wanted] if isinstance(wanted, str) else wanted
        if not isinstance(names, list):
            self.report(
                origin.child("when_env"),
                "spec/type",
                "`when_env` has to be an environment or a list of them",
                "write `when_env: prod`",
            )
            return False
        for name in names:
            self.check_environment(name, origin.child("when_env"))
        return self.scope.environment in names

    def check_environment(self, name: Any, origin: Origin, *, key: bool = False) -> None:
        if name not in self.scope.environments:
            hint = (
                nearest(str(name), self.scope.environments)
                or "define it under `environments:` in dashgen.yaml"
            )
            self.report(origin, "environment/unknown", f"there is no environment `{name}`", hint, key=key)

    # Book-keeping

    def moved(self, path: Path, origin: Origin, *, natural: bool) -> None:
        if not natural:
            self.origins[path] = origin

    def count(self, values: int) -> None:
        self.size += values
        if self.size > MAX_VALUES:
            raise _TooManyError

    def report(self, origin: Origin, rule: str, message: str, hint: str = "", *, key: bool = False) -> None:
        self.problems.append(
            Diagnostic(rule, message, origin.location(key=key), hint, related=origin.related())
        )


def _choices(values: list[Any] | dict[str, Any]) -> list[Any]:
    if isinstance(values, list):
        return values
    return [{"key": key, "value": value} for key, value in values.items()]
