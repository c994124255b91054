import io
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the tests' own `past`

from past import Past, write_past

from insights.database import read_database
from insights.job_log import JobLog


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    """150 days in which who leaves can be learnt."""
    return write_past(tmp_path_factory.mktemp("past") / "bot.db")


@pytest.fixture(scope="session")
def data(database):
    return read_database(database)


@pytest.fixture(scope="session")
def data_of(tmp_path_factory):
    """The data of a past with other properties."""
    cache = {}

    def read(**properties):
        key = tuple(sorted(properties.items()))
        if key not in cache:
            path = tmp_path_factory.mktemp("past") / "bot.db"
            cache[key] = read_database(write_past(path, Past(**properties)))
        return cache[key]

    return read


class Lines:
    """A log and the lines that it wrote."""

    def __init__(self):
        self.stream = io.StringIO()
        self.log = JobLog(stream=self.stream)

    def __call__(self, event=None):
        lines = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [line for line in lines if event in {None, line["event"]}]


@pytest.fixture
def lines():
    lines = Lines()
    yield lines
    lines.log.close()
