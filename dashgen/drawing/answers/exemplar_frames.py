"""The exemplars of a query: single observations with their labels, such as the id of a trace.

Source: pkg/promlib/querydata/exemplar of grafana/grafana (`sampler_stddev.go` at 082f560d).
"""

from math import isfinite
from statistics import stdev

from msgspec import Struct

from dashgen.core.json_values import Json, mapping, mappings, scalar_text, text
from dashgen.drawing.fields.frames import TIME_NAME, VALUE_NAME, Cell, Field, Frame


class _Exemplar(Struct):
    at: int
    value: float
    labels: dict[str, str]


def exemplar_frames(answer: list[Json], target: Json, *, step_ms: int) -> list[Frame]:
    """One frame with the fields `Time`, `Value` and one of texts for each label.

    In each step the greatest value stays, and those that are two standard deviations below the one before.

    Args:
        answer: `data` of an answer to `/api/v1/query_exemplars`.
        target: the panel's target.
        step_ms: the milliseconds of a step.
    """
    exemplars = [one for series in answer for one in _exemplars(series)]
    if not exemplars:
        return []
    sample = _sampled(exemplars, max(step_ms, 1))
    names = sorted({name for one in sample for name in one.labels})
    texts: list[Field] = []
    for name in names:
        cells: list[Cell] = [one.labels.get(name, "") for one in sample]
        texts.append(Field(name, "string", cells))
    fields = [
        Field(TIME_NAME, "time", [one.at for one in sample]),
        Field(VALUE_NAME, "number", [one.value for one in sample]),
        *texts,
    ]
    meta: Json = {"dataTopic": "annotations", "custom": {"resultType": "exemplar"}}
    return [Frame(fields, text(target.get("refId")), "exemplar", meta)]


def _exemplars(series: Json) -> list[_Exemplar]:
    outer = {name: scalar_text(value) for name, value in mapping(series.get("seriesLabels")).items()}
    exemplars = []
    for one in mappings(series.get("exemplars")):
        try:
            value, at = (
                float(scalar_text(one.get("value"))),
                round(float(scalar_text(one.get("timestamp"))) * 1000),
            )
        except (ValueError, OverflowError):
            continue
        # An exemplar that is no number, or infinite, has no place on an axis.
        if not isfinite(value):
            continue
        own = {name: scalar_text(value) for name, value in mapping(one.get("labels")).items()}
        exemplars.append(_Exemplar(at, value, {**outer, **own}))
    return exemplars


def _sampled(exemplars: list[_Exemplar], step_ms: int) -> list[_Exemplar]:
    distance = 2 * stdev([one.value for one in exemplars]) if len(exemplars) > 1 else 0.0
    steps: dict[int, list[_Exemplar]] = {}
    for one in exemplars:
        steps.setdefault(one.at // step_ms, []).append(one)
    sample: list[_Exemplar] = []
    for bucket in steps.values():
        last: _Exemplar | None = None
        for one in sorted(bucket, key=lambda exemplar: -exemplar.value):
            if last is None or (distance and last.value - one.value > distance):
                sample.append(one)
                last = one
    return sorted(sample, key=lambda exemplar: exemplar.at)
