"""The project's checks and chores: `nox -l` lists them, `nox -s NAME` runs one."""

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "types", "tests"]

PROJECT = nox.project.load_toml("pyproject.toml")
PACKAGES = Path(".nox/debian").resolve()
PROMTOOL = {"promtool": "prometheus"}
CHECKERS = {**PROMTOOL, "amtool": "prometheus-alertmanager"}
SERVERS = {**PROMTOOL, "prometheus-alertmanager": "prometheus-alertmanager"}
UNPACK = Path(".ci/unpack").resolve()


def install(session: nox.Session, *groups: str) -> None:
    """Install dashgen from this checkout, and what some dependency groups name."""
    session.install("--quiet", "--editable", ".", *nox.project.dependency_groups(PROJECT, *groups))


def run_pytest(
    session: nox.Session, *options: str, programs: dict[str, str] = PROMTOOL, **env: str | None
) -> None:
    """Run tests, with the programs they want (and their Debian packages) on the path where they can be had."""
    folders = [
        found for program, package in programs.items() if (found := provided(session, program, package))
    ]
    path = os.pathsep.join([session.bin, *folders, os.environ["PATH"]])
    # Python's own cache makes each of the many commands that the tests run start faster.
    session.run(
        "pytest", *options, *session.posargs, env={"PYTHONDONTWRITEBYTECODE": None, "PATH": path, **env}
    )


def provided(session: nox.Session, program: str, package: str) -> str | None:
    """The folder of a program that the machine lacks: its Debian package, unpacked without installing it."""
    if shutil.which(program) is not None:
        return None
    folder = PACKAGES / package
    if not (folder / "usr/bin" / program).exists():
        session.run("sh", str(UNPACK), package, str(folder), external=True, success_codes=[0, 1])
    return str(folder / "usr/bin")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting and who imports whom."""
    install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", "--no-cache")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    install(session, "types", "tests")
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests."""
    install(session, "tests")
    run_pytest(session, "--numprocesses=auto", "--dist=worksteal", programs=CHECKERS)


@nox.session
def app(session: nox.Session) -> None:
    """Check the bot of the stack and its load generator: style, types, tests."""
    session.chdir("stack/app")
    groups = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "dev")
    session.install("--quiet", "--editable", ".", *groups)
    session.run("ruff", "check", ".", "../loadgen")
    session.run("ruff", "format", "--check", ".", "../loadgen")
    session.run("mypy")
    run_pytest(session)


@nox.session(default=False)
def stack(session: nox.Session) -> None:
    """Run the bot, Prometheus and Alertmanager together: panels show data, alerts fire and clear (nine minutes)."""
    install(session, "tests")
    session.install("--quiet", "--editable", "stack/app")
    run_pytest(session, "-m", "stack", "tests/native", programs=SERVERS)


@nox.session(default=False)
def property(session: nox.Session) -> None:  # noqa: A001  # the session's name
    """Run the property tests alone, with new random examples."""
    install(session, "tests")
    run_pytest(session, "-m", "property", CI=None)


@nox.session(default=False)
def golden(session: nox.Session) -> None:
    """Record golden files anew; look at the difference before you commit it."""
    install(session, "tests")
    run_pytest(session, programs=CHECKERS, DASHGEN_GOLDEN="1")


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Write the generated references below docs/ anew."""
    install(session)
    session.run("python", "-m", "dashgen.reference")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure dashgen against its peers and write docs/performance.md."""
    install(session, "bench")
    session.run("python", "-m", "tests.bench.run", *session.posargs, env={"PYTHONDONTWRITEBYTECODE": None})
