"""The schemas of Kubernetes' resources, strict: the API drops keys that a schema does not have."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from dashgen.core.json_values import Json

_OPEN: Final = "x-kubernetes-preserve-unknown-fields"
_GO_FLAG: Final = "^(?i)"


@cache
def resource_schema(kind: str) -> Json:
    """The schema of the `spec` of a kind (one of `API_VERSIONS`), and that of its definitions."""
    text = files("dashgen.check.kubernetes").joinpath("schemas", f"{kind}.json").read_text(encoding="utf-8")
    whole: Json = json.loads(text)
    closed: Json = _closed({"properties": {"spec": whole["properties"]["spec"]}, "required": ["spec"]})
    closed.pop("additionalProperties")
    return {**closed, "$defs": _closed(whole.get("$defs", {}))}


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and pattern.startswith(_GO_FLAG):
        # Python takes a flag at the very start only.
        closed["pattern"] = f"(?i)^{pattern.removeprefix(_GO_FLAG)}"
    is_object = isinstance(schema.get("properties"), dict)
    if is_object and not schema.get(_OPEN) and "additionalProperties" not in schema:
        closed["additionalProperties"] = False
    return closed
