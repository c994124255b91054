"""The printed forms, as they were looked at once."""

from pathlib import Path

import orjson
import pytest

from dashgen.compare import Resources, compare
from dashgen.compare.render.render_github import render_github
from dashgen.compare.render.render_json import render_json
from dashgen.compare.render.render_markdown import render_markdown
from dashgen.compare.render.render_summary import ReportedComparison
from dashgen.compare.render.render_text import render_stat, render_text
from dashgen.compare.render.render_unified import render_full
from dashgen.core.reporters.markdown_text import MOST, code, escaped
from dashgen.formats.normal.normal_dashboard import dashboard_resource
from dashgen.formats.normal.normal_notifications import contact_points_of_file
from dashgen.formats.normal.normal_others import data_source_resource
from dashgen.formats.normal.normal_rules import rule_resource
from tests.compare.support import changed, dashboard, panel
from tests.compare.test_notices import POINT, SOURCE
from tests.compare.test_rules import EVALUATOR, RULE
from tests.golden import check

GOLDEN = Path(__file__).parent / "golden"


def _comparison() -> ReportedComparison:
    board = dashboard(
        *(panel(n, f"Stat {n}", x=4 * (n - 1), w=4, h=4) for n in range(1, 7)), panel(8, "Old | one", y=4)
    )
    after = changed(board, "title", "Shop *v2* @team")
    for number in range(6):
        after = changed(after, f"panels.{number}.gridPos.h", 5)
    after = changed(after, "panels.6.targets.0.expr", 'count_over_time({app=`x`} |= "a" [5m])')
    after = changed(after, "panels.0.title", "First \x1b[31m\u202e")
    old = [
        dashboard_resource(board, folder="Sales"),
        rule_resource(RULE, "Sales", "g"),
        data_source_resource(SOURCE),
    ]
    new = [
        dashboard_resource(after, folder="Sales"),
        rule_resource(changed(RULE, f"{EVALUATOR}.evaluator.params", [0.12]), "Sales", "g"),
        data_source_resource(changed(SOURCE, "secureJsonData.token", "glsa_other")),
        dashboard_resource(
            dashboard(panel(1, "A"), uid="new", title="New"), folder="Sales", path="dashboards/Sales/new.json"
        ),
        *contact_points_of_file([POINT]),
    ]
    return ReportedComparison(
        "generated", "specs", compare(Resources(old), Resources(new)), ["look"], ["also"], "generated"
    )


FORMS = {
    "text": render_text,
    "stat": render_stat,
    "json": render_json,
    "markdown": render_markdown,
    "github": render_github,
    "full": render_full,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_what_was_looked_at(form):
    text = FORMS[form](_comparison())
    check(GOLDEN / f"{form}.txt", text)
    assert "\x1b" not in text
    assert "glsa" not in text
    assert "hooks" not in text
    assert ":pw@" not in text


def test_colours_are_only_where_they_were_asked_for():
    assert "\x1b[33m" in render_text(_comparison(), color=True)
    assert "\x1b[32m" in render_full(_comparison(), color=True)


def test_the_details_of_changes_may_be_left_out_of_the_json():
    assert "details" in orjson.loads(render_json(_comparison()))["changes"][0]
    assert "details" not in orjson.loads(render_json(_comparison(), with_details=False))["changes"][0]


@pytest.mark.parametrize(
    ("text", "shown"), [("a`b", "``a`b``"), ("`a`", "`` `a` ``"), ("a|b", "`a|b`"), ("a\nb", "`a b`")]
)
def test_code_in_markdown_stays_code(text, shown):
    assert code(text) == shown


def test_markdown_mentions_nobody_and_runs_no_html():
    assert escaped("<b>@team</b> [x](y)") == "\\<b\\>@\u200bteam\\</b\\> \\[x\\](y)"


def test_markdown_fits_into_a_comment():
    boards = [
        Resources(
            [
                dashboard_resource(dashboard(panel(1, "A"), uid=f"d{n}", title="T" * 80 + str(n), refresh=r))
                for n in range(900)
            ]
        )
        for r in ("1m", "2m")
    ]
    text = render_markdown(ReportedComparison("a", "b", compare(*boards)))
    assert len(text) < MOST + 100
    assert "more lines" in text


def test_nothing_says_so():
    assert render_text(ReportedComparison("a", "b", [])) == "no differences\n"
    assert render_markdown(ReportedComparison("a", "b", [])) == "### Dashboards and alerts: no differences\n"
