"""Each promise of the README and the tutorial stands there, and a test proves it."""

import re

from tests.docs import test_examples, test_promises_of_building, test_promises_of_commands
from tests.docs.promises import PAGES, PROMISES


def _proved() -> set[str]:
    """The promises that some test is marked with."""
    values = [
        value
        for module in (test_examples, test_promises_of_building, test_promises_of_commands)
        for value in vars(module).values()
    ]
    marks = [mark for value in values for mark in getattr(value, "pytestmark", ())]
    return {promise for mark in marks if mark.name == "proves" for promise in mark.args}


def test_every_promise_stands_in_its_page_and_has_a_test() -> None:
    plain = {
        name: " ".join(re.sub(r"^\| | \|$", "", text, flags=re.MULTILINE).split())
        for name, text in PAGES.items()
    }
    assert [name for name, (page, words) in PROMISES.items() if words not in plain[page]] == []
    assert _proved() == {*PROMISES}
