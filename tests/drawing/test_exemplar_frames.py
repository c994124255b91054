"""Exemplars of a server as a frame."""

from dashgen.drawing.answers.exemplar_frames import exemplar_frames


def test_exemplars_that_are_no_finite_numbers_are_left_out():
    values = ["1", "+Inf", "NaN", "-Inf", "2"]
    exemplars = [
        {"labels": {"trace_id": value}, "value": value, "timestamp": at} for at, value in enumerate(values)
    ]
    [frame] = exemplar_frames([{"seriesLabels": {}, "exemplars": exemplars}], {"refId": "A"}, step_ms=1000)
    assert [field.values for field in frame.fields] == [[0, 4000], [1.0, 2.0], ["1", "2"]]


def test_exemplars_without_a_finite_number_make_no_frame():
    series = {"seriesLabels": {}, "exemplars": [{"labels": {}, "value": "NaN", "timestamp": 1}]}
    assert exemplar_frames([series], {}, step_ms=1000) == []
