"""The transformations of a panel, one after the other."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.transformations.calculate_field import calculate_field
from dashgen.drawing.transformations.combine_frames import (
    append_frames,
    concatenate,
    join_by_field,
    merge_frames,
    series_to_rows,
)
from dashgen.drawing.transformations.extract_fields import extract_fields
from dashgen.drawing.transformations.filter_frames import (
    filter_by_ref_id,
    filter_by_value,
    filter_fields_by_name,
    limit_rows,
    sort_rows,
)
from dashgen.drawing.transformations.group_rows import group_by, grouping_to_matrix, partition_by_values
from dashgen.drawing.transformations.label_fields import labels_to_fields, rows_to_fields
from dashgen.drawing.transformations.organize_fields import (
    convert_field_types,
    order_fields,
    organize,
    rename_by_regex,
    rename_fields,
)
from dashgen.drawing.transformations.reduce_frames import reduce_frames, time_series_table

Transformation: TypeAlias = Callable[[Sequence[Frame], Json], list[Frame]]
TRANSFORMATIONS: Final[Mapping[str, Transformation]] = {
    "append": append_frames, "calculateField": calculate_field, "concatenate": concatenate,
    "convertFieldType": convert_field_types, "extractFields": extract_fields,
    "filterByRefId": filter_by_ref_id, "filterByValue": filter_by_value,
    "filterFieldsByName": filter_fields_by_name, "groupBy": group_by,
    "groupingToMatrix": grouping_to_matrix, "joinByField": join_by_field,
    "labelsToFields": labels_to_fields, "limit": limit_rows, "merge": merge_frames, "order": order_fields,
    "organize": organize, "partitionByValues": partition_by_values, "reduce": reduce_frames,
    "rename": rename_fields, "renameByRegex": rename_by_regex, "rowsToFields": rows_to_fields,
    "seriesToColumns": join_by_field, "seriesToRows": series_to_rows, "sortBy": sort_rows,
    "timeSeriesTable": time_series_table,
}  # fmt: skip
"""Each transformation by its id."""


def transform(frames: Sequence[Frame], transformations: Sequence[Json]) -> list[Frame]:
    """What the transformations of a panel make of its frames.

    Args:
        frames: the frames of all queries of the panel.
        transformations: `transformations` of the panel. One that is disabled, or not known, changes nothing.

    Returns:
        New frames; those given stay as they are.
    """
    current = list(frames)
    for one in mappings(transformations):
        apply = TRANSFORMATIONS.get(text(one.get("id")))
        if apply is None or one.get("disabled") is True:
            continue
        current = _applied(current, one, apply)
    return current


def _applied(frames: list[Frame], written: Json, apply: Transformation) -> list[Frame]:
    options = mapping(written.get("options"))
    chosen = mapping(written.get("filter"))
    if chosen.get("id") != "byRefId":
        return apply(frames, options)
    ref_ids = text(chosen.get("options")).strip("/").replace("(?:", "").replace(")", "").split("|")
    matching = [frame for frame in frames if frame.ref_id in ref_ids]
    return [*apply(matching, options), *(frame for frame in frames if frame.ref_id not in ref_ids)]
