"""Text that comes from outside is built as it came: never an expression, never a reference to a secret."""

import re
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from dashgen.compile.outputs.escape_references import with_references
from dashgen.doctor.contract import PassedOver, contract_of
from dashgen.doctor.contract.contract_spec import completed, first_contract
from dashgen.model.environment_references import from_provisioning, literal, variables
from dashgen.servers.telemetry import parse_exposition
from dashgen.source.load import load_text
from dashgen.source.resolve import Scope, resolve
from dashgen.source.spec_text import printable, spec_text

PIECES = (
    "${{", "}}", "{{", "$", "$$", "$$$", "$HOME", "${HOME}", "$NAME", "NAME", "$__file{/etc/passwd}", "$__env{HOME}", "__env{X}",
    "$__vault{x}", "${__value.raw}", "$labels", "{HOME}", "'", '"', "\\", "\n", "\t", " ", ": ", " #", "- ", "%", "@", "|", ">", "&a", "*a",
    "<<", "!!int", "true", "null", "1e3", "0x10", "é", "\u2028", "\x85", "\ufeff", "🤖", "a", "{", "}", "[", "]", ",", "env.HOME", "7*7",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=("Cs",)), max_size=8).map("".join)
DATA = st.recursive(
    TEXTS | st.integers(-(2**63), 2**63) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
ENVIRONMENT = {"HOME": "/root", "NAME": "n"}


def built(text: str) -> list[Any]:
    """What the documents of a spec say."""
    loaded = load_text("foreign.yaml", text)
    assert loaded.diagnostics == []
    found = []
    for document in loaded.documents:
        resolved, problems = resolve(document, Scope({"env": dict(ENVIRONMENT)}, None, frozenset(), {}))
        assert problems == []
        found += [one.data for one in resolved]
    return found


def provisioned(text: str) -> str:
    """What Grafana makes of a text of a provisioning file (docs/reference: split at `$$`, then expanded)."""
    pattern = re.compile(
        r"\$(?:__(?P<of>file|env|vault)\{(?P<in>[^{}]*)\}|\{(?P<b>[^}]*)\}|(?P<n>\w+))", re.ASCII
    )

    def value(match: re.Match[str]) -> str:
        if match["of"] and match["of"] != "env":
            return f"<{match['of']} {match['in']}>"
        return ENVIRONMENT.get(match["in"] or match["b"] or match["n"] or "", "")

    return "$".join(pattern.sub(value, part) for part in text.split("$$"))


@given(st.dictionaries(TEXTS, DATA, min_size=1, max_size=3))
@example({"${{ x }}": {"${{ 7*7 }}": ["${{ env.HOME }}", "${{", "${{ '${{' }}"]}, "${{ '${{' }}": 1})
def test_data_that_is_written_into_a_spec_is_built_as_it_was(data: dict[str, Any]) -> None:
    wanted = {"kind": "Dashboard", "raw": printable(data)}
    assert built(spec_text([wanted])) == [wanted]


@given(TEXTS)
@example("$HOME")
@example("$$HOME")
@example("$$$__file{/etc/passwd}")
def test_a_literal_text_arrives_in_grafana_as_it_was(text: str) -> None:
    spec = literal(text)
    assert list(variables(spec)) == []
    assert provisioned(with_references(spec)) == text


@given(TEXTS)
@example("$$HOME and $HOME and $$$HOME and $$$$HOME")
@example("$$__file{/etc/grafana/grafana.ini}")
@example("$$$$NAME$HOME$$${HOME}")
def test_a_text_of_a_provisioning_file_means_the_same_after_an_import(text: str) -> None:
    # Inside a Go template `$NAME` is a variable of the template in a spec; a file in which Grafana would put the environment's
    # value there has no counterpart.
    assume(not re.search(r"\{\{[^}]*\$(?:[A-Z{_]|\$)", text))
    again = with_references(from_provisioning(text))
    # What is no reference in a spec is text: `$lower` stands for a variable only in Grafana.
    meant = re.sub(
        r"\$\$|\$(?:[A-Z][A-Z0-9_]+(?![A-Za-z0-9_])|\{[A-Z][A-Z0-9_]*\}|__(?:file|env|vault)\{[^{}]+\})|\$",
        lambda found: "$$" if found[0] == "$" else found[0],
        text,
    )
    assert provisioned(again) == provisioned(meant)


LABELS = st.lists(TEXTS, min_size=1, max_size=3, unique=True)


def exposition(values: list[str], words: str) -> str:
    """Metrics in the text format, with hostile values of a label and help."""
    escaped = [v.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"') for v in values]
    lines = "".join(f'x{{a="{value}"}} 1\n' for value in escaped)
    return f"# HELP x {' '.join(words.split())}\n# TYPE x gauge\n{lines}"


@given(LABELS, TEXTS)
@example(["${{ env.HOME }}", "${{ 5 | round(-300000000) }}"], "red \x1b[31m ${{ 7*7 }}")
def test_labels_of_an_application_are_never_expressions(values: list[str], words: str) -> None:
    # A label without a value is none.
    values = [value for value in values if "\r" not in value and printable(value)]
    drawn = contract_of(parse_exposition(exposition(values, words)), PassedOver([]))
    if not drawn:
        return
    [contract] = built(first_contract(drawn))
    if values:
        found = contract["metrics"]["x"]["labels"]["a"]
        assert set(found) == set(printable(values))
    text = "kind: Metrics\nmetrics:\n  x:\n    type: gauge\n    help: h\n    labels: {a: [z]}\n"
    data = load_text("m.yaml", text).documents[0].data
    once = completed("m.yaml", text, 0, data, drawn)
    if values:
        assert set(built(once)[0]["metrics"]["x"]["labels"]["a"]) == {"z", *printable(values)}
    again = load_text("m.yaml", once).documents[0].data
    assert completed("m.yaml", once, 0, again, drawn) == once
