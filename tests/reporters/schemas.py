"""Whether reports are valid against the schemas of those who read them (tests/schemas)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import xmlschema

SCHEMAS = Path(__file__).parents[1] / "schemas"


@cache
def _json_schema(name: str) -> Any:
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return validator(schema, format_checker=validator.FORMAT_CHECKER)


@cache
def _xml_schema(name: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / name)


def check_sarif(text: str) -> dict[str, Any]:
    """The report, if it is what the schema and GitHub's reader demand.

    GitHub's: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
    """
    log = json.loads(text)
    _json_schema("sarif-2.1.0.json").validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["locations"]) == 1
        assert result["message"]["text"]
        for location in [*result["locations"], *result.get("relatedLocations", ())]:
            artifact = location["physicalLocation"]["artifactLocation"]
            # A base is for relative addresses only (SARIF 2.1.0, 3.4.4).
            assert ("uriBaseId" in artifact) == (":" not in artifact["uri"])
            assert artifact.get("uriBaseId", "SRCROOT") in run["originalUriBaseIds"]
    return log


def check_gitlab(text: str) -> list[dict[str, Any]]:
    """The report, if it is what GitLab demands: each finding has a fingerprint of its own."""
    issues = json.loads(text)
    _json_schema("gitlab-code-quality.json").validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    return issues


def check_junit(text: str) -> str:
    """The report, if it is what both Ant's and Jenkins' schemas demand."""
    _xml_schema("junit-ant.xsd").validate(text)
    _xml_schema("junit-jenkins.xsd").validate(text)
    return text
