"""All settings, read from the environment once."""

import difflib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from bot.catalog import PRICES, Model, Price

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f:]*:[0-9a-f:.]*")


_OF_SCRIPTS = frozenset({"BOT_PYTHON"})
"""What scripts that start the bot may have in their environment: which Python runs it."""


class SettingsError(Exception):
    """Settings that cannot be used; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _flag(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in known:
        raise ValueError("must be 1 or 0")
    return known[text.lower()]


def _number(low: float, high: float, kind: type[int] | type[float] = float) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            raise ValueError(f"must be a{'n integer' if kind is int else ' number'}") from None
        if not low <= value <= high:
            raise ValueError(f"must be from {low:g} to {high:g}")
        return value

    return parse


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return text.rstrip("/")


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(name.lower().rstrip(".") for name in _listed(text))
    for name in hosts:
        if not _HOST.fullmatch(name):
            raise ValueError("must be names or addresses without a scheme and a port, separated by commas")
    return hosts


def _networks(text: str) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(item, strict=False)) for item in _listed(text))
    except ValueError:
        raise ValueError("must be addresses or networks such as 10.0.0.0/24, separated by commas") from None


def _path(text: str) -> Path:
    path = Path(text)
    if path.is_dir():
        raise ValueError("is a folder, and must be a file")
    return path


def _price(text: str) -> Price:
    try:
        name, cost_in, cost_out = text.split(",")
        price = Price(
            model_id=name.strip(),
            usd_per_million_input=float(cost_in),
            usd_per_million_output=float(cost_out),
        )
    except ValueError:
        raise ValueError("must be NAME,INPUT,OUTPUT with dollars per million tokens") from None
    if not price.model_id or not 0 <= price.usd_per_million_input + price.usd_per_million_output < 1e6:
        raise ValueError("must have a name and prices that are not negative")
    return price


def setting(env: str, parse: Callable[[str], Any], default: Any, help: str, **more: Any) -> Any:  # noqa: A002
    """A field of `Settings` and the variable it comes from."""
    return field(default=default, metadata={"env": env, "parse": parse, "help": help}, **more)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the bot can be told."""

    host: str = setting("BOT_HOST", str, "127.0.0.1", "Address to listen on.")
    port: int = setting("BOT_PORT", _number(0, 65535, int), 8000, "Port to listen on; 0 takes a free one.")
    database: Path = setting("BOT_DATABASE", _path, Path("bot.db"), "SQLite file with users.")
    log_file: Path | None = setting("BOT_LOG_FILE", _path, None, "File for log lines, besides stdout.")
    log_file_bytes: int = setting(
        "BOT_LOG_FILE_BYTES",
        _number(10_000, 10**10, int),
        20_000_000,
        "Size at which the log file is rotated.",
    )
    log_file_keep: int = setting(
        "BOT_LOG_FILE_KEEP", _number(0, 100, int), 3, "How many rotated log files are kept."
    )
    anthropic_api_key: str | None = setting(
        "ANTHROPIC_API_KEY", str, None, "Key of the real model; without it, a simulated one.", repr=False
    )
    anthropic_api_key_file: Path | None = setting(
        "ANTHROPIC_API_KEY_FILE", _path, None, "A file with that key; an empty one counts as none."
    )
    sim_speed: float = setting(
        "BOT_SIM_SPEED",
        _number(1, 1_000_000),
        1.0,
        "How much faster simulated time passes; durations stay realistic.",
    )
    sim_seed: int = setting("BOT_SIM_SEED", _number(0, 2**63, int), 7, "Seed of the simulated model.")
    sim_failure_rate: float = setting(
        "BOT_SIM_FAILURE_RATE", _number(0, 1), 0.015, "Share of simulated answers that fail."
    )
    sim_slowness: float = setting(
        "BOT_SIM_SLOWNESS", _number(0.01, 100), 1.0, "Factor on the simulated model's latencies."
    )
    sim_cost_factor: float = setting(
        "BOT_SIM_COST_FACTOR", _number(0.01, 1000), 1.0, "Factor on the simulated model's tokens."
    )
    scenarios: bool = setting("BOT_SCENARIOS", _flag, False, "Let the load generator change the simulation.")
    query_timeout: float = setting("BOT_QUERY_TIMEOUT", _number(1, 600), 100.0, "Seconds a query may take.")
    max_tokens: int = setting("BOT_MAX_TOKENS", _number(16, 32_000, int), 1024, "Longest answer.")
    budget_day: float = setting(
        "BOT_BUDGET_DAY", _number(0, 1e9), 50.0, "US dollars that the model may cost in a day; 0 for none."
    )
    budget_month: float = setting(
        "BOT_BUDGET_MONTH", _number(0, 1e9), 1500.0, "US dollars that it may cost in a month; 0 for none."
    )
    max_body: int = setting(
        "BOT_MAX_BODY", _number(256, 10**7, int), 16_384, "Largest request body in bytes."
    )
    requests_per_minute: int = setting(
        "BOT_REQUESTS_PER_MINUTE",
        _number(0, 10**6, int),
        6000,
        "Requests per client address; 0 for no limit.",
    )
    trusted_proxies: tuple[str, ...] = setting(
        "BOT_TRUSTED_PROXIES", _networks, (), "Proxies whose X-Forwarded-For is believed; none without it."
    )
    allowed_hosts: tuple[str, ...] = setting(
        "BOT_ALLOWED_HOSTS",
        _hosts,
        (),
        "Names of this bot besides localhost, app and the address it is reached at.",
    )
    head_timeout: float = setting(
        "BOT_HEAD_TIMEOUT", _number(0.1, 600), 10.0, "Seconds in which the head of a request has to arrive."
    )
    max_connections: int = setting(
        "BOT_MAX_CONNECTIONS", _number(1, 10**6, int), 1000, "Open connections at a time."
    )
    grafana_url: str = setting("GRAFANA_URL", _url, "http://localhost:3000", "Where the page's links lead.")
    otlp_endpoint: str | None = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT", _url, None, "OTLP/HTTP receiver of traces, such as http://tempo:4318."
    )
    otlp_timeout: float = setting(
        "BOT_OTLP_TIMEOUT", _number(0.05, 60), 5.0, "Seconds after which sending traces is given up."
    )
    shutdown_timeout: float = setting(
        "BOT_SHUTDOWN_TIMEOUT",
        _number(0.1, 600),
        20.0,
        "Seconds that running requests get when the bot stops.",
    )
    price_sonnet: Price | None = setting(
        "BOT_MODEL_SONNET", _price, None, "NAME,INPUT,OUTPUT: another Sonnet."
    )
    price_opus: Price | None = setting("BOT_MODEL_OPUS", _price, None, "NAME,INPUT,OUTPUT: another Opus.")
    price_haiku: Price | None = setting("BOT_MODEL_HAIKU", _price, None, "NAME,INPUT,OUTPUT: another Haiku.")

    @property
    def prices(self) -> dict[Model, Price]:
        """Prices of all models."""
        chosen = {Model.SONNET: self.price_sonnet, Model.OPUS: self.price_opus, Model.HAIKU: self.price_haiku}
        return {model: chosen[model] or price for model, price in PRICES.items()}


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that an environment has.

    Raises:
        SettingsError: With a sentence for each variable that is wrong or unknown.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    problems = _unknown(environ)
    for item in fields(Settings):
        text = environ.get(item.metadata["env"], "").strip()
        if not text:
            continue
        try:
            values[item.name] = item.metadata["parse"](text)
        except ValueError as error:
            problems.append(f"{item.metadata['env']}={_shown(item.metadata['env'], text)} {error}")
    problems += _read_key(values)
    if problems:
        raise SettingsError(problems)
    return replace(Settings(), **values)


def _read_key(values: dict[str, Any]) -> list[str]:
    """Take the key from its file; what is wrong with that."""
    file = values.get("anthropic_api_key_file")
    if file is None:
        return []
    if "anthropic_api_key" in values:
        return ["ANTHROPIC_API_KEY and ANTHROPIC_API_KEY_FILE are both set; one is enough"]
    try:
        key = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        return [
            f"ANTHROPIC_API_KEY_FILE cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}"
        ]
    if key:
        values["anthropic_api_key"] = key
    return []


def _shown(env: str, text: str) -> str:
    return "***" if env.endswith("_KEY") else repr(text)


def _unknown(environ: Mapping[str, str]) -> list[str]:
    """A misspelt variable would be ignored silently; the prefix says that it was meant for the bot."""
    known = [item.metadata["env"] for item in fields(Settings)]
    problems = []
    for name in sorted(environ):
        if name.startswith("BOT_") and name not in known and name not in _OF_SCRIPTS:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            problems.append(f"{name} is no setting{hint}")
    return problems


def describe() -> str:
    """All settings, for `--help`."""
    rows = []
    for item in fields(Settings):
        default = "" if item.default in (None, (), MISSING) else f" [{item.default}]"
        rows.append(f"  {item.metadata['env']:<28} {item.metadata['help']}{default}")
    return "\n".join(rows)
