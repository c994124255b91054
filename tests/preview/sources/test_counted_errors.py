"""What a terminal shows of panels without a result."""

import pytest

from dashgen.preview.sources.counted_errors import CountedErrors


@pytest.mark.parametrize(
    ("errors", "sentence"),
    [
        ([], ""),
        (["A."], "1 panel has no result: A."),
        (["A.", "A."], "2 panels have no result: A."),
        (["A.", "B."], "2 panels have no result: A. (1 other reason is on the page)"),
        (["A.", "B.", "C."], "3 panels have no result: A. (2 other reasons are on the page)"),
    ],
)
def test_panels_and_other_reasons_are_counted(errors, sentence):
    source = CountedErrors(None)
    source.errors = {("shop", str(number)): error for number, error in enumerate(errors)}
    assert source.sentence() == sentence
