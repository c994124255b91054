"""Reports are what those who read them demand, whatever is in the findings."""

import json

import jsonschema
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from dashgen.core.diagnostics import Diagnostic, Location, Related, Severity, Span, TextEdit, TextFix
from dashgen.core.diagnostics.rule_texts import rule_texts
from dashgen.core.reporters import REPORTERS, reporter
from dashgen.core.reporters.markdown_text import MOST
from dashgen.core.reporters.report_context import ReportContext
from tests.reporters.schemas import check_gitlab, check_junit, check_sarif

CONTEXT = ReportContext(root="/work/my shop", home="infra/dashgen.yaml", rule_texts=rule_texts())
SPAN = Span(2, 3, 2, 5)
FINDINGS = [
    Diagnostic("spec/key", "unknown key `a`", Location("s/a.yaml", SPAN), "remove it", related=(Related("used here", Location("s/b.yaml", Span(1, 1, 1, 1))),)),
    Diagnostic("spec/key", "unknown key `a`", Location("s/a.yaml", Span(9, 3, 9, 5)), "remove it"),
    Diagnostic("query/metric", "no metric `x`", Location("a file/Zürich 100%.yaml"), severity=Severity.WARNING),
    Diagnostic("alert/only", "100% of it: a,b\nc\x00\x1b[31m\ud800\u202e ]]> [a](b) {0}", severity=Severity.INFO),
    Diagnostic("alert/only", "", Location("/elsewhere/x.yaml", SPAN), environments=("staging", "prod")),
    Diagnostic("live/empty", "nothing", Location("https://grafana.example/d/shop"), severity=Severity.WARNING),
    Diagnostic("secret/value", "a secret", Location("s/a.yaml", SPAN), fix=TextFix("name the variable", (TextEdit("s/a.yaml", SPAN, "${{ env.X }}"),))),
]  # fmt: skip


def rendered(form: str, findings: list[Diagnostic], context: ReportContext = CONTEXT) -> str:
    return reporter(form)(findings, context)


@pytest.mark.parametrize("findings", [FINDINGS, FINDINGS[:1], []], ids=["many", "one", "none"])
def test_reports_are_valid(findings: list[Diagnostic]) -> None:
    check_sarif(rendered("sarif", [one for one in findings if one.message]))
    check_gitlab(rendered("gitlab", [one for one in findings if one.message]))
    check_junit(rendered("junit", findings))


def test_the_schemas_refuse_what_is_wrong() -> None:
    """Else the other tests of this file would prove nothing."""
    log = json.loads(rendered("sarif", FINDINGS[:1]))
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        check_sarif(json.dumps(log))
    issues = json.loads(rendered("gitlab", FINDINGS[:1]))
    del issues[0]["location"]["lines"]
    with pytest.raises(jsonschema.ValidationError):
        check_gitlab(json.dumps(issues))
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        check_junit(rendered("junit", FINDINGS).replace(' errors="0"', ""))


MESSAGES = st.text(min_size=1).filter(lambda text: text.strip() != "")
FOUND = st.builds(
    Diagnostic,
    st.sampled_from(["spec/key", "query/metric", "new/rule"]),
    MESSAGES,
    st.none() | st.builds(Location, st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(lambda name: f"s{name}.yaml"), st.just(SPAN)),
    st.text(),
    st.sampled_from(Severity),
)  # fmt: skip


@pytest.mark.property
@given(st.lists(FOUND, max_size=6))
def test_any_text_makes_a_valid_report(findings: list[Diagnostic]) -> None:
    assert len(check_sarif(rendered("sarif", findings))["runs"][0]["results"]) == len(findings)
    assert len(check_gitlab(rendered("gitlab", findings))) == len(findings)
    check_junit(rendered("junit", findings))


def test_sarif_has_the_texts_of_the_rules_that_have_findings() -> None:
    driver = check_sarif(rendered("sarif", FINDINGS))["runs"][0]["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == sorted({one.rule for one in FINDINGS})
    by_id = {rule["id"]: rule for rule in driver["rules"]}
    text = rule_texts()["query/metric"]
    assert by_id["query/metric"]["shortDescription"]["text"] == text.why
    assert text.fix in by_id["query/metric"]["fullDescription"]["text"]
    assert text.right in by_id["query/metric"]["help"]["markdown"]
    assert by_id["query/metric"]["defaultConfiguration"] == {"level": "warning"}
    assert by_id["secret/value"]["properties"]["tags"] == ["security", "secret"]
    assert "helpUri" not in by_id["query/metric"]
    linked = check_sarif(rendered("sarif", FINDINGS, ReportContext(reference_url="https://x.example/")))
    assert linked["runs"][0]["tool"]["driver"]["rules"][1]["helpUri"] == "https://x.example/rules.md#live"


def test_sarif_has_locations_relative_to_the_root_and_fixes() -> None:
    run = check_sarif(rendered("sarif", FINDINGS))["runs"][0]
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"] == "file:///work/my%20shop/"
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places[0] == {
        "artifactLocation": {"uri": "s/a.yaml", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 5},
    }
    assert [place["artifactLocation"]["uri"] for place in places[2:6]] == [
        "a%20file/Z%C3%BCrich%20100%25.yaml",
        "infra/dashgen.yaml",
        "file:///elsewhere/x.yaml",
        "https://grafana.example/d/shop",
    ]
    assert run["results"][0]["relatedLocations"][0]["message"] == {"text": "used here"}
    (change,) = run["results"][-1]["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "${{ env.X }}"}


def test_a_fix_with_a_secret_in_it_is_left_out() -> None:
    token = "glsa_" + "a1" * 20
    fix = TextFix("write it", (TextEdit("s/a.yaml", SPAN, token),))
    text = rendered("sarif", [Diagnostic("a/b", "x", Location("s/a.yaml", SPAN), fix=fix)])
    assert token not in text
    assert "fixes" not in check_sarif(text)["runs"][0]["results"][0]


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (Diagnostic("a/b", "x", Location("s/a.yaml", Span(2, 1, 2, 2))), Diagnostic("a/b", "x", Location("s/a.yaml", Span(9, 5, 9, 6))), True),
        (Diagnostic("a/b", "as in s/b.yaml:2:1"), Diagnostic("a/b", "as in s/b.yaml:7:3"), True),
        (Diagnostic("a/b", "the same as line 4"), Diagnostic("a/b", "the same as line 12"), True),
        (Diagnostic("a/b", "x", hint="one of: `a`"), Diagnostic("a/b", "x", hint="one of: `a`, `b`"), True),
        (Diagnostic("a/b", "no metric `p95`"), Diagnostic("a/b", "no metric `p99`"), False),
        (Diagnostic("a/b", "x", Location("s/a.yaml")), Diagnostic("a/b", "x", Location("s/b.yaml")), False),
        (Diagnostic("a/b", "x"), Diagnostic("a/c", "x"), False),
    ],
    ids=["line", "position", "line number", "hint", "name", "file", "rule"],
)  # fmt: skip
def test_a_fingerprint_is_the_same_as_long_as_the_finding_is(
    before: Diagnostic, after: Diagnostic, same: bool
) -> None:
    def prints(one: Diagnostic) -> tuple[str, str]:
        (issue,) = check_gitlab(rendered("gitlab", [one]))
        (result,) = check_sarif(rendered("sarif", [one]))["runs"][0]["results"]
        return issue["fingerprint"], result["partialFingerprints"]["dashgenFinding/v1"]

    assert (prints(before) == prints(after)) is same


def test_one_of_equal_findings_that_goes_leaves_the_others_their_fingerprints() -> None:
    equal = [Diagnostic("a/b", "x", Location("s/a.yaml", Span(line, 1, line, 2))) for line in (1, 2, 3)]
    all_three = [issue["fingerprint"] for issue in check_gitlab(rendered("gitlab", equal))]
    two = [issue["fingerprint"] for issue in check_gitlab(rendered("gitlab", equal[1:]))]
    assert two == all_three[:2]


def test_markdown_shows_the_worst_first_and_folds_what_to_do() -> None:
    context = ReportContext(
        rule_texts=rule_texts(), blob_url="https://git.example/shop/blob/c0ffee/", reference_url="https://git.example/"
    )  # fmt: skip
    found = [
        Diagnostic("alert/only", "just `a|b`, <b>@all</b> *x*", severity=Severity.INFO),
        Diagnostic("query/metric", "no `x`", Location("s/a b.yaml"), severity=Severity.WARNING),
        Diagnostic("spec/key", "unknown key `a`", Location("s/a.yaml", SPAN), "remove it", related=(Related("used here", Location("s/b.yaml", SPAN)),)),
    ]  # fmt: skip
    table, _, details = rendered("markdown", found, context).partition("<details>")
    assert table.splitlines() == [
        "### Findings: 1 error, 1 warning, 1 note",
        "",
        "| | finding | rule | where |",
        "|---|---|---|---|",
        "| 🔴 error | unknown key `a` | [`spec/key`](https://git.example/rules.md#spec) | [`s/a.yaml:2`](https://git.example/shop/blob/c0ffee/s/a.yaml#L2) |",
        "| 🟡 warning | no `x` | [`query/metric`](https://git.example/rules.md#query) | [`s/a b.yaml`](https://git.example/shop/blob/c0ffee/s/a%20b.yaml) |",
        "| 🔵 note | just `a\\|b`, \\<b\\>@\u200ball\\</b\\> \\*x\\* | [`alert/only`](https://git.example/rules.md#alert) |  |",
        "",
    ]
    assert "unknown key `a`; remove it; used here: [`s/b.yaml:2`]" in details
    assert details.endswith("\n</details>\n")


def test_markdown_fits_into_a_comment() -> None:
    many = [Diagnostic("a/b", f"{'long ' * 200}`{n}`", Location("s/a.yaml", SPAN)) for n in range(500)]
    text = rendered("markdown", many)
    assert len(text) < MOST
    assert "… and 450 more, which `--format json` lists." in text
    assert max(len(line) for line in text.splitlines() if line.startswith("|")) < 300


def test_without_findings_markdown_says_so() -> None:
    assert rendered("markdown", []) == "### Findings: none\n"


@pytest.mark.parametrize("form", REPORTERS)
def test_every_format_is_made_by_a_function_of_its_name(form: str) -> None:
    assert reporter(form).__name__ == f"render_{form}"
