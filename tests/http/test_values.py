from typing import Any

import pytest

from dashgen.servers.http.response_values import integer, mapping, objects, text, texts


@pytest.mark.parametrize("data", [None, [], 7, "x", {}, {"k": None}, {"k": object()}])
def test_a_server_may_send_anything(data: Any) -> None:
    assert text(data, "k") == ""
    assert integer(data, "k") == 0
    assert mapping(data, "k") == {}
    assert objects(data, "k") == []
    assert texts(data, "k") == ()
