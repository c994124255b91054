"""A fake Grafana in a process of its own, so that what it needs is not counted as dashgen's.

Usage: python -m tests.bench.fake_grafana [VERSION] [LATENCY]; prints its address and token, and ends with its input.
"""

import sys

from tests.grafana.fake import FakeGrafana


def main() -> None:
    """Serve until the input ends."""
    version, latency = sys.argv[1:] or ("12.4.3", "0.02")
    with FakeGrafana(version=version, latency=float(latency)) as fake:
        print(fake.url, fake.admin_token, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
