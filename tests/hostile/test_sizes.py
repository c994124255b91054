"""Large specs and many findings take bounded time and memory."""

import resource
import time

import pytest

from tests.hostile.test_inputs import HEAD, PANEL, heads, project, refused, time_limit
from tests.project.project import Project

__all__ = ["project", "time_limit"]

ALIASES = "raw:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


def peak() -> int:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_an_alias_bomb_is_refused_with_bounded_memory(project: Project) -> None:
    project.write("specs/a.yaml", HEAD + ALIASES + PANEL)
    before = peak()
    [found] = heads(refused(project))
    assert found.startswith("yaml/size: more than 1000000 values, counting what aliases repeat")
    assert peak() - before < 200


LARGE = {
    "10,000 panels": HEAD
    + "panels:\n"
    + "".join(f"  - {{title: P{i}, query: 'sum(rate(m{i}_total[5m]))'}}\n" for i in range(10_000)),
    "10,000 panels of a loop": HEAD
    + "panels: [{for_each: {i: '${{ range(10000) }}'}, title: 'P${{ i }}', query: up}]\n",
    "10,000 panels of one title": HEAD + "panels:\n" + "  - {title: P, query: up}\n" * 10_000,
    "10 MB of text": HEAD + "panels: [{title: A, type: text, content: '" + "x" * 10_000_000 + "'}]\n",
    "10 MB of comments": HEAD + PANEL + "# comment\n" * 1_000_000,
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE.keys())
def test_a_large_dashboard_is_built(project: Project, text: str) -> None:
    project.write("specs/a.yaml", text)
    start = time.process_time()
    assert project.run("build").code == 0
    assert time.process_time() - start < 20


WRONG = {
    "10,000 unknown keys of panels": (
        HEAD + "panels:\n" + "".join(f"  - {{titel: P{i}, query: up}}\n" for i in range(10_000)),
        10_000,
    ),
    "10,000 panels in one place": (
        HEAD
        + "panels:\n"
        + "".join(
            f"  - {{title: P{i}, query: up, at: {{x: 0, y: 0, w: 24, h: 8}}}}\n" for i in range(10_000)
        ),
        9_999,
    ),
    "10,000 panels that are numbers": (HEAD + "panels:\n" + "  - 5\n" * 10_000, 10_000),
    "100,000 unknown keys": (HEAD + "".join(f"k{i}: {i}\n" for i in range(100_000)), 50),
    "a line of 1 MB": (HEAD + "panels: [" + "a" * 1_000_000, 1),
    "more than 16 MB": ("# " + "x" * 17_000_000, 1),
}


@pytest.mark.parametrize(("text", "errors"), WRONG.values(), ids=WRONG.keys())
def test_however_much_is_wrong_it_is_told_soon_and_briefly(project: Project, text: str, errors: int) -> None:
    project.write("specs/a.yaml", text)
    start = time.process_time()
    done = refused(project)
    assert time.process_time() - start < 20
    assert f"{errors} error" in done.err
    assert len(done.err) < 200_000
