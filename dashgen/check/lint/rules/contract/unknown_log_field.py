"""A log query reads a field that the log lines do not have.

A condition on a field that does not exist drops every line, a grouping by it gives one series, and `unwrap`
gives none: the panel is empty or wrong, without an error.

Correct the name, or add the field to `log_fields` of the contract. Names that the query makes itself are
known.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, LintQuery, Preset, lint_rule
from dashgen.check.lint.log_names import names_read
from dashgen.core.diagnostics import nearest
from dashgen.model.series_contract import SeriesContract


@lint_rule(
    presets=[Preset.RECOMMENDED],
    bad="""
        title: Slow requests
        type: logs
        datasource: loki
        query: '{app="shop"} | json | duration_msec > 500'
    """,
    good="""
        title: Slow requests
        type: logs
        datasource: loki
        query: '{app="shop"} | json | duration_ms > 500'
    """,
)
def check(query: LintQuery, project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each name that the contract knows neither as a field nor as a label of streams."""
    contract = project.contract
    if contract is None or not contract.log_fields or not query.logql:
        return
    for name, offset in names_read(query.logql):
        if not contract.has_log_name(name) and not _is_nested(name, contract) and not name.startswith("__"):
            declared = [*contract.log_fields, *contract.log_labels]
            hint = nearest(name, declared) or "add it to `log_fields` of the contract"
            yield query.at(offset, f"log lines have no field `{name}`", hint)


def _is_nested(name: str, contract: SeriesContract) -> bool:
    """Whether a name is that of something in a field: Loki joins the names of nested JSON by `_`."""
    return any(name.startswith(f"{field}_") for field in contract.log_fields)
