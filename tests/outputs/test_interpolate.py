import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashgen.compile.outputs.escape_references import literal, with_references

CASES = [
    ("$PROM_URL/x", "$PROM_URL/x"),
    ("${HOST}:9090", "${HOST}:9090"),
    ("$__file{/run/x}", "$__file{/run/x}"),
    ("${__value.raw}", "$${__value.raw}"),
    ("{${__tags}} | json", "{$${__tags}} | json"),
    ("rate(x{$__tags}[5m])", "rate(x{$$__tags}[5m])"),
    ("bot$", "bot$$"),
    ("$labels and $1 and $A", "$$labels and $$1 and $$A"),
    ("$$", "$$$$"),
    ("$HOMEdir", "$$HOMEdir"),
    ("no dollar", "no dollar"),
]


@pytest.mark.parametrize(("written", "doubled"), CASES)
def test_only_references_to_the_environment_stay_single(written: str, doubled: str) -> None:
    assert with_references(written) == doubled


def _as_grafana_reads(text: str) -> str:
    # Split at `$$`, expand the rest, join with `$`: what Grafana's provisioning does.
    def expand(part: str) -> str:
        return re.sub(r"\$(\w+)|\$\{([^}]*)\}", lambda m: os.environ.get(m[1] or m[2], ""), part)

    return "$".join(expand(part) for part in text.split("$$"))


@pytest.mark.parametrize("written", [written for written, _ in CASES if "__file" not in written])
def test_what_is_no_reference_arrives_as_it_was_written(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PROM_URL": "http://p", "HOST": "h"}.items():
        monkeypatch.setenv(name, value)
    expected = written.replace("$PROM_URL", "http://p").replace("${HOST}", "h")
    assert _as_grafana_reads(with_references(written)) == expected
    assert _as_grafana_reads(literal(written)) == written


def test_mappings_and_lists_are_walked_and_keys_left_alone() -> None:
    assert literal({"$a": ["$b", 1, None, {"c": "$d"}]}) == {"$a": ["$$b", 1, None, {"c": "$$d"}]}


@pytest.mark.property
@given(st.text(alphabet="$a{}_A1 -"))
def test_any_literal_text_arrives(text: str) -> None:
    assert _as_grafana_reads(literal(text)) == text
