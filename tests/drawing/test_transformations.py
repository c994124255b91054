"""Transformations give what Grafana's give."""

import pytest

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.transformations.transform import transform

DAY = [1000, 2000]


def series(ref_id, label, values, times=None):
    value = Field("Value", "number", values, {"tier": label}, {"displayNameFromDS": label})
    return Frame([Field("Time", "time", times or DAY), value], ref_id, label)


def table(**columns):
    kinds = {str: "string", int: "number", float: "number"}
    fields = [
        Field(name, kinds[type(next(value for value in values if value is not None))], values)
        for name, values in columns.items()
    ]
    return Frame(fields, "A")


PAIR = [series("A", "free", [1, 4]), series("B", "pro", [3, None])]
SALES = table(city=["Dubai", "Ajman", "Dubai"], sum=[5, 2, 7], kind=["a", "b", "a"])


def columns(frames):
    return [
        {one.config.get("displayName") or one.name: one.values for one in frame.fields} for frame in frames
    ]  # fmt: skip


CASES = {
    "organize": (
        [SALES],
        {"excludeByName": {"kind": True}, "indexByName": {"sum": 0, "city": 1}, "renameByName": {"sum": "Sales"}},
        [{"Sales": [5, 2, 7], "city": ["Dubai", "Ajman", "Dubai"]}],
    ),
    "merge": (
        [table(city=["Dubai", "Ajman"], a=[1, 2]), table(city=["Ajman", "Fujairah"], b=[3, 4])],
        {},
        [{"city": ["Dubai", "Ajman", "Fujairah"], "a": [1, 2, None], "b": [None, 3, 4]}],
    ),
    "reduce": (
        PAIR,
        {"reducers": ["lastNotNull", "sum", "count"]},
        [{"Field": ["free", "pro"], "Last *": [4, 3], "Total": [5, 3.0], "Count": [2, 1]}],
    ),
    "groupBy": (
        [SALES],
        {"fields": {"city": {"operation": "groupby"}, "sum": {"operation": "aggregate", "aggregations": ["sum", "max"]}}},
        [{"city": ["Dubai", "Ajman"], "sum (sum)": [12, 2], "sum (max)": [7, 2]}],
    ),
    "filterByValue": (
        [SALES],
        {
            "type": "exclude",
            "match": "any",
            "filters": [{"fieldName": "sum", "config": {"id": "lower", "options": {"value": 3}}}],
        },
        [{"city": ["Dubai", "Dubai"], "sum": [5, 7], "kind": ["a", "a"]}],
    ),
    "filterFieldsByName": ([SALES], {"include": {"pattern": "/^c|^s/"}}, [{"city": SALES.fields[0].values, "sum": [5, 2, 7]}]),
    "sortBy": ([SALES], {"sort": [{"field": "sum", "desc": True}]}, [{"city": ["Dubai", "Dubai", "Ajman"], "sum": [7, 5, 2], "kind": ["a", "a", "b"]}]),
    "limit": ([SALES], {"limitField": "1"}, [{"city": ["Dubai"], "sum": [5], "kind": ["a"]}]),
    "labelsToFields": (
        [PAIR[0]], {}, [{"Time": DAY, "Value": [1, 4], "tier": ["free", "free"]}],
    ),
    "joinByField": (
        [PAIR[0], series("B", "pro", [9], [2000])], {}, [{"Time": DAY, "Value": [None, 9]}],
    ),
    "seriesToRows": (
        PAIR, {}, [{"Time": [2000, 2000, 1000, 1000], "Metric": ["free", "pro", "free", "pro"], "Value": [4, None, 1, 3]}],
    ),
    "partitionByValues": (
        [SALES], {"fields": ["city"]}, [{"sum": [5, 7], "kind": ["a", "a"]}, {"sum": [2], "kind": ["b"]}],
    ),
    "renameByRegex": ([SALES], {"regex": "/(k)in/", "renamePattern": "$1-"}, [{"city": SALES.fields[0].values, "sum": [5, 2, 7], "k-d": SALES.fields[2].values}]),
    "convertFieldType": (
        [table(at=["2026-11-30T00:00:00Z"], n=["1,200"])],
        {"conversions": [{"targetField": "n", "destinationType": "number"}, {"targetField": "at", "destinationType": "time"}]},
        [{"at": [1795996800000.0], "n": [1200.0]}],
    ),
    "extractFields": (
        [table(Line=['{"cost": 2, "who": "x"}', '{"cost": 3}'])], {"source": "Line", "replace": True}, [{"cost": [2, 3], "who": ["x", None]}],
    ),
    "groupingToMatrix": (
        [table(city=["Dubai", "Ajman", "Dubai"], kind=["a", "b", "b"], n=[1, 2, 3])],
        {"rowField": "city", "columnField": "kind", "valueField": "n", "emptyValue": "null"},
        [{"city\\kind": ["Dubai", "Ajman"], "a": [1, None], "b": [3, 2]}],
    ),
    "rowsToFields": ([table(name=["a", "b"], value=[1, 2])], {}, [{"a": [1], "b": [2]}]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_transformation(name):
    frames, options, expected = CASES[name]
    before = columns(frames)
    assert columns(transform(frames, [{"id": name, "options": options}])) == expected
    assert columns(frames) == before


@pytest.mark.parametrize(
    ("options", "name", "values"),
    [
        ({"mode": "binary", "binary": {"left": "a", "operator": "/", "right": "b"}}, "a / b", [0.5, None]),
        ({"mode": "binary", "binary": {"left": {"matcher": {"id": "byName", "options": "a"}}, "operator": "*",
                                       "right": {"fixed": "10"}}, "alias": "ten"}, "ten", [10, 20]),
        ({"mode": "reduceRow", "reduce": {"reducer": "max"}}, "Max", [2, 2]),
        ({"mode": "unary", "unary": {"operator": "percent", "fieldName": "a"}}, "percent(a)", [1 / 3, 2 / 3]),
        ({"mode": "cumulativeFunctions", "cumulative": {"field": "a", "reducer": "sum"}}, "cumulative sum(a)", [1, 3]),
        ({"mode": "windowFunctions", "window": {"field": "a", "reducer": "mean", "windowSizeMode": "fixed",
                                                "windowSize": 2, "windowAlignment": "trailing"}},
         "trailing moving mean(a)", [1, 1.5]),
        ({"mode": "index"}, "Row", [0, 1]),
    ],
)  # fmt: skip
def test_a_calculated_field(options, name, values):
    frame = table(a=[1, 2], b=[2, None])
    field = transform([frame], [{"id": "calculateField", "options": options}])[0].fields[-1]
    assert field.name == name
    expected = [float("inf") if value is None and name == "a / b" else value for value in values]
    assert field.values == pytest.approx(expected)


def test_disabled_unknown_and_filtered_transformations():
    limit = {"id": "limit", "options": {"limitField": 1}}
    assert transform([SALES], [{**limit, "disabled": True}, {"id": "spatial"}]) == [SALES]
    only_b = transform(PAIR, [{**limit, "filter": {"id": "byRefId", "options": "B"}}])
    assert {frame.ref_id: frame.length for frame in only_b} == {"A": 2, "B": 1}


@pytest.mark.parametrize(
    ("line", "options", "fields"),
    [
        ("a=\"1\",   \"b\"='2',c=3  x:y ;\r\nz=\"d and 4\"", {"format": "kvp"},
         {"a": "1", "b": "2", "c": "3", "x": "y", "z": "d and 4"}),
        ("up {job=api} fast", {"format": "kvp"}, {"up": "", "job": "api", "fast": ""}),
        ('path="a\\"b"', {"format": "kvp"}, {"path": 'a"b'}),
        ("red, green ,blue", {"format": "delimiter"}, {"red": 1, "green": 1, "blue": 1}),
        ("red|green", {"format": "delimiter", "delimiter": "|"}, {"red": 1, "green": 1}),
        ("GET /x 200", {"format": "regexp", "regExp": "/(?<method>\\w+) \\S+ (?<code>\\d+)/"},
         {"method": "GET", "code": "200"}),
        ("anything", {"format": "regexp", "regExp": "no slashes"}, {"NewField": "anything"}),
        ('{"a": {"b": [1, 2]}}', {"format": "json", "jsonPaths": [{"path": "a.b[1]", "alias": "x"}, {"path": "z"}]},
         {"x": 2, "z": "Not Found"}),
        ("[5, 6]", {"format": "json"}, {"0": 5, "1": 6}),
        ("no json", {"format": "json"}, {}),
        ("level=info", {}, {"level": "info"}),
    ],
)  # fmt: skip
def test_a_way_to_extract_fields(line, options, fields):
    result = transform(
        [table(Line=[line])],
        [{"id": "extractFields", "options": {"source": "Line", "replace": True, **options}}],
    )
    assert columns(result) == [{name: [value] for name, value in fields.items()}]


def test_rows_become_fields_with_config_and_labels():
    frame = table(name=["cpu", "disk"], value=[1, 2], Max=[10, 20], host=["x", "y"])
    fields = transform([frame], [{"id": "rowsToFields", "options": {}}])[0].fields
    assert [(one.name, one.values, one.config, one.labels) for one in fields] == [
        ("cpu", [1], {"max": 10}, {"host": "x"}), ("disk", [2], {"max": 20}, {"host": "y"}),
    ]  # fmt: skip
    mapped = {"mappings": [{"fieldName": "host", "handlerKey": "field.name"}, {"fieldName": "Max", "handlerKey": "field.value"},
                           {"fieldName": "value", "handlerKey": "__ignore"}]}  # fmt: skip
    fields = transform([frame], [{"id": "rowsToFields", "options": mapped}])[0].fields
    assert [(one.name, one.values, one.labels) for one in fields] == [
        ("x", [10], {"name": "cpu"}),
        ("y", [20], {"name": "disk"}),
    ]


def test_config_comes_from_another_query():
    config = Frame([Field("Min", "number", [1, 2]), Field("limit", "number", [50, 80])], "config")
    options = {"configRefId": "config", "mappings": [{"fieldName": "limit", "handlerKey": "threshold1"}]}
    (frame,) = transform([PAIR[0], config], [{"id": "configFromData", "options": options}])
    assert frame.fields[1].config["min"] == 2
    assert [step["value"] for step in frame.fields[1].config["thresholds"]["steps"]] == [None, 80]


def test_parts_of_a_table_have_labels_or_names():
    parts = transform([SALES], [{"id": "partitionByValues", "options": {"fields": ["city"]}}])
    assert [part.fields[0].labels for part in parts] == [{"city": "Dubai"}, {"city": "Ajman"}]
    naming = {"asLabels": False, "withNames": True}
    parts = transform(
        [SALES], [{"id": "partitionByValues", "options": {"fields": ["city", "kind"], "naming": naming}}]
    )
    assert [part.name for part in parts] == ["city=Dubai kind=a", "city=Ajman kind=b"]


def test_series_are_joined_by_labels_or_put_under_each_other():
    series_of = [series("A", tier, [1, value]) for tier, value in (("free", 4), ("pro", 6))]
    for frame, kind in zip(series_of, ("in", "out"), strict=True):
        frame.fields[1].labels |= {"kind": kind, "host": "x"}
    (joined,) = transform(series_of, [{"id": "joinByLabels", "options": {"value": "kind", "join": ["host"]}}])
    assert columns([joined]) == [{"host": ["x"], "in": [4], "out": [6]}]
    (long,) = transform(PAIR, [{"id": "prepareTimeSeries", "options": {"format": "long"}}])
    assert columns([long]) == [
        {"Time": [1000, 1000, 2000, 2000], "tier": ["free", "pro"] * 2, "Value": [1, 3, 4, None]}
    ]


@pytest.mark.parametrize(("model", "degree"), [("linear", 1), ("polynomial", 2)])
def test_a_regression_comes_closest_to_its_points(model, degree):
    frame = Frame(
        [Field("Time", "time", [0, 1, 2, 3]), Field("v", "number", [float(x**degree) for x in range(4)])], "A"
    )
    options = {"modelType": model, "degree": degree, "predictionCount": 4}
    line = transform([frame], [{"id": "regression", "options": options}])[-1]
    assert line.fields[1].values == pytest.approx([x**degree for x in range(4)], abs=1e-6)


def test_transformations_of_annotations_change_no_series():
    assert transform([SALES], [{"id": "limit", "topic": "annotations", "options": {"limitField": 1}}]) == [
        SALES
    ]
