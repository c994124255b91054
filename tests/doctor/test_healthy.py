"""A stack in which all is well."""

from dashgen.doctor import diagnosis_text
from dashgen.doctor.chain import ChainLink, LinkState
from tests.doctor import seeds
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


def test_a_contract_of_another_job_is_not_expected_of_the_application(world: World) -> None:
    seeds.second_contract(world)
    assert faults(world.examine()) == []


def test_another_job_that_is_switched_off_is_no_fault(world: World) -> None:
    seeds.silent_job(world)
    del world.prometheus.answers["/api/v1/targets"]["data"]["activeTargets"][1]
    assert faults(world.examine()) == []
