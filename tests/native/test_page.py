"""The bot's own page in a browser without a screen: all of it is there with nothing clicked."""

import re
import subprocess

import pytest

from dashgen.preview.browser_pictures import browser_program
from tests.stack.files import ROOT

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def page(runs, tmp_path_factory):
    """The page as Chromium has it after loading."""
    browser = browser_program()
    if browser is None:
        pytest.skip(
            "chromium is missing, so no browser has shown the page; Debian's package `chromium` has it"
        )
    profile = tmp_path_factory.mktemp("chromium")
    words = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", "--dump-dom"]
    command = [browser, *words, runs["normal-day"].bot]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=90).stdout


def test_the_page_links_to_every_dashboard(page):
    files = (ROOT / "generated/dashboards/Dubai Estate AI").glob("*.json")
    linked = set(re.findall(r'href="http://localhost:3000/d/([\w-]+)', page))
    assert linked == {file.stem for file in files}


def test_the_page_says_what_the_bot_can_do_and_has_a_form_to_ask(page):
    assert re.search(r"<form[^>]+method=\"?(post|get)", page, re.IGNORECASE)
    for word in ("Search", "Compare", "Mortgage", "Chiller", "Free", "Basic", "Pro"):
        assert word.lower() in page.lower(), word


def test_the_page_loads_nothing_from_elsewhere(page):
    assert re.findall(r'(?:src|srcset)="(?!data:)([^"]+)"', page) == []
    assert re.findall(r'<link[^>]+rel="?stylesheet', page) == []
