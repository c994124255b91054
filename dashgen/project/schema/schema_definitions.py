"""The model's classes as definitions: flat, open to expressions, and with lists ready for control keys."""

import inspect
import re
from collections.abc import Mapping, Sequence

import msgspec

from dashgen.model.base import Spec
from dashgen.project.schema.control_keys import LOOP, USE, controls, open_mapping
from dashgen.project.schema.schema_shapes import EXPRESSION, Schema, flat, open_value

PREFIX = "#/$defs/"
# Lists whose items may be components, by the key of the list and the class of the item.
COMPONENT_LISTS = (
    "rows", "tabs", "queries", "annotations", "links", "panel_links", "sections", "figures", "tables",
    "charts",
)  # fmt: skip


def ref(name: str) -> Schema:
    """A reference to a definition."""
    return {"$ref": PREFIX + name}


def model_definitions(models: Sequence[type[Spec]]) -> dict[str, Schema]:
    """The definitions of the models and of every class that they use, as msgspec knows them, made flat.

    Descriptions of classes are their docstrings without the indentation of the code, which msgspec keeps or
    removes depending on its version.
    """
    _, definitions = msgspec.json.schema_components(models, ref_template=PREFIX + "{name}")
    for definition in definitions.values():
        if "description" in definition:
            definition["description"] = inspect.cleandoc(definition["description"])
    return {name: flat(definition) for name, definition in definitions.items()}


def plain_name(class_name: str) -> str:
    """A class name in plain English: ``DashboardLink`` is a dashboard link."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", class_name.rsplit(".", 1)[-1]).lower()


class Definitions:
    """Definitions of the editor's schema, added when something refers to them."""

    def __init__(self, models: Mapping[str, Schema], replaced: Mapping[tuple[str, str], Schema]) -> None:
        """Definitions over those of the models.

        Args:
            models: the definitions of `model_definitions`.
            replaced: by class and key, the schema that stands for what the model leaves untyped.
        """
        self.models = models
        self.replaced = replaced
        self.schemas: dict[str, Schema] = {}

    def properties(self, name: str) -> dict[str, Schema]:
        """The keys of a class, open to expressions."""
        properties: Schema = self.models[name].get("properties", {})
        return {key: self._property(name, key, value) for key, value in properties.items()}

    def required(self, name: str) -> list[str]:
        """The keys that a class needs."""
        return list(self.models[name].get("required", []))

    def notes(self, name: str) -> Schema:
        """The title and description of a class, which editors show."""
        return {"title": plain_name(name), "description": self.models[name].get("description", "")}

    def struct(
        self, name: str, *, required: bool = True, extra: Mapping[str, Schema] | None = None
    ) -> Schema:
        """The schema of a class, with the further keys."""
        properties = {**self.properties(name), **(extra or {})}
        return open_mapping(properties, self.required(name) if required else [], self.notes(name))

    def _property(self, owner: str, key: str, schema: Schema) -> Schema:
        replaced = self.replaced.get((owner, key))
        if replaced is not None:
            notes: Schema = {name: schema[name] for name in ("description", "examples") if name in schema}
            return {**notes, **open_value(replaced)}
        opened = open_value(schema)
        self._point(opened, key)
        return opened

    def _point(self, schema: Schema, key: str) -> None:
        """Let references lead to this schema's definitions; the items of lists get control keys."""
        if "$ref" in schema:
            schema["$ref"] = PREFIX + self.need(schema["$ref"].removeprefix(PREFIX))
        for part in schema.get("anyOf", ()):
            self._point(part, key)
        items = schema.get("items")
        if isinstance(items, dict):
            self._point_item(items, key)
        values = schema.get("additionalProperties")
        if isinstance(values, dict):
            self._point_value(values)

    def _point_value(self, values: Schema) -> None:
        """Let a map's values, which may be for some environments only, refer to this schema's definitions."""
        if "$ref" in values:
            values["$ref"] = PREFIX + self.need_value(values["$ref"].removeprefix(PREFIX))
        for part in values.get("anyOf", ()):
            self._point_value(part)
        if isinstance(values.get("items"), dict):
            self._point(values, "")

    def need_value(self, name: str) -> str:
        """The definition of a class as a value of a map."""
        definition_name = f"{name}.value"
        if definition_name not in self.schemas:
            self.schemas[definition_name] = {}
            self.schemas[definition_name] = self.struct(name, extra=controls("when_env"))
        return definition_name

    def _point_item(self, items: Schema, key: str) -> None:
        if "$ref" in items:
            items["$ref"] = PREFIX + self.need_item(items["$ref"].removeprefix(PREFIX), key)
        for part in items.get("anyOf", ()):
            self._point_item(part, key)

    def need(self, name: str) -> str:
        """The definition of a class, made when it is not there yet."""
        if name not in self.schemas:
            self.schemas[name] = {}
            self.schemas[name] = self.struct(name)
        return name

    def need_item(self, name: str, key: str) -> str:
        """The definition of a class as an item of the list ``key``."""
        usable = key in COMPONENT_LISTS
        definition_name = f"{name}.{'item' if usable else 'looped'}"
        if definition_name not in self.schemas:
            self.schemas[definition_name] = {}
            if usable:
                self.schemas[definition_name] = self.usable_item(name, self.struct(name))
            else:
                self.schemas[definition_name] = self.struct(name, extra=controls(*LOOP))
        return definition_name

    def usable_item(self, name: str, plain: Schema) -> Schema:
        """An item that is written out, or made from a component and then lacks nothing."""
        entry, used = f"{name}.entry", f"{name}.use"
        self.schemas[entry] = with_keys(plain, controls(*LOOP))
        self.schemas[used] = with_keys({**plain, "required": ["use"]}, controls(*USE, *LOOP))
        return choose(self.notes(name), controls(*USE, *LOOP), [(uses(), ref(used))], ref(entry))

    def reachable(self, schema: Schema) -> dict[str, Schema]:
        """The definitions that a schema needs, directly or through others."""
        definitions: dict[str, Schema] = {}
        todo = sorted(references(schema))
        while todo:
            name = todo.pop()
            if name not in definitions:
                definitions[name] = self.schemas[name]
                todo += sorted(references(self.schemas[name]))
        return dict(sorted(definitions.items()))


def with_keys(schema: Schema, keys: Mapping[str, Schema]) -> Schema:
    """A mapping's schema with more keys."""
    return {**schema, "properties": {**schema["properties"], **keys}}


def uses() -> Schema:
    """A mapping that is made from a component."""
    return {"type": "object", "required": ["use"]}


def choose(
    notes: Schema,
    properties: dict[str, Schema],
    cases: list[tuple[Schema, Schema]],
    other: Schema | None = None,
) -> Schema:
    """A mapping whose schema depends on some of its keys.

    Args:
        notes: what is shown of it.
        properties: the keys that decide, so that an editor offers them before one is written.
        cases: conditions that exclude each other, and the schema under each.
        other: the schema under none of them.
    """
    branches = [{"if": condition, "then": content} for condition, content in cases]
    if other is not None:
        branches.append({"if": {"anyOf": [condition for condition, _ in cases]}, "else": other})
    return {
        **notes,
        "type": ["object", "string"],
        "properties": properties,
        "pattern": EXPRESSION,
        "patternErrorMessage": "expected a mapping, or an expression ${{ … }}",
        "allOf": branches,
    }


def references(schema: object) -> set[str]:
    """The names of the definitions that a schema refers to."""
    if isinstance(schema, dict):
        names = {name for value in schema.values() for name in references(value)}
        if isinstance(schema.get("$ref"), str):
            names.add(schema["$ref"].removeprefix(PREFIX).split("/")[0])
        return names
    if isinstance(schema, list):
        return {name for value in schema for name in references(value)}
    return set()
