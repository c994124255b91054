"""Load for the bot, and a past for its metrics: `python -m loadgen --help`."""

import argparse
import asyncio
import re
import signal
import sys
from pathlib import Path

from loadgen.drive import MOST_PER_SECOND, MOST_SECONDS, BotUnusableError, Driver
from loadgen.history.run import HistoryOptions, write_history
from loadgen.safety import ForbiddenHostError, check_url
from loadgen.scenarios import SCENARIOS

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LABEL = re.compile(r"([A-Za-z_]\w*)=(.+)")


def _duration(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration such as 90s, 10m, 2h or 30d")
    return float(match[1]) * _UNITS[match[2] or "s"]


def _label(text: str) -> tuple[str, str]:
    match = _LABEL.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no label such as job=bot")
    return match[1], match[2]


def _factor(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= MOST_PER_SECOND:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most {MOST_PER_SECOND:g}")
    return value


def _parser() -> argparse.ArgumentParser:
    scenarios = "\n".join(f"  {item.name:<18} {item.description}" for item in SCENARIOS.values())
    parser = argparse.ArgumentParser(
        prog="python -m loadgen",
        description="Load for the bot (--scenario), or a past for its metrics (--backfill).",
        epilog=f"scenarios:\n{scenarios}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--scenario", choices=SCENARIOS, metavar="NAME", help="what happens; see below")
    what.add_argument("--backfill", type=_duration, metavar="30d", help="how much of a past to write")
    parser.add_argument("--seed", type=int, default=7, help="the same seed does the same [7]")
    load = parser.add_argument_group("load")
    load.add_argument("--url", default="http://127.0.0.1:8000", help="the bot [%(default)s]")
    load.add_argument(
        "--duration",
        type=_duration,
        help=f"compress the scenario into this time; {MOST_SECONDS:.0f}s at most",
    )
    load.add_argument(
        "--rate",
        type=_factor,
        default=1.0,
        help=f"factor on the rate; never above {MOST_PER_SECOND:.0f}/s [1]",
    )
    load.add_argument("--allow-host", action="append", default=[], help="a host outside private networks")
    load.add_argument("--real-model", action="store_true", help="also when the bot's answers cost money")
    past = parser.add_argument_group("backfill")
    past.add_argument("--out", type=Path, help="file to write, as OpenMetrics")
    past.add_argument("--label", type=_label, action="append", default=[], help="job=bot; may be repeated")
    past.add_argument("--until", type=_duration, default=0.0, help="end so long ago [0s]")
    past.add_argument("--database", type=Path, help="the bot's database: add the users of this past")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """0 when done, 2 for wrong use, 3 when the bot cannot be used."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.backfill is not None:
        if options.out is None:
            parser.error("--backfill needs --out FILE")
        return _backfill(options)
    if options.duration is not None and not 1 <= options.duration <= MOST_SECONDS:
        parser.error(f"--duration must be from 1s to {MOST_SECONDS:.0f}s")
    return _load(options)


def _load(options: argparse.Namespace) -> int:
    try:
        check_url(options.url, options.allow_host)
    except ForbiddenHostError as error:
        print(f"loadgen: {error}", file=sys.stderr)  # noqa: T201  # a command's own output
        return 2
    driver = Driver(
        options.url,
        SCENARIOS[options.scenario],
        seconds=options.duration,
        factor=options.rate,
        seed=options.seed,
        real_model=options.real_model,
    )
    try:
        asyncio.run(_until_stopped(driver))
    except BotUnusableError as error:
        print(f"loadgen: {error}", file=sys.stderr)  # noqa: T201
        return 3
    print(driver.summary.text())  # noqa: T201
    return 0


async def _until_stopped(driver: Driver) -> None:
    """A signal ends the scenario early, and still undoes what it changed."""
    task = asyncio.ensure_future(driver.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        print("loadgen: stopped early", file=sys.stderr)  # noqa: T201


def _backfill(options: argparse.Namespace) -> int:
    try:
        done = write_history(
            HistoryOptions(
                seconds=options.backfill,
                until_ago=options.until,
                seed=options.seed,
                out=options.out,
                labels=tuple(options.label),
                database=options.database,
            )
        )
    except (OSError, ValueError) as error:
        print(f"loadgen: {error}", file=sys.stderr)  # noqa: T201
        return 2
    print(done)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
