"""A served page in Chromium: it follows the specs as they are saved."""

import os
import re
import signal
import subprocess
import sys

import pytest

from tests.preview.browser import LONGEST_WAIT
from tests.preview.serving.conftest import SPEC


@pytest.fixture
def served(tmp_path):
    """A served project: its spec, and the address."""
    (tmp_path / "dashgen.yaml").write_text("specs: [specs]\n")
    (tmp_path / "specs").mkdir()
    spec = tmp_path / "specs/shop.yaml"
    spec.write_text(SPEC)
    command = [sys.executable, "-m", "dashgen", "preview", "--serve", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    # A shell starts background jobs with SIGINT ignored, and programs inherit that; a handler is not inherited.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment)
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        try:
            address = re.search(r"http://\S+", process.stdout.readline())[0]
            yield spec, address
            # Ctrl-C is the way to end it.
            process.send_signal(signal.SIGINT)
            assert process.wait(LONGEST_WAIT) == 0
        finally:
            process.kill()


def test_it_shows_a_saved_change_and_the_errors_of_a_wrong_one(page, served):
    spec, address = served
    page.open(f"{address}#/shop")
    title = "document.querySelector('.panel-title').textContent"
    assert page.evaluate(title) == "Orders"
    spec.write_text(SPEC.replace("title: Orders", "title: Orders per second"))
    page.wait(f"{title} === 'Orders per second'")

    spec.write_text(SPEC.replace("query:", "querry:"))
    page.wait("document.getElementById('errors') !== null")
    shown = page.evaluate("document.getElementById('errors').textContent")
    assert "specs/shop.yaml:16:5" in shown
    assert "^^^^^^" in shown
    assert "did you mean `query`?" in shown
    assert page.evaluate(title) == "Orders per second"

    spec.write_text(SPEC)
    page.wait(f"document.getElementById('errors') === null && {title} === 'Orders'")
    assert page.messages == []


def test_a_value_and_a_time_that_no_page_holds_are_drawn(page, served):
    _, address = served
    page.open(f"{address}#/shop")
    page.choose("select.time", "Last 24 hours")
    page.wait("dashgen.page.state.view.start === 'now-24h'")
    page.choose(".variable select", "failed")
    page.wait("dashgen.page.state.view.variables.status[0] === 'failed'")
    assert page.evaluate("dashgen.page.state.view.start") == "now-24h"
    assert {url.split("/")[2] for url in page.requests} == {address.split("/")[2]}
    assert page.messages == []
