"""Parts whose keys depend on one of them: panels and variables by `type`, rules by their first key."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from dashgen.project.schema.control_keys import LOOP, USE, controls, open_mapping
from dashgen.project.schema.schema_definitions import Definitions, choose, ref, uses, with_keys
from dashgen.project.schema.schema_shapes import Schema

_EXPRESSION = r"\$\{\{"
_PLUGIN = "-"
_WRITTEN: Schema = {"type": "object", "not": {"required": ["use"]}}


class Variants(Struct, frozen=True):
    """A part of a spec that is one of several classes, chosen by `type`.

    Attributes:
        name: what it is called.
        description: what is shown of it.
        type_description: what is shown of its `type`.
        classes: the class of each type.
        default: the type of one without `type`.
        other: the class of types that are not among them; they have a `-` in their name.
    """

    name: str
    description: str
    type_description: str
    classes: Mapping[str, str]
    default: str
    other: str | None = None

    def define(self, definitions: Definitions) -> None:
        """Add the definitions of a list's item, of its variants, and of a component's body or a default."""
        schemas, notes = definitions.schemas, {"title": self.name, "description": self.description}
        everything: dict[str, Schema] = {}
        for kind, class_name in [*self.classes.items(), *([("plugin", self.other)] if self.other else [])]:
            keys = self._keys(definitions, kind, class_name)
            described, looped = definitions.notes(class_name), {**keys, **controls(*LOOP)}
            required = definitions.required(class_name)
            schemas[f"{self.name}.{kind}"] = open_mapping(looped, required, described)
            if required:
                schemas[f"{self.name}.{kind}.partial"] = open_mapping(looped, [], described)
            everything = {**keys, **everything}
        everything["type"] = self._type()
        loose = open_mapping(everything, [], notes)
        schemas[f"{self.name}.any"] = with_keys(loose, controls(*LOOP))
        schemas[f"{self.name}.use"] = with_keys({**loose, "required": ["use"]}, controls(*USE, *LOOP))
        schemas[self.name] = self._item(notes, lambda kind: ref(f"{self.name}.{kind}"))
        schemas[f"{self.name}.body"] = self._item(notes, lambda kind: self.partial(definitions, kind))

    def _keys(self, definitions: Definitions, kind: str, class_name: str) -> dict[str, Schema]:
        fixed = {"const": kind} if kind in self.classes else {}
        return {"type": {**self._type(), **fixed}, **definitions.properties(class_name)}

    def _type(self) -> Schema:
        return {"description": self.type_description, "type": "string", "default": self.default}

    def partial(self, definitions: Definitions, kind: str) -> Schema:
        """A reference to a variant that may lack what it needs, because the rest comes from elsewhere."""
        name = f"{self.name}.{kind}.partial"
        return ref(name if name in definitions.schemas else f"{self.name}.{kind}")

    def _item(self, notes: Schema, variant: Callable[[str], Schema]) -> Schema:
        cases = [(uses(), ref(f"{self.name}.use"))]
        # A pattern, because editors take `const` for met when a longer word starts with what is written so
        # far.
        cases += [(_typed({"pattern": f"^{kind}$"}), variant(kind)) for kind in self.classes]
        free = [_EXPRESSION]
        cases.append((_typed({"pattern": _EXPRESSION}), ref(f"{self.name}.any")))
        if self.other:
            cases.append((_typed({"pattern": _PLUGIN, "not": self._known()}), variant("plugin")))
            free.append(_PLUGIN)
        # An item that is still empty counts too, so that an editor offers its keys.
        deciding = [{"type": "object", "required": [key]} for key in ("use", "type")]
        untyped = {"type": ["object", "null"], "not": {"anyOf": deciding}}
        cases.append((untyped, variant(self.default)))
        kinds: list[Schema] = [{"enum": list(self.classes)}, {"type": "string", "pattern": "|".join(free)}]
        kind = {"description": self.type_description, "default": self.default, "anyOf": kinds}
        return choose(notes, {"type": kind, **controls(*USE, *LOOP)}, cases)

    def _known(self) -> Schema:
        return {"anyOf": [{"enum": list(self.classes)}, {"pattern": _EXPRESSION}]}


def _typed(kind: Schema) -> Schema:
    """A mapping that is written out, with such a `type`."""
    return {**_WRITTEN, "properties": {"type": {"type": "string", **kind}}, "required": ["type"]}


def define_rules(definitions: Definitions, classes: Mapping[str, str], description: str) -> None:
    """Add the definitions of rules, chosen by the key that is their name."""
    schemas, notes = definitions.schemas, {"title": "rule", "description": description}
    everything: dict[str, Any] = {}
    for key, class_name in classes.items():
        entry = with_keys(definitions.struct(class_name), controls(*LOOP))
        schemas[f"rule.{key}"] = entry
        schemas[f"rule.{key}.partial"] = {name: value for name, value in entry.items() if name != "required"}
        everything = {**definitions.properties(class_name), **everything}
    loose = open_mapping(everything, [], notes)
    schemas["rule.any"] = with_keys(loose, controls(*LOOP))
    schemas["rule.use"] = with_keys({**loose, "required": ["use"]}, controls(*USE, *LOOP))
    shown = {key: everything[key] for key in classes} | controls(*USE, *LOOP)
    neither = {"if": {"type": "object"}, "then": {"anyOf": [{"required": [key]} for key in classes]}}
    schemas["rule"] = choose(notes, shown, _rule_cases(classes, ""), neither)
    schemas["rule.body"] = choose(notes, shown, _rule_cases(classes, ".partial"), ref("rule.any"))


def _rule_cases(classes: Mapping[str, str], form: str) -> list[tuple[Schema, Schema]]:
    written = [({**_WRITTEN, "required": [key]}, ref(f"rule.{key}{form}")) for key in classes]
    return [(uses(), ref("rule.use")), *written]
