"""Which variables a panel reads."""

import pytest

from dashgen.preview.views.read_variables import read_variables


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("rate(a{tier=~'$tier'}[5m])", ["tier"]),
        ("rate(a{tier=~'${tier:regex}'}[5m])", ["tier"]),
        ("rate(a{tier=~'[[tier]]'}[5m])", ["tier"]),
        ("rate(a{tier='pro'}[5m])", []),
        ("rate(a[$__auto_interval_step])", ["step"]),
        ("/d/shop?${__all_variables}", ["tier", "step"]),
        ("$tier of $step", ["tier", "step"]),
        ("", []),
    ],
)
def test_a_variable_is_read_where_a_reference_to_it_stands(written: str, names: list[str]) -> None:
    assert list(read_variables(written.encode(), {"tier": "pro", "step": "1m"})) == names
