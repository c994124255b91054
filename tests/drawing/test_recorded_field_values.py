"""Values have the texts, colours and names that @grafana/data gives them."""

import json
from pathlib import Path

import pytest

from dashgen.drawing.fields.field_config import with_field_config
from dashgen.drawing.fields.field_display import FieldDisplay
from dashgen.drawing.panels.panel_drawing import PanelDrawing
from dashgen.drawing.panels.panel_values import field_values
from dashgen.drawing.svg.elements import Box
from tests.drawing.picture_support import CONTEXT
from tests.drawing.test_recorded_transformations import frames_of

# Written by tests/tools/grafana_field_values.cjs from @grafana/data 12.4.3.
CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("field_values.jsonl").read_text("utf-8").splitlines()
]
UTC = CONTEXT.__class__(CONTEXT.time_range, CONTEXT.now_ms)


def shown(case):
    frames = with_field_config(frames_of(case["frames"]), case["fieldConfig"])
    if "reduceOptions" not in case:
        return [
            [
                {"title": one.title, "cells": [cell(FieldDisplay(one).shown(value)) for value in one.values]}
                for one in frame.fields
            ]
            for frame in frames
        ]
    panel = {"options": {"reduceOptions": case["reduceOptions"]}, "fieldConfig": case["fieldConfig"]}
    values = field_values(PanelDrawing(panel, frames, Box(0, 0, 100, 100), UTC, "p"))
    # Grafana has one value without a title where there is none.
    return [[value.title, *cell(value.shown)] for value in values] or [[None, "No data", "#808080"]]


def cell(value):
    return [value.text, value.color.lower()]


def lower(value):
    if isinstance(value, list):
        if len(value) in {2, 3} and isinstance(value[-1], str) and value[-1].startswith("#"):
            return [*value[:-1], value[-1].lower()]
        return [lower(one) for one in value]
    if isinstance(value, dict):
        return {key: lower(one) for key, one in value.items()}
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_recorded_values(case):
    assert shown(case) == lower(case["shown"])
