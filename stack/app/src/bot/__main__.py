"""Run the bot: `python -m bot`."""

import argparse
import logging
import signal
import socket
import sqlite3
import sys

import uvicorn

from bot import __version__
from bot.assembly import Bot, assemble
from bot.settings import Settings, SettingsError, describe, read_settings
from bot.web.app import web_app
from bot.web.connections import Bounds, bounded

_LONGEST_HEAD = 16_384
_EPILOG = "Settings come from the environment:\n\n" + describe()


def main(arguments: list[str] | None = None) -> int:
    """Run until somebody stops it; 0 for a normal stop, 2 for settings that cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="The Dubai Estate AI Bot.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.parse_args(arguments)
    try:
        settings = read_settings()
        listener = _listen(settings)
        bot = assemble(settings)
    except SettingsError as error:
        for problem in error.problems:
            print(f"bot: {problem}", file=sys.stderr)  # noqa: T201  # there is no log yet
        return 2
    except (OSError, sqlite3.Error) as error:
        print(f"bot: {error}", file=sys.stderr)  # noqa: T201
        return 2
    _serve(bot, listener)
    return 0


def _listen(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port), reuse_port=False)
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise SettingsError([f"cannot listen on {place}: {error.strerror or error}"]) from None


def _serve(bot: Bot, listener: socket.socket) -> None:
    settings = bot.settings
    host, port = listener.getsockname()[:2]
    config = uvicorn.Config(
        web_app(bot),
        log_config=None,
        access_log=False,
        server_header=False,
        http=bounded(Bounds(head_seconds=settings.head_timeout, connections=settings.max_connections)),
        ws="none",
        # The address of a client is what the connection says, unless a proxy that is named says better.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        timeout_graceful_shutdown=round(settings.shutdown_timeout),
    )
    # uvicorn raises the signal that stopped it once more; a normal stop shall end with 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    bot.log.open()
    where = "with a simulated model" if bot.client.provider == "simulated" else "with Claude"
    bot.log.write("startup", f"version {__version__} listens on http://{host}:{port} {where}")
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        bot.log.write("shutdown", "stopped", logging.INFO)
        bot.log.close()


if __name__ == "__main__":
    sys.exit(main())
