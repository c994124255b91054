"""The transformations of a panel, one after the other."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.drawing.fields.field_matchers import script_pattern
from dashgen.drawing.fields.frames import Frame
from dashgen.drawing.transformations.calculate_field import calculate_field
from dashgen.drawing.transformations.combine_frames import (
    append_frames,
    concatenate,
    ensure_columns,
    join_by_field,
    merge_frames,
    series_to_rows,
)
from dashgen.drawing.transformations.convert_fields import convert_field_types, format_string, format_time
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
    order_fields,
    organize,
    rename_by_regex,
    rename_fields,
)
from dashgen.drawing.transformations.reduce_frames import reduce_frames, time_series_table
from dashgen.drawing.transformations.shape_frames import (
    config_from_data,
    histogram,
    join_by_labels,
    prepare_time_series,
    regression,
    transpose,
)

Transformation: TypeAlias = Callable[[Sequence[Frame], Json], list[Frame]]


def unchanged(frames: Sequence[Frame], _options: Json) -> list[Frame]:
    """The frames as they are."""
    return list(frames)


TRANSFORMATIONS: Final[Mapping[str, Transformation]] = {
    "append": append_frames, "calculateField": calculate_field, "concatenate": concatenate,
    "configFromData": config_from_data, "convertFieldType": convert_field_types,
    "ensureColumns": ensure_columns, "extractFields": extract_fields, "filterByRefId": filter_by_ref_id,
    "filterByValue": filter_by_value, "filterFieldsByName": filter_fields_by_name,
    "formatString": format_string, "formatTime": format_time, "groupBy": group_by,
    "groupingToMatrix": grouping_to_matrix, "histogram": histogram, "joinByField": join_by_field,
    "joinByLabels": join_by_labels, "labelsToFields": labels_to_fields, "limit": limit_rows,
    "merge": merge_frames, "noop": unchanged, "order": order_fields, "organize": organize,
    "partitionByValues": partition_by_values, "prepareTimeSeries": prepare_time_series,
    "reduce": reduce_frames, "regression": regression, "rename": rename_fields,
    "renameByRegex": rename_by_regex, "rowsToFields": rows_to_fields, "seriesToColumns": join_by_field,
    "seriesToRows": series_to_rows, "sortBy": sort_rows, "timeSeriesTable": time_series_table,
    "transpose": transpose,
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
        # Those of annotations and alert states change no series.
        if apply is None or one.get("disabled") is True or one.get("topic") in {"annotations", "alertStates"}:
            continue
        current = _applied(current, one, apply)
    return current


def unknown_transformations(transformations: Sequence[Json]) -> list[str]:
    """The ids of the transformations that are on, and that nothing is known of, each once."""
    ids = [
        text(one.get("id"))
        for one in mappings(transformations)
        if one.get("disabled") is not True and one.get("topic") in {None, "", "series"}
    ]
    return list(dict.fromkeys(one for one in ids if one not in TRANSFORMATIONS))


def _applied(frames: list[Frame], written: Json, apply: Transformation) -> list[Frame]:
    options = mapping(written.get("options"))
    chosen = mapping(written.get("filter"))
    if chosen.get("id") != "byRefId":
        return apply(frames, options)
    pattern = script_pattern(text(chosen.get("options")))
    if pattern is None:
        return apply(frames, options)
    # What is not chosen stays before the result, as Grafana puts it.
    others = [frame for frame in frames if not pattern.search(frame.ref_id)]
    return [*others, *apply([frame for frame in frames if pattern.search(frame.ref_id)], options)]
