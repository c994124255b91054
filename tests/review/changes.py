"""A set of changes of one project, as people make them, each with what a reviewer has to see of it."""

from pathlib import Path
from typing import Final, NamedTuple

PROJECT: Final = Path(__file__).parent / "project"


class Edit(NamedTuple):
    """A text in a spec, and what stands there after the change; a file without text before it is new or gone."""

    file: str
    old: str
    new: str


CHANGES: Final[dict[str, tuple[Edit, ...]]] = {
    "threshold": (Edit("shop", "yellow: 0.5, green: 0.6", "yellow: 0.4, green: 2"),),
    "unit": (Edit("shop", "        unit: s\n", "        unit: ms\n"),),
    "query": (Edit("shop", "sum by (country) (shop_carts)", "sum(shop_carts)"),),
    "new-panel": (
        Edit(
            "night",
            "panels:\n",
            "panels:\n  - {title: Carts at night, type: stat, query: sum(shop_carts), unit: short}\n",
        ),
    ),
    "removed-panel": (
        Edit("shop", "      - title: Open carts\n        query: sum by (country) (shop_carts)\n", ""),
    ),
    "moved-panel": (
        Edit("shop", "      - title: Open carts\n        query: sum by (country) (shop_carts)\n", ""),
        Edit(
            "shop",
            "      - {use: orders, with: {title: All orders}}\n",
            "      - title: Open carts\n        query: sum by (country) (shop_carts)\n"
            "      - {use: orders, with: {title: All orders}}\n",
        ),
    ),
    "renamed-panel": (Edit("checkout", "title: Median", "title: Half are faster"),),
    "renamed-row": (Edit("shop", "  - title: Carts\n", "  - title: Carts and checkouts\n"),),
    "component": (Edit("components", "unit: reqps", "unit: reqpm"),),
    "variable-default": (Edit("components", "default: ae", "default: de"),),
    "metric-label-removed": (
        Edit("metrics", "Open carts., labels: {country: [ae, de, in]}", "Open carts."),
        Edit("shop", "sum by (country) (shop_carts)", "sum(shop_carts)"),
    ),
    "alert-threshold": (Edit("alerts", "when: below 1\n", "when: below 0.4\n"),),
    "alert-route": (Edit("notifications", "match: {severity: critical}", "match: {severity: warning}"),),
    "mute-timing": (Edit("notifications", "22:00-07:00", "20:00-08:00"),),
    "alert-severity": (Edit("alerts", "severity: warning", "severity: critical"),),
    "data-source": (Edit("sources", "http://prometheus:9090", "https://prometheus.example.com"),),
    "contact-point": (Edit("notifications", "team@example.com", "sales@example.com"),),
    "recording-rule": (
        Edit(
            "alerts",
            "rules:\n",
            "rules:\n  - {record: 'shop:orders:rate5m', query: 'sum(rate(shop_orders_total[5m]))'}\n",
        ),
        Edit("night", "panels:\n", "panels:\n  - {title: Recorded, query: 'shop:orders:rate5m'}\n"),
    ),
    "new-dashboard": (
        Edit("stock", "", "kind: Dashboard\nuid: stock\ntitle: 📦 Stock\npanels:\n  - {title: Carts, query: sum(shop_carts)}\n"),
    ),
    "removed-dashboard": (Edit("night", "*", ""),),
    "removed-alert": (
        Edit(
            "alerts",
            "  - alert: SlowCheckout\n"
            "    query: histogram_quantile(0.95, sum by (le) (rate(shop_checkout_seconds_bucket[5m])))\n"
            "    when: above 3\n    for: 5m\n    severity: critical\n"
            "    summary: Checkouts take {{ $value }} seconds\n",
            "",
        ),
    ),
    "new-alert": (
        Edit(
            "alerts",
            "rules:\n",
            "rules:\n  - alert: NoCarts\n    query: sum(shop_carts)\n    when: below 1\n    for: 10m\n"
            "    severity: warning\n    summary: Nobody shops\n",
        ),
    ),
    "alert-of-prometheus": (Edit("prometheus-alerts", "when: above 100", "when: above 200"),),
    "paused-alert": (Edit("alerts", "  - alert: FewOrders\n", "  - alert: FewOrders\n    paused: true\n"),),
    "time-range": (Edit("night", "title: 🌙 Night shift\n", "title: 🌙 Night shift\ntime: 24h\nrefresh: 10s\n"),),
    "moved-dashboard": (Edit("night", "title: 🌙 Night shift\n", "title: 🌙 Nights\nfolder: Nights\n"),),
    "error": (Edit("shop", "sum by (country) (shop_carts)", "sum by (country) (shop_carts"),),
}  # fmt: skip
"""By name, the edits of specs."""

NOTHING: Final[dict[str, tuple[Edit, ...]]] = {
    "none": (),
    "comment": (Edit("shop", "kind: Dashboard\n", "# The shop.\nkind: Dashboard\n"),),
    "form": (
        Edit("shop", "    unit: s\n", '    unit: "s"\n'),
        Edit(
            "checkout",
            "  - {use: orders, with: {title: All orders}}\n",
            "  - use: orders\n    with:\n      title: >-\n        All orders\n",
        ),
    ),
    "order": (Edit("night", "uid: night\ntitle: 🌙 Night shift\n", "title: 🌙 Night shift\nuid: night\n"),),
    "moved-file": (
        Edit("night", "*", ""),
        Edit("later", "", (PROJECT / "specs/night.yaml").read_text(encoding="utf-8")),
    ),
    "component-in-place": (
        Edit(
            "components",
            "  country:\n    variable: {name: country, label: Country, query: "
            '"label_values(shop_orders_total, country)", default: ae}\n',
            "",
        ),
        Edit(
            "shop",
            "  - use: country\n",
            '  - {name: country, label: Country, query: "label_values(shop_orders_total, country)", default: ae}\n',
        ),
    ),
    "test-data": (Edit("alerts", "0+30x20", "0+29x20"),),
}
"""Edits that change nothing that anybody sees in Grafana."""


def apply_edits(folder: Path, edits: tuple[Edit, ...]) -> None:
    """Make the edits in the specs of a project."""
    for edit in edits:
        path = folder / f"specs/{edit.file}.yaml"
        if edit.old == "*":
            path.unlink()
            continue
        text = path.read_text(encoding="utf-8") if edit.old else ""
        assert edit.old in text, edit
        path.write_text(text.replace(edit.old, edit.new, 1) if edit.old else edit.new, encoding="utf-8")
