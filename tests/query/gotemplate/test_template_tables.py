"""Templates that run, and templates that are refused at their character, for each server that reads them."""

from pathlib import Path

import pytest

from dashgen.query.gotemplate import (
    GRAFANA_RULE,
    LOKI_LINE,
    NOTIFICATION,
    PROMETHEUS_RULE,
    Dialect,
    check_template,
)

TABLES = Path(__file__).parent
MARK = "▸"
DIALECTS = {
    "prometheus": PROMETHEUS_RULE,
    "grafana": GRAFANA_RULE,
    "loki": LOKI_LINE,
    "notification": NOTIFICATION,
}


def templates(name: str) -> list[tuple[str, Dialect]]:
    """The templates of a table; ``⏎`` stands for a new line, and ``##`` names the server of those below."""
    table, dialect = [], PROMETHEUS_RULE
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            dialect = DIALECTS[line[3:]]
        elif line and not line.startswith("#"):
            table.append((line.replace("⏎", "\n"), dialect))
    return table


VALID = templates("valid.txt")
INVALID = templates("invalid.txt")


def test_the_tables_have_a_hundred_templates_of_each_kind_and_none_twice() -> None:
    for table in (VALID, INVALID):
        texts = {(text.replace(MARK, ""), dialect.name) for text, dialect in table}
        assert len(texts) == len(table) >= 100


@pytest.mark.parametrize(("text", "dialect"), VALID, ids=[text for text, _ in VALID])
def test_what_a_server_runs_has_no_fault(text: str, dialect: Dialect) -> None:
    assert check_template(text, dialect) == []


@pytest.mark.parametrize(("text", "dialect"), INVALID, ids=[text for text, _ in INVALID])
def test_what_a_server_refuses_is_refused_at_its_character_with_a_hint(text: str, dialect: Dialect) -> None:
    template = text.replace(MARK, "")
    faults = check_template(template, dialect)
    assert faults
    first = min(faults, key=lambda fault: fault.offset)
    assert template[: first.offset] + MARK + template[first.offset :] == text
    assert first.hint
