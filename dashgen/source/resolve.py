"""Apply what makes specs short: expressions, components, `for_each`, environments.

What comes out is plain data in the shape of the model, with an origin for every value that moved.
"""

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

from dashgen.core.diagnostics import Diagnostic
from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.source.bookkeeping import MAX_VALUES, VALUES_PER_ITERATION, Bookkeeping, Scope, TooManyError, Use
from dashgen.source.brought_rules import BroughtGroup
from dashgen.source.components import ITEM_KINDS, RULE_GROUPS, Component, check_arguments
from dashgen.source.deep_merge import merge_over
from dashgen.source.escape_marks import MARK
from dashgen.source.join import join_panels
from dashgen.source.load import Document
from dashgen.source.provenance import Binding, Bindings, Origin, Resolved
from dashgen.source.source import Path

__all__ = ["MAX_VALUES", "Scope", "resolve", "resolve_values"]

# Most documents have none of these words: they are plain data and need not be walked.
_KEYWORDS = ("${{", "for_each", "when_env", "overlays")
_USE = lazy_pattern(r"use(?<=\buse)[\"']?\s*:")  # looking for a text is fifty times as fast as for a boundary
# Below these stands what Grafana calls it, whatever that may be.
_FREE = frozenset(("raw", "settings", "options", "field_options", "properties", "json_data"))
_CONTROL = frozenset(("use", "with", "for_each", "when_env"))
_MAX_USES = 30


def resolve(document: Document, scope: Scope) -> tuple[list[Resolved], list[Diagnostic]]:
    """The documents that a document stands for: none outside its environment, several with `for_each`."""
    text = document.source.text
    if not any(word in text for word in _KEYWORDS) and not _USE.search(text):
        return [Resolved(document, document.data)], []
    resolver = _Resolver(document, scope)
    documents = resolver.document()
    scope.work.add(resolver.work.done)
    return documents, resolver.diagnostics


def resolve_values(origin: Origin, data: object, scope: Scope) -> tuple[Any, list[Diagnostic]]:
    """Plain data written at ``origin`` with its expressions evaluated."""
    resolver = _Resolver(origin.document, scope)
    try:
        return resolver.value(data, (), origin.within(scope.bindings)), resolver.diagnostics
    except TooManyError:
        message = f"the value expands to more than {MAX_VALUES} values"
        return None, [Diagnostic("spec/size", message, origin.location(), "loop over less")]


class _Resolver(Bookkeeping):
    # Documents

    def document(self) -> list[Resolved]:
        root = Origin(self.root, (), None, self.scope.bindings)
        data = dict(self.root.data)
        if not self.in_environment(data.pop("when_env", None), root):
            return []
        overlay = self.overlay(data.pop("overlays", None), root)
        loop = data.pop("for_each", None)
        results = []
        try:
            for bindings in self.iterations(loop, root):
                self.origins, self.brought = {}, []
                results.append(self.one_document(data, overlay, bindings))
        except TooManyError:
            message = f"the document expands to more than {MAX_VALUES} values"
            self.report(root, "spec/size", message, "split it, or loop over less")
            return []
        return results

    def one_document(
        self,
        data: Json,
        overlay: tuple[Json, Origin] | None,
        bindings: Bindings,
    ) -> Resolved:
        root = Origin(self.root, (), None, bindings)
        bindings = self.constants(data.get("vars"), root.child("vars"))
        if overlay is not None:
            bindings = self.constants(overlay[0].get("vars"), overlay[1].child("vars").within(bindings))
        resolved = self.mapping(data, (), root.within(bindings))
        if overlay is None:
            return Resolved(self.root, resolved, self.origins, self.broken, self.rule_groups(), bindings)
        # What an overlay replaces is not there, nor are the rules that came with it.
        self.brought = [one for one in self.brought if not isinstance(overlay[0].get(one.key), list)]
        # The overlay is resolved at the paths of the document, so its origins are gathered apart, and win in
        # the end.
        own, self.origins = self.origins, {}
        over = overlay[1].within(bindings)
        content = self.mapping(overlay[0], (), over)
        inside, self.origins = self.origins, own
        resolved = merge_over(resolved, content, (), over, self.origins)
        origins = {**self.origins, **inside}
        return Resolved(self.root, resolved, origins, self.broken, self.rule_groups(), bindings)

    def rule_groups(self) -> list[Resolved]:
        """The groups of rules that uses in the document brought."""
        return [group.document() for group in self.brought]

    def constants(self, constants: object, origin: Origin) -> Bindings:
        """What the origin's expressions see and the `vars` there; each of these sees those above it."""
        bindings = origin.bindings
        for name, value in constants.items() if isinstance(constants, dict) else ():
            own = origin.child(name).within(bindings)
            binding = Binding(own, f"the variable `{name}`")
            bindings = bindings.bound({name: self.value(value, ("vars", name), own)}, {name: binding})
        return bindings

    def overlay(self, overlays: object, root: Origin) -> tuple[Any, Origin] | None:
        if overlays is None:
            return None
        if not isinstance(overlays, dict) or not all(
            isinstance(content, dict) for content in overlays.values()
        ):
            message = "`overlays` has to be a mapping of environments to keys"
            self.report(
                root.child("overlays"), "spec/type", message, "write `overlays: {prod: {refresh: 1m}}`"
            )
            return None
        for name in overlays:
            self.check_environment(name, root.child("overlays").child(name), key=True)
        chosen = self.scope.environment
        if chosen is None or chosen not in overlays:
            return None
        return overlays[chosen], root.child("overlays").child(chosen)

    # Values

    def value(self, data: object, path: Path, origin: Origin) -> Any:
        if isinstance(data, str):
            return self.text(data, origin) if "${{" in data else data
        if isinstance(data, dict):
            return self.mapping(data, path, origin)
        if isinstance(data, list):
            return self.items(data, path, origin)
        return data

    def mapping(self, data: Json, path: Path, origin: Origin) -> Json:
        self.count(len(data))
        result = {}
        for written, child in data.items():
            key = self.key(written, origin) if MARK in written else written
            if key != written:
                if key is None or key in data or key in result:
                    self.lost_key(key, origin.child(written))
                    continue
                self.moved((*path, key), origin.child(written), natural=False)
            if isinstance(child, dict) and "when_env" in child and not _FREE.intersection(path):
                if not self.in_environment(child["when_env"], origin.child(written)):
                    continue
                child = {name: part for name, part in child.items() if name != "when_env"}  # noqa: PLW2901
            value = self.value(child, (*path, key), origin.child(written))
            # A value that an expression could not give is left out; a `null` that somebody wrote stays.
            if value is not None or not (isinstance(child, str) and MARK in child):
                result[key] = value
        return result

    def items(self, data: list[Any], path: Path, origin: Origin) -> list[Any]:
        self.count(len(data))
        free = "raw" in path
        result: list[Any] = []
        for index, item in enumerate(data):
            item_origin = origin.child(index)
            if not isinstance(item, dict) or free or _CONTROL.isdisjoint(item):
                self.moved((*path, len(result)), item_origin, natural=index == len(result))
                before = len(self.diagnostics)
                value = self.value(item, (*path, len(result)), item_origin)
                # An item whose expression failed is left out, one whose expression gives null is not.
                if value is not None or len(self.diagnostics) == before:
                    result.append(value)
                continue
            self.expand(item, path, item_origin, result)
        return result

    def expand(self, item: Json, path: Path, origin: Origin, result: list[Any]) -> None:
        """Append what an item with `use`, `for_each` or `when_env` stands for."""
        self.count(VALUES_PER_ITERATION)
        if not self.in_environment(item.get("when_env"), origin):
            return
        if "with" in item and "use" not in item:
            message, hint = "`with` is given without `use`", "name the component: `use: …`"
            self.report(origin.child("with"), "component/use", message, hint, key=True)
        start = len(result)
        for bindings in self.iterations(item.get("for_each"), origin):
            bound = origin.within(bindings)
            if "use" in item:
                self.use(item, path, bound, result)
            else:
                self.moved((*path, len(result)), bound, natural=False)
                result.append(self.mapping(_without_control(item), (*path, len(result)), bound))
        # Panels whose title is the same in each iteration become one panel with several queries.
        if "for_each" in item and path and path[-1] == "panels":
            result[start:] = join_panels(result[start:], path, start, self.origins)

    # Loops

    def iterations(self, loop: object, origin: Origin) -> Iterator[Bindings]:
        """The variables of each iteration of a `for_each`; one iteration without one."""
        if loop is None:
            yield origin.bindings
            return
        loop_origin = origin.child("for_each")
        loop = self.value(loop, ("for_each",), loop_origin)
        if loop is None:
            return
        is_bare = isinstance(loop, list)
        if is_bare:
            loop = {"item": loop}
        if (
            not isinstance(loop, dict)
            or not loop
            or not all(isinstance(values, list | dict) for values in loop.values())
        ):
            message = "`for_each` needs a list, or names with a list or mapping each"
            self.report(loop_origin, "for_each/type", message, "write `for_each: {tier: [free, pro]}`")
            return
        iterations = prod(len(values) for values in loop.values())
        # Counted before the first one: a product of loops may be larger than the memory.
        self.count(iterations * VALUES_PER_ITERATION)
        choices = [
            _choices(name, values, loop_origin if is_bare else loop_origin.child(name))
            for name, values in loop.items()
        ]
        for iteration in product(*choices):
            values = {name: value for name, (value, _) in zip(loop, iteration, strict=True)}
            origins = {name: binding for name, (_, binding) in zip(loop, iteration, strict=True)}
            yield origin.bindings.bound(values, origins)

    # Components

    def use(self, item: Json, path: Path, origin: Origin, result: list[Any]) -> None:
        name = self.value(item["use"], ("use",), origin.child("use"))
        component = self.component(name, path, origin) if name is not None else None
        arguments = self.arguments(component, item.get("with"), origin) if component else None
        if component is None or arguments is None:
            return
        constants = component.part("vars")
        within = Origin(constants.document, constants.path, origin, arguments)
        used = Use(item, origin, self.constants(component.constants, within))
        among_rules = path[-1:] in (("rules",), (RULE_GROUPS,))
        if component.rule_groups is not None:
            self.bring_rules(component, used, path, result)
        if component.kind == RULE_GROUPS or (among_rules and component.kind not in ("rule", "rules")):
            return
        start = component.origin
        bodies = [(start.path, component.body)]
        if component.kind in ITEM_KINDS and isinstance(component.body, list):
            bodies = [((*start.path, number), body) for number, body in enumerate(component.body)]
        for body_path, body in bodies:
            body_origin = Origin(start.document, body_path, origin, used.arguments)
            self.body(body, used, body_origin, (*path, len(result)), result)

    def body(self, body: object, used: Use, origin: Origin, path: Path, result: list[Any]) -> None:
        """Append a component's body with what its use overrides."""
        if not isinstance(body, dict):
            message = "a component's body has to be a mapping"
            self.report(origin, "component/body", message, "indent its keys below it")
            return
        # A body with a `use` or loop of its own may become several items; the overrides go over each of them.
        start = len(result)
        if _CONTROL.isdisjoint(body):
            self.moved(path, origin, natural=False)
            result.append(self.mapping(body, path, origin))
        else:
            self.expand(body, path[:-1], origin, result)
        overrides = _without_control(used.item)
        for number in range(start, len(result)) if overrides else ():
            target = (*path[:-1], number)
            values = self.mapping(overrides, target, used.origin)
            result[number] = merge_over(result[number], values, target, used.origin, self.origins)

    def bring_rules(self, component: Component, used: Use, path: Path, result: list[Any]) -> None:
        """Remember the groups of rules that a use brings; among rules, append what is in them."""
        start = component.part(RULE_GROUPS)
        origin = Origin(start.document, start.path, used.origin, used.arguments)
        own, self.origins = self.origins, {}
        groups = self.value(component.rule_groups, (RULE_GROUPS,), origin)
        inside, self.origins = self.origins, own
        data = {RULE_GROUPS: groups}
        whole = Resolved(self.root, data, {(RULE_GROUPS,): origin, **inside}, self.broken)
        if path[-1:] != ("rules",):
            key = str(path[0]) if path else ""
            self.brought += [BroughtGroup(key, whole, number) for number in range(len(groups))]
            return
        overrides = _without_control(used.item)
        for group in (BroughtGroup("", whole, number) for number in range(len(groups))):
            for number in range(len(group.rules())):
                target = (*path, len(result))
                rule = group.rule(number, target, self.origins)
                if overrides:
                    values = self.mapping(overrides, target, used.origin)
                    rule = merge_over(rule, values, target, used.origin, self.origins)
                result.append(rule)

    def component(self, name: object, path: Path, origin: Origin) -> Component | None:
        component = self.scope.component(name) if isinstance(name, str) else None
        if component is None:
            hint = self.scope.component_hint(str(name))
            self.report(origin.child("use"), "component/unknown", f"there is no component `{name}`", hint)
            return None
        # Origins lead outwards from use to use: a component that is on the way would be opened without end.
        body = component.origin
        use, uses = origin, 0
        while use.via is not None:
            if use.document is body.document and use.path[:2] == body.path[:2]:
                message = f"the component `{name}` uses itself"
                self.report(origin.child("use"), "component/cycle", message, "remove one of the uses")
                return None
            uses += 1
            use = use.via
        if uses > _MAX_USES:
            message = f"components use each other through more than {_MAX_USES} levels"
            self.report(origin.child("use"), "component/depth", message, "use fewer levels")
            return None
        needed_kind = ITEM_KINDS.get(str(path[-1])) if path else None
        kind = ITEM_KINDS.get(component.kind, component.kind)
        if kind == RULE_GROUPS or (needed_kind == "rule" and component.rule_groups is not None):
            return component
        if needed_kind is not None and kind != needed_kind:
            message = f"`{name}` is a {kind}, and a {needed_kind} is needed here"
            hint = f"use a component with a `{needed_kind}:` body"
            self.report(origin.child("use"), "component/kind", message, hint)
            return None
        return component

    def arguments(self, component: Component, with_value: object, origin: Origin) -> Bindings | None:
        with_origin = origin.child("with")
        before = len(self.diagnostics)
        values = self.value({} if with_value is None else with_value, ("with",), with_origin)
        if len(self.diagnostics) > before:
            # An argument whose expression failed would be reported as missing, too.
            return None
        if not isinstance(values, dict):
            message = "`with` has to be a mapping of parameters to values"
            self.report(with_origin, "spec/type", message, "write `with: {title: …}`")
            return None
        problems = check_arguments(component, values)
        for problem in problems:
            if problem.argument is not None and not problem.on_key:
                argument = with_origin.child(problem.argument)
                self.report_argument(argument, problem.rule, problem.message, problem.hint)
                continue
            at = origin.child("use") if problem.argument is None else with_origin.child(problem.argument)
            self.report(at, problem.rule, problem.message, problem.hint, key=problem.on_key)
        if problems:
            return None
        # A body sees its parameters and the project's variables, not those of the loop around its use.
        defaults = {name: p.default for name, p in component.parameters.items() if not p.required}
        origins = component.default_origins(origin)
        for name in values:
            title = f"the argument `{name}` of `{component.name}`"
            origins[name] = Binding(with_origin.child(name), title)
        return self.scope.bindings.bound({**defaults, **values}, origins)


def _without_control(item: Json) -> Json:
    """An item without the keys that say how it is brought in."""
    return {key: value for key, value in item.items() if key not in _CONTROL}


def _choices(name: str, values: list[Any] | Json, origin: Origin) -> list[tuple[Any, Binding]]:
    """The values of a loop's variable, written at an origin."""
    title = f"the loop variable `{name}`"
    if isinstance(values, list):
        return [(value, Binding(origin.child(number), title)) for number, value in enumerate(values)]
    return [
        ({"key": key, "value": value}, Binding(origin.child(key), title, is_entry=True))
        for key, value in values.items()
    ]
