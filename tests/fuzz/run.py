"""``python -m tests.fuzz.run``: mutate specs and answers, and say what went wrong; exits with 1 when anything did."""

import argparse
import sys

from tests.fuzz.answers import fuzz_answers
from tests.fuzz.queries import fuzz_queries
from tests.fuzz.specs import fuzz_specs
from tests.fuzz.telemetry import fuzz_telemetry
from tests.fuzz.watch import MOST_MEGABYTES, Findings, megabytes


def main() -> int:
    """Run as many cases as the options say, always the same ones for a seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=int, default=20_000)
    parser.add_argument("--answers", type=int, default=2_000)
    parser.add_argument("--telemetry", type=int, default=1_000)
    parser.add_argument("--queries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = Findings()
    fuzz_specs(options.specs, options.seed, found)
    fuzz_answers(options.answers, options.seed, found)
    fuzz_telemetry(options.telemetry, options.seed, found)
    fuzz_queries(options.queries, options.seed, found)
    if megabytes() > MOST_MEGABYTES:
        found.add("all", f"{megabytes():.0f} MB of memory")
    print(f"{found.cases} cases, {len(found.wrong)} went wrong, {megabytes():.0f} MB")  # noqa: T201  # a tool
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
