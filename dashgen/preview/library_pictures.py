"""Pictures of shipped components: an example use, on the made-up data that it brings."""

from msgspec.structs import replace

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.drawing.fields.themes import ThemeName
from dashgen.evaluate.curves import sample_times
from dashgen.evaluate.logql.log_lines import LogStore
from dashgen.model.library_example import LibraryExample
from dashgen.preview.dashboard_pictures import dashboard_picture
from dashgen.preview.sample.sample_answers import SampleAnswers
from dashgen.preview.sample.sample_traces import SampleTraces
from dashgen.preview.sources.sample_source import SampleSource
from dashgen.project.inspection import Inspection
from dashgen.project.library_project import NOW, sample_data
from dashgen.project.rule_tests.made_up_data import log_entries

_WIDTH = 1200


def example_picture(
    example: LibraryExample, inspection: Inspection, theme: ThemeName = "dark"
) -> str | None:  # fmt: skip
    """The dashboard of an example, as SVG.

    Args:
        example: the example, with its made-up data.
        inspection: the settled specs of the example's project.
        theme: Grafana's theme.

    Returns:
        The picture; None when the example brings no panels.

    Raises:
        UnsupportedError: a rule has what the evaluator lacks.
    """
    dashboard = inspection.json_of(inspection.dashboards[0]) if inspection.dashboards else None
    if dashboard is None or not mappings(dashboard.get("panels")):
        return None
    series = sample_data(example, inspection.groups).store
    start = sample_times(example.sample, NOW).start
    lines = LogStore(replace(one, at=one.at + start) for one in log_entries(example.sample.lines))
    source = SampleSource(now_ms=NOW, answers=SampleAnswers(series, lines, SampleTraces(())))
    return dashboard_picture(_with_values(dashboard, example), source, theme, _WIDTH)


def _with_values(dashboard: Json, example: LibraryExample) -> Json:
    templating = mapping(dashboard.get("templating"))
    variables = [
        {**one, "current": {"text": value, "value": value}}
        if (value := example.variables.get(text(one.get("name")))) is not None
        else one
        for one in mappings(templating.get("list"))
    ]
    return {**dashboard, "templating": {**templating, "list": variables}}
