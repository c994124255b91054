"""The stack's own files with the addresses of a test run in them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from dashgen.model.duration import lenient_seconds
from tests.stack.files import ROOT, STACK

INSTANCE = "app:8000"
_INTERVAL = "5s"
_LONGEST_FOR = 5 * 60


def write_rules(folder: Path) -> None:
    """The generated rule files, so that a run takes minutes: evaluated every 5 seconds, no `for` above 5 minutes.

    Nothing else in them changes.
    """
    folder.mkdir()
    for file in sorted((ROOT / "generated/rules/prometheus").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"(?m)^(    interval:) .+$", rf"\1 {_INTERVAL}", text)
        (folder / file.name).write_text(re.sub(r"(?m)^(        for:) (.+)$", _shorter, text), "utf-8")


def _shorter(line: re.Match[str]) -> str:
    seconds = lenient_seconds(line[2].strip("'\"")) or 0
    return f"{line[1]} {_LONGEST_FOR}s" if seconds > _LONGEST_FOR else line[0]


def write_prometheus(file: Path, rules: Path, ports: Mapping[str, int]) -> None:
    """The stack's scrape configuration: only what runs here, at its address here, under its name there.

    Args:
        file: where it is written.
        rules: the folder of the rules to load.
        ports: the local ports of what runs here, by the address in the stack.
    """
    config = yaml.safe_load((STACK / "prometheus/prometheus.yml").read_text(encoding="utf-8"))
    jobs = []
    for job in config["scrape_configs"]:
        for address in _addresses(job):
            if address in ports:
                static = {"targets": [f"127.0.0.1:{ports[address]}"], "labels": {"instance": address}}
                others = {key: value for key, value in job.items() if not key.endswith("_sd_configs")}
                jobs.append({**others, "static_configs": [static]})
    config["scrape_configs"] = jobs
    config["rule_files"] = [str(rules / Path(path).name) for path in config["rule_files"]]
    manager = f"127.0.0.1:{ports['alertmanager:9093']}"
    config["alerting"] = {"alertmanagers": [{"static_configs": [{"targets": [manager]}]}]}
    config["global"]["scrape_interval"] = _INTERVAL
    config["global"]["scrape_timeout"] = _INTERVAL
    file.write_text(yaml.safe_dump(config), "utf-8")


def _addresses(job: Mapping[str, Any]) -> Iterator[str]:
    for static in job.get("static_configs", []):
        yield from static["targets"]
    for looked_up in job.get("dns_sd_configs", []):
        yield from (f"{name}:{looked_up['port']}" for name in looked_up["names"])


def write_alertmanager(file: Path, receiver: int, scenario: str) -> None:
    """The stack's routes; each receiver is the test's webhook, nothing waits, and the night is never."""
    config = yaml.safe_load((STACK / "alertmanager/alertmanager.yml").read_text(encoding="utf-8"))
    url = f"http://127.0.0.1:{receiver}/{scenario}"
    config["receivers"] = [
        {"name": known["name"], "webhook_configs": [{"url": url, "send_resolved": True}]}
        for known in config["receivers"]
    ]
    config["time_intervals"] = [
        {"name": known["name"], "time_intervals": [{"years": ["2000"]}]} for known in config["time_intervals"]
    ]
    _hurry(config["route"])
    file.write_text(yaml.safe_dump(config), "utf-8")


def _hurry(route: dict[str, Any]) -> None:
    route["group_wait"] = "0s"
    route["group_interval"] = "1s"
    for inner in route.get("routes", []):
        _hurry(inner)
