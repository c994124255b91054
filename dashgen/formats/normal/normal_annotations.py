"""The normal form of an annotation query of a dashboard or a section."""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping
from dashgen.formats.normal import ignored_defaults
from dashgen.formats.normal.normal_targets import normal_source
from dashgen.formats.normal.plain_values import without, without_defaults, without_empty
from dashgen.formats.upgrade import loss_reasons


def normal_annotation(annotation: Mapping[str, Any]) -> Json:
    """An annotation query of a dashboard."""
    read = without(annotation, frozenset(loss_reasons.ANNOTATION))
    annotation_json = {**read, "datasource": normal_source(annotation.get("datasource"))}
    # An older form of a mapping is the name of the field alone.
    annotation_json["mappings"] = {
        key: {"value": field}
        if isinstance(field, str)
        else without_defaults(mapping(field), {"source": "field"})
        for key, field in mapping(annotation.get("mappings")).items()
    }
    normal_form: Json = without_empty(without_defaults(annotation_json, ignored_defaults.ANNOTATION))
    return normal_form
