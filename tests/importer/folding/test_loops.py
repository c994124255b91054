"""Neighbours of one shape become a loop where that is shorter; everything else stays as it is."""

from typing import Any

import pytest

from dashgen.importer.folding.fold_loops import OVERRIDES, PANELS, QUERIES, fold_list
from dashgen.importer.folding.proof import Prover
from dashgen.source.resolve import Scope

LOOK = {"type": "stat", "unit": "bytes", "min": 0, "max": 9, "graph": "none", "no_value": "nobody " * 20}
PROVER = Prover(Scope())


def _folded(items: list[Any], kind: Any) -> list[Any]:
    built = fold_list(items, kind, lambda folded, plain: PROVER.same(kind.key, folded, plain, {}))
    assert PROVER.same(kind.key, built, items, {})
    return built


def _panel(title: str, query: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "query": query, **LOOK, **more}


@pytest.mark.parametrize(
    ("values", "loop", "query"),
    [
        (["up{job='a'}", "up{job='b'}", "up{job='c'}"], {"job": ["a", "b", "c"]}, "up{job='${{ job }}'}"),
        (["x_total", "y_total", "z_total"], {"query": ["x_total", "y_total", "z_total"]}, "${{ query }}"),
        (["rate(x[1m])", "rate(y[1m])", "rate(z[1m])"], {"metric": ["x", "y", "z"]}, "rate(${{ metric }}[1m])"),
        (["rate(x[1m])", "rate(x[5m])", "rate(x[1h])"], {"window": ["1m", "5m", "1h"]}, "rate(x[${{ window }}])"),
        (["sum by (a) (x)", "sum by (b) (x)", "sum by (c) (x)"], {"label": ["a", "b", "c"]}, "sum by (${{ label }}) (x)"),
        (["x + 1", "x + 2", "x + 3"], {"number": [1, 2, 3]}, "x + ${{ number }}"),
        ([f"histogram_quantile({q}, x)" for q in ("0.5", "0.95", "0.99")], {"quantile": [0.5, 0.95, 0.99]}, "histogram_quantile(${{ quantile }}, x)"),
        ([f"histogram_quantile({q}, x)" for q in ("0.50", "0.95", "1")], {"quantile": ["0.50", "0.95", "1"]}, "histogram_quantile(${{ quantile }}, x)"),
        (['up{a="n/${b}-x"}', 'up{a="n/${b}-y"}', 'up{a="n/z"}'], {"a": ["${b}-x", "${b}-y", "z"]}, 'up{a="n/${{ a }}"}'),
    ],
)  # fmt: skip
def test_a_parameter_is_called_by_what_differs(values: list[str], loop: Any, query: str) -> None:
    items = [{**LOOK, "query": value, "legend": "same"} for value in values]
    [only] = _folded(items, QUERIES)
    assert only == {"for_each": loop, **LOOK, "query": query, "legend": "same"}


def test_what_differs_alike_is_one_parameter() -> None:
    panels = [
        _panel(f"Errors of {name}", f'up{{job="{name}"}}', legend=name) for name in ("api", "web", "db")
    ]
    [only] = _folded(panels, PANELS)
    assert only["for_each"] == {"job": ["api", "web", "db"]}
    assert (only["title"], only["legend"]) == ("Errors of ${{ job }}", "${{ job }}")


@pytest.mark.parametrize(
    "panels",
    [
        [_panel("A", "up")],
        [_panel("A", "up"), _panel("B", "up", decimals=1), _panel("C", "down")],
        [{"title": "A", "query": "a"}, {"title": "B", "query": "b"}, {"title": "C", "query": "c"}],
        [_panel(str(n), f"x{n}", a=n, b=n * n, c=n - 9, d=f"{n}{n}", e=-n) for n in range(9)],
        [_panel("Same", f"x{n}") for n in range(5)],
        [_panel("A", "up") for _ in range(5)],
    ],
    ids=["one", "other words", "too short", "too many parameters", "one title", "no difference"],
)
def test_what_a_loop_would_not_make_shorter_or_not_the_same_stays(panels: list[Any]) -> None:
    assert _folded(panels, PANELS) == panels


def test_only_neighbours_become_a_loop_and_keep_their_place() -> None:
    text = {"title": "Note", "type": "text", "content": "x"}
    panels = [text, *(_panel(name, f"{name}_total") for name in ("a", "b", "c")), text]
    built = _folded(panels, PANELS)
    assert [built[0], built[2]] == [text, text]
    assert built[1]["for_each"]["panel"][1] == {"title": "b", "query": "b_total"}


def test_numbers_stay_numbers_and_texts_that_look_like_numbers_texts() -> None:
    panels = [
        _panel(title, f"x{limit}", thresholds={"green": 0, "red": limit})
        for title, limit in (("1", 5), ("2", 7), ("3", 1.5))
    ]
    [only] = _folded(panels, PANELS)
    assert only["for_each"]["panel"][2]["red"] == 1.5
    assert [row["title"] for row in only["for_each"]["panel"]] == ["1", "2", "3"]


def test_queries_and_overrides_are_folded_too() -> None:
    query = 'sum by (instance) (rate(node_cpu_seconds_total{mode="%s", instance=~"$instance", job=~"$job"}[$__rate_interval])) * 100'
    modes = ["user", "system", "idle", "iowait", "steal"]
    [built] = _folded([{"query": query % mode, "legend": mode, "step": "1m"} for mode in modes], QUERIES)
    assert built == {
        "for_each": {"mode": modes},
        "query": query % "${{ mode }}",
        "legend": "${{ mode }}",
        "step": "1m",
    }
    links = [{"title": "More", "dashboard": "other", "variables": {"job": "x"}}]
    overrides = [
        {"name": name, "color": "red", "links": links, "display_name": "Long name of a column" * 4}
        for name in modes
    ]
    assert len(_folded(overrides, OVERRIDES)) == 1
