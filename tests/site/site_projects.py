"""Projects whose sites the tests look at, and readers of pages."""

from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from dashgen.project.inspection import inspect_project
from dashgen.site.site_files import site_files
from dashgen.site.site_project import SiteOptions

QUICK = SiteOptions(has_pictures=False, has_tests=False)
SHOP = """\
kind: DataSources
datasources:
  prometheus: {url: "http://user:hunter2@prometheus:9090", default: true, exemplars: tempo}
  loki: {url: "http://loki:3100", derived_fields: [{name: TraceID, label: trace_id, to: tempo}]}
  tempo: {url: "http://tempo:3200"}
---
kind: Metrics
metrics:
  shop_orders_total: {type: counter, help: "Orders **placed**.", labels: {status: [paid, failed], country: {max: 30, example: ae}}}
  shop_duration_seconds: {type: histogram, help: Time to answer.}
  shop_old_total: {type: counter, help: Gone soon., deprecated: Use shop_orders_total.}
---
kind: Dashboard
uid: shop
title: Shop
folder: Sales
description: "What is sold. See [the wiki](https://wiki.example.com)."
variables:
  - {name: country, type: query, query: "label_values(shop_orders_total, country)", label: Country}
rows:
  - title: Orders
    panels:
      - title: Orders
        query: sum by (status) (rate(shop_orders_total{country="$country"}[5m]))
        unit: reqps
        thresholds: {green: 0, red: 10}
      - title: Failed
        type: stat
        query: shop:failed:ratio
        unit: percentunit
---
kind: AlertRules
group: orders
folder: Sales
interval: 1m
rules:
  - record: shop:failed:ratio
    query: sum(rate(shop_orders_total{status="failed"}[5m])) / sum(rate(shop_orders_total[5m]))
  - alert: OrdersFail
    query: shop:failed:ratio
    when: above 10%
    for: 5m
    severity: critical
    summary: "{{ $value | humanizePercentage }} of orders fail"
    description: Look at the *payments*.
    runbook: docs/runbook.md#orders-fail
    panel: shop/failed
    tests:
      - name: fires when a quarter fails
        series: {"shop:failed:ratio": 0.25x20}
        silent_at: 4m
        fires_at: [5m, 10m]
        annotations: {summary: 25% of orders fail}
  - alert: NoOrders
    query: sum(rate(shop_orders_total[1h]))
    when: absent
    for: 1h
    severity: warning
    summary: nothing is sold
---
kind: Notifications
contact_points:
  team: {email: "team@example.com"}
  on-call: {slack: {url: $SLACK_URL}}
  nobody: {email: "nobody@example.com"}
mute_timings: {nights: {times: "22:00-06:00", location: Asia/Dubai}}
policies:
  contact_point: team
  routes:
    - {match: {severity: critical}, contact_point: on-call, repeat_interval: 1h}
    - {match: {severity: warning}, mute: nights}
"""
RUNBOOK = """\
# Runbook
## Orders fail
Ask the bank.
```sh
# no heading
```
## Other
Something else.
"""


def project(folder: Path, specs: str = SHOP, settings: str = "") -> Path:
    """A project with these specs."""
    (folder / "specs").mkdir(parents=True)
    (folder / "docs").mkdir()
    (folder / "docs/runbook.md").write_text(RUNBOOK)
    (folder / "dashgen.yaml").write_text(f"specs: [specs]\n{settings}")
    (folder / "specs/shop.yaml").write_text(specs)
    return folder


def site(root: Path, options: SiteOptions = QUICK) -> dict[str, str]:
    """The text of each file of a project's site."""
    return {path: content.decode() for path, content in site_files(inspect_project(root), options).items()}


class PageReader(HTMLParser):
    """Reads the elements, links and texts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        """The text, with one space between words."""
        return " ".join(" ".join(self.words).split())

    @property
    def ids(self) -> list[str]:
        """The targets of links within the page."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def addresses(self) -> list[str]:
        """Everything that the page links to or loads."""
        return [
            attributes[key] for _, attributes in self.elements for key in ("href", "src") if key in attributes
        ]


def dead_links(files: dict[str, str]) -> list[str]:
    """The links of pages that lead to no file, or to no place in it."""
    readers = {path: PageReader(text) for path, text in files.items() if path.endswith(".html")}
    dead = []
    for path, reader in readers.items():
        for address in reader.addresses:
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = path if not parts.path else _joined(path, unquote(parts.path))
            # The preview reads what follows `#` itself.
            is_place = bool(parts.fragment) and target != "preview.html"
            if target not in files or (is_place and parts.fragment not in readers[target].ids):
                dead.append(f"{path}: {address}")
    return dead


def _joined(page: str, address: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / address).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
