"""Run the nightly job: `python -m insights`."""

import argparse
import signal
import sys
import threading
from typing import Final

from prometheus_client import generate_latest

from insights import __version__
from insights.exporter import metrics_server, registry_of
from insights.job_log import JobLog
from insights.job_settings import JobSettings, SettingsError, describe, read_settings
from insights.nightly_job import NightlyJob

_LOOK_SECONDS: Final = 30.0


def main(arguments: list[str] | None = None) -> int:
    """Run until somebody stops it; 0 for a normal stop, 2 for settings that cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m insights",
        description="Predict churn, cost and usage once a night, and export the predictions at /metrics.",
        epilog=f"Settings come from the environment:\n\n{describe()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--once", action="store_true", help="run what is due, print the metrics, and end")
    options = parser.parse_args(arguments)
    try:
        settings = read_settings()
        if options.once:
            return _run_once(settings)
        return _serve(settings)
    except SettingsError as error:
        for problem in error.problems:
            print(f"insights: {problem}", file=sys.stderr)  # noqa: T201  # there is no log yet
    except OSError as error:
        print(f"insights: {error}", file=sys.stderr)  # noqa: T201
    return 2


def _run_once(settings: JobSettings) -> int:
    log = JobLog(settings.log_file, sys.stderr)
    job = NightlyJob(settings, log)
    job.run_due()
    sys.stdout.write(generate_latest(registry_of(job.figures)).decode())
    log.close()
    return 0


def _serve(settings: JobSettings) -> int:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    log = JobLog(settings.log_file)
    job = NightlyJob(settings, log)
    server = metrics_server(settings.host, settings.port, registry_of(job.figures), job.is_well)
    host, port = server.server_address[:2]
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    log.write("startup", f"version {__version__} listens on http://{host!s}:{port}")
    # The job has the main thread: if it ends by a fault, so does the process, and the container starts anew.
    while not stopped.is_set():
        job.run_due()
        stopped.wait(_LOOK_SECONDS)
    server.shutdown()
    server.server_close()
    log.write("shutdown", "stopped")
    log.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
