"""What Grafana reads from the text of a custom variable is what was written, or a finding."""

from hypothesis import given
from hypothesis import strategies as st

from dashgen.model.custom_values import custom_options, custom_text, unreadable

TEXTS = st.text(alphabet="ab ,:\\é", max_size=6)


@given(st.lists(st.tuples(TEXTS, TEXTS) | TEXTS.map(lambda text: (text, text)), max_size=4))
def test_pairs_come_back_or_are_reported(pairs: list[tuple[str, str]]) -> None:
    wrong = {number for number, _, _ in unreadable(pairs)}
    good = [pair for number, pair in enumerate(pairs) if number not in wrong]
    assert custom_options(custom_text(good)) == good
