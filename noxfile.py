"""The project's checks and chores: `nox -l` lists them, `nox -s NAME` runs one.

Most run in `.venv`, which `.ci/setup` makes from the locked versions in `.ci/lock.txt`. Those that need other packages
have an environment of their own.
"""

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "types", "tests"]

PROJECT = nox.project.load_toml("pyproject.toml")
LOCK = ".ci/lock.txt"
DOCS_LOCK = ".ci/lock-docs.txt"
APP = "stack/app"
APP_LOCK = "stack/app/lock-dev.txt"
INSIGHTS = "stack/insights"
REPORTS = "stack/reports"
INSIGHTS_LOCK = "stack/insights/lock-dev.txt"
TOOLS = Path(".venv/bin").resolve()
PACKAGES = Path(".nox/debian").resolve()
PROMTOOL = {"promtool": "prometheus"}
CHECKERS = {**PROMTOOL, "amtool": "prometheus-alertmanager"}
SERVERS = {**PROMTOOL, "prometheus-alertmanager": "prometheus-alertmanager"}
UNPACK = Path(".ci/unpack").resolve()
# One resolution for every Python and system that dashgen supports, with the hashes of all files.
UV = ("uv", "pip", "compile", "--quiet", "--universal", "--python-version=3.11")
COMPILE = (*UV, "--generate-hashes", "--no-header", "--upgrade")


def run_tool(session: nox.Session, program: str, *options: str, **env: str | None) -> None:
    """Run a program of `.venv`, for the sessions that have no environment of their own."""
    if not (TOOLS / program).exists():
        session.error(f"`.venv` has no {program}: run `.ci/setup` first")
    session.run(str(TOOLS / program), *options, env=env, external=True)


def install_locked(session: nox.Session, *locks: str) -> None:
    """Install exactly the files that locks name, so that a new release of a package changes nothing here."""
    names = [f"--requirement={path}" for path in locks]
    session.install("--quiet", "--require-hashes", *names)


def install_editable(session: nox.Session, folder: str) -> None:
    """Install a package from this checkout; what it needs to build and run is there already."""
    session.install("--quiet", "--no-deps", "--no-build-isolation", "--editable", folder)


def run_pytest(
    session: nox.Session, *options: str, programs: dict[str, str] = PROMTOOL, **env: str | None
) -> None:
    """Run tests, with the programs they want (and their Debian packages) on the path where they can be had."""
    folders = [
        folder for program, package in programs.items() if (folder := provided(session, program, package))
    ]
    tools = Path(session.bin_paths[0]) if session.bin_paths else TOOLS
    path = os.pathsep.join([str(tools), *folders, os.environ["PATH"]])
    # Python's own cache makes each of the many commands that the tests run start faster.
    environment = {"PYTHONDONTWRITEBYTECODE": None, "PATH": path, **env}
    session.run(str(tools / "pytest"), *options, *session.posargs, env=environment, external=True)


def provided(session: nox.Session, program: str, package: str) -> str | None:
    """The folder of a program that the machine lacks: its Debian package, unpacked without installing it."""
    if shutil.which(program) is not None:
        return None
    folder = PACKAGES / package
    if not (folder / "usr/bin" / program).exists():
        session.run("sh", str(UNPACK), package, str(folder), external=True, success_codes=[0, 1])
    return str(folder / "usr/bin")


@nox.session(venv_backend="none")
def lint(session: nox.Session) -> None:
    """Check style, formatting and who imports whom."""
    run_tool(session, "ruff", "check", ".")
    run_tool(session, "ruff", "format", "--check", ".")
    run_tool(session, "lint-imports", "--no-cache")


@nox.session(venv_backend="none")
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    run_tool(session, "mypy")


@nox.session(venv_backend="none")
def tests(session: nox.Session) -> None:
    """Run all tests."""
    run_pytest(session, "--numprocesses=auto", "--dist=worksteal", programs=CHECKERS)


@nox.session(default=False)
@nox.parametrize("bounds", ["kept", "ignored"])
def newest(session: nox.Session, bounds: str) -> None:
    """Run all tests with the newest release of every dependency: within dashgen's upper bounds, or of all."""
    needs = [
        *PROJECT["project"]["dependencies"],
        *nox.project.dependency_groups(PROJECT, "tests", "tools"),
    ]
    if bounds == "ignored":
        needs = [need.split(",<")[0] for need in needs]
    session.install("--quiet", "--upgrade", "--upgrade-strategy=eager", *needs)
    install_editable(session, ".")
    session.run("python", "-m", "pip", "freeze", "--exclude-editable")
    run_pytest(session, "--numprocesses=auto", "--dist=worksteal", programs=CHECKERS)


@nox.session
def app(session: nox.Session) -> None:
    """Check the bot of the stack and its load generator: style, types, tests."""
    install_locked(session, APP_LOCK)
    install_editable(session, APP)
    session.chdir(APP)
    session.run("ruff", "check", ".", "../loadgen")
    session.run("ruff", "format", "--check", ".", "../loadgen")
    session.run("mypy")
    run_pytest(session)


@nox.session
def insights(session: nox.Session) -> None:
    """Check the nightly job of the stack: style, types, tests, also on a history of the load generator."""
    install_locked(session, APP_LOCK, INSIGHTS_LOCK)
    install_editable(session, APP)
    install_editable(session, INSIGHTS)
    session.chdir(INSIGHTS)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    # One thread for the linear algebra, as in its container.
    run_pytest(session, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")


@nox.session(default=False)
def stack(session: nox.Session) -> None:
    """Run the bot, its nightly job, Prometheus and Alertmanager: panels show data, alerts fire and clear (15 minutes)."""
    install_locked(session, LOCK, APP_LOCK, INSIGHTS_LOCK)
    for project in (".", APP, INSIGHTS):
        install_editable(session, project)
    run_pytest(session, "-m", "stack", "tests/native", programs=SERVERS)


@nox.session(default=False, venv_backend="none")
def property(session: nox.Session) -> None:  # noqa: A001  # the session's name
    """Run the property tests alone, with new random examples."""
    run_pytest(session, "-m", "property", DASHGEN_NEW_EXAMPLES="1")


@nox.session(default=False, venv_backend="none")
def fuzz(session: nox.Session) -> None:
    """Mutate specs and servers' answers through the commands: no traceback, nothing that does not end, bounded memory."""
    run_tool(session, "python", "-m", "tests.fuzz.run", *session.posargs)


@nox.session(default=False, venv_backend="none")
def golden(session: nox.Session) -> None:
    """Record golden files anew; look at the difference before you commit it."""
    run_pytest(session, programs=CHECKERS, DASHGEN_GOLDEN="1")


@nox.session(default=False, venv_backend="none")
def docs(session: nox.Session) -> None:
    """Write the generated references below docs/ anew."""
    run_tool(session, "python", "-m", "dashgen.cli.reference")
    run_tool(session, "dashgen", "preview", "--update")


@nox.session(default=False)
def site(session: nox.Session) -> None:
    """Build the documentation as a site in build/docs; a warning is an error. `-- serve` shows it while you write."""
    install_locked(session, DOCS_LOCK)
    quiet = {"NO_MKDOCS_2_WARNING": "1"}  # which generator comes next is in docs/architecture.md
    if session.posargs == ["serve"]:
        session.run("mkdocs", "serve", "-f", ".ci/mkdocs.yml", env=quiet)
    else:
        session.run("mkdocs", "build", "-f", ".ci/mkdocs.yml", "--strict", "--quiet", env=quiet)


@nox.session(default=False, venv_backend="none")
def shape(session: nox.Session) -> None:
    """Print sizes, suppressions, complexity, comments and names of the code, each next to its goal."""
    run_tool(session, "python", "-m", "tests.tools.shape", *session.posargs)


@nox.session(default=False, venv_backend="none")
def bench(session: nox.Session) -> None:
    """Measure dashgen against its peers and write docs/performance.md."""
    run_tool(session, "python", "-m", "tests.bench.run", *session.posargs, PYTHONDONTWRITEBYTECODE=None)


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Write the locks anew, with the newest versions that pyproject.toml allows; run the other sessions with them."""
    session.install("--quiet", "uv>=0.9")
    session.run(*COMPILE, "--group=dev", "--output-file", LOCK, "pyproject.toml")
    session.run(*COMPILE, "--group=docs", "--constraint", LOCK, "--output-file", DOCS_LOCK)
    # The bot's packages follow dashgen's where both have one, because the two environments meet in `nox -s stack`.
    app = (*COMPILE, "--constraint", LOCK, "--extra=anthropic")
    source = f"{APP}/pyproject.toml"
    session.run(*app, f"--group={source}:dev", "--output-file", f"{APP}/lock-dev.txt", source)
    session.run(*app, "--constraint", f"{APP}/lock-dev.txt", "--output-file", f"{APP}/lock.txt", source)
    build = (*COMPILE, "--constraint", f"{APP}/lock-dev.txt", "--output-file", f"{APP}/lock-build.txt")
    session.run(*build, f"--group={source}:build")
    # So do those of the nightly job, which is tested on a history that the bot's load generator writes.
    job = (*COMPILE, "--constraint", LOCK, "--constraint", f"{APP}/lock-dev.txt")
    source = f"{INSIGHTS}/pyproject.toml"
    session.run(*job, f"--group={source}:dev", "--output-file", INSIGHTS_LOCK, source)
    follow = (*COMPILE, "--constraint", INSIGHTS_LOCK, "--output-file")
    session.run(*follow, f"{INSIGHTS}/lock.txt", source)
    session.run(*follow, f"{INSIGHTS}/lock-build.txt", f"--group={source}:build")
    # The image that sends reports has dashgen itself, in the versions that its tests ran with.
    image = (*COMPILE, "--constraint", LOCK, "--output-file")
    session.run(*image, f"{REPORTS}/lock.txt", "--extra=pictures", "pyproject.toml")
    session.run(*image, f"{REPORTS}/lock-build.txt", f"{REPORTS}/build.in")
