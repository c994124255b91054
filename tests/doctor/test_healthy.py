"""A stack in which all is well."""

from dashgen.doctor import diagnosis_text
from dashgen.doctor.chain import ChainLink, LinkState
from tests.doctor.world import World, faults


def test_each_link_of_a_healthy_stack_is_one_line(world: World) -> None:
    found = world.examine()
    assert faults(found) == []
    lines = [diagnosis_text.line(link, outcome, str) for link, outcome in found.items()]
    assert list(found) == list(ChainLink)
    assert {
        link: outcome.summary for link, outcome in found.items() if outcome.state is not LinkState.WELL
    } == {}, lines
    assert all("\n" not in line for line in lines)
    assert diagnosis_text.summary(list(found.items())) == "healthy"
