"""The spec language as data: its JSON Schema for editors, made from the typed model."""

from dashgen.project.schema.json_schema import PROJECT, SCHEMA_KINDS, editor_schema

__all__ = ["PROJECT", "SCHEMA_KINDS", "editor_schema"]
