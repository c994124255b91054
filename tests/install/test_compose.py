"""What a compose file says."""

from pathlib import Path, PurePosixPath

import pytest

from dashgen.sync.install.compose import Mount, Port, read_stack
from dashgen.sync.install.compose_interpolation import filled, read_variables


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("$A/${A}", "a/a"),
        ("$$A", "$A"),
        ("${EMPTY:-x}${EMPTY-x}${NONE-y}${NONE:-y}", "xyy"),
        ("${A:-x}${A-x}", "aa"),
        ("${A:+x}${NONE:+x}${EMPTY+x}", "xx"),
        ("${NONE:?must be set}", ""),
        ("${A", "${A"),
    ],
)
def test_variables_are_filled_in_as_docker_does(text, result):
    assert filled(text, {"A": "a", "EMPTY": ""}) == result


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / ".env").write_text("A=1\nB = 'two words' # why\nC=x # y\nexport D=\"q\"\nnonsense\n#E=5\n")
    result = read_variables(tmp_path, {"A": "process"})
    assert result == {"A": "process", "B": "two words", "C": "x", "D": "q"}
    assert read_variables(tmp_path / "none", {}) == {}


def stack(tmp_path: Path, text: str):
    (tmp_path / "compose.yaml").write_text(text)
    result, problems = read_stack(tmp_path, {"X": "9"})
    assert problems == []
    assert result is not None
    return result


def test_mounts_ports_and_options_in_all_their_spellings(tmp_path):
    result = stack(
        tmp_path,
        """\
services:
  a:
    image: registry.example.com:5000/grafana/grafana-oss:12@sha256:ab
    command: --config.file /etc/x.yml --flag
    environment: [GF_PATHS_PROVISIONING=/p, PASSWORD=secret]
    volumes:
      - ./a:/a:ro
      - /b:/b
      - data:/c
      - {type: bind, source: ../d, target: /d, read_only: true}
      - {type: volume, source: v, target: /e}
      - /anonymous
    ports: ["3000:3000", "127.0.0.1:9${X}:91/tcp", "5-6:5-6", {target: 7, published: "70", host_ip: 0.0.0.0}, "8"]
  b: null
""",
    )
    (service,) = result.services
    assert service.mounts == (
        Mount(tmp_path / "./a", PurePosixPath("/a")),
        Mount(Path("/b"), PurePosixPath("/b")),
        Mount(None, PurePosixPath("/c")),
        Mount(tmp_path / "../d", PurePosixPath("/d")),
        Mount(None, PurePosixPath("/e")),
    )
    assert service.ports == (
        Port(3000, "http://localhost:3000"),
        Port(91, "http://127.0.0.1:99"),
        Port(7, "http://localhost:70"),
    )
    assert service.option("config.file") == "/etc/x.yml"
    assert service.environment == {"GF_PATHS_PROVISIONING": "/p"}
    assert result.running("grafana-oss") == [service]
    assert service.host(PurePosixPath("/a/b")) == (tmp_path / "a/b", True)
    assert service.host(PurePosixPath("/c/b")) == (None, True)
    assert service.host(PurePosixPath("/z")) == (None, False)


@pytest.mark.parametrize("text", ["services: 5", "services: {a: {volumes: 5, ports: x, command: {}}}", "{}"])
def test_nonsense_is_a_stack_with_little_in_it(tmp_path, text):
    assert all(not service.mounts for service in stack(tmp_path, text).services)


def test_the_deepest_mount_counts(tmp_path):
    result = stack(tmp_path, "services: {a: {volumes: ['./a:/x', './b:/x/y']}}")
    assert result.services[0].host(PurePosixPath("/x/y/z")) == (tmp_path / "b/z", True)


def test_the_stack_of_this_project_reads_the_output_as_it_is():
    from dashgen.sync.install.mount_points import READERS, find_mount_points

    root = Path(__file__).parents[2]
    result, _ = read_stack(root / "stack", {})
    assert result is not None
    places, problems = find_mount_points(result, root / "generated", READERS, "/etc/grafana/dashboards")
    assert problems == []
    assert [location.part for location in places if location.in_place] == list(READERS)
