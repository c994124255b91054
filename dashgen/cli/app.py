"""The command line: which commands there are, and how errors end them."""

import sys
from collections.abc import Callable
from functools import cache
from typing import Annotated

import typer
from typer.main import get_command

from dashgen.cli.commands.annotate_command import annotate
from dashgen.cli.commands.apply_command import apply
from dashgen.cli.commands.build_command import build
from dashgen.cli.commands.check_command import check
from dashgen.cli.commands.costs_command import costs
from dashgen.cli.commands.diff_command import diff
from dashgen.cli.commands.doctor_command import doctor
from dashgen.cli.commands.explain_command import explain
from dashgen.cli.commands.import_command import import_dashboards
from dashgen.cli.commands.init_command import init
from dashgen.cli.commands.install_command import install
from dashgen.cli.commands.list_command import list_specs
from dashgen.cli.commands.metrics_command import metrics
from dashgen.cli.commands.pull_command import pull
from dashgen.cli.commands.push_command import push
from dashgen.cli.commands.rollback_command import rollback
from dashgen.cli.commands.rule_command import rule
from dashgen.cli.commands.schema_command import schema
from dashgen.cli.commands.stack_command import stack_app
from dashgen.cli.commands.status_command import status
from dashgen.cli.commands.test_command import rule_tests
from dashgen.cli.commands.validate_command import validate
from dashgen.core.version import VERSION

app = typer.Typer(
    name="dashgen",
    help="Dashboards as code: YAML specs become Grafana dashboards, alert rules and provisioning files.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(build)
app.command()(validate)
app.command("test")(rule_tests)
app.command()(check)
app.command()(costs)
app.command()(doctor)
app.command()(diff)
app.command("list")(list_specs)
app.command()(explain)
app.command()(push)
app.command()(pull)
app.command()(apply)
app.command()(status)
app.command()(rollback)
app.command()(install)
app.command()(annotate)
app.command()(schema)
app.command()(rule)
app.command("import")(import_dashboards)
app.command()(init)
app.add_typer(metrics, name="metrics")
app.add_typer(stack_app, name="stack")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dashgen {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; an error that stops it is a sentence on stderr and an exit code."""
    from dashgen.cli.streams import safe_streams  # noqa: PLC0415  # after the arguments' fast paths

    with safe_streams():
        _run()


def _shown(message: str) -> str:
    """A message of an error as it may be shown, line by line."""
    from dashgen.core.diagnostics.frame import clean  # noqa: PLC0415
    from dashgen.core.diagnostics.redaction import redacted  # noqa: PLC0415

    return "\n".join(clean(line) for line in redacted(message).split("\n"))


@cache
def _command() -> Callable[..., object]:
    """The command line as typer derives it from the functions; once a process, however many commands run in it."""
    return get_command(app)


def _run() -> None:
    from dashgen.cli.streams import drop_output  # noqa: PLC0415
    from dashgen.core.errors import DashgenError  # noqa: PLC0415

    try:
        try:
            _command()(prog_name="dashgen")
        finally:
            sys.stdout.flush()
    except DashgenError as error:
        sys.stderr.write(f"dashgen: {_shown(str(error))}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("dashgen: interrupted\n")
        sys.exit(130)
    except BrokenPipeError:
        drop_output()
        sys.exit(0)
    except OSError as error:
        # What a command expects to fail it says itself; this is a full disk, or a folder without rights.
        where = f" {error.filename}:" if error.filename else ""
        sys.stderr.write(f"dashgen:{where} {(error.strerror or str(error)).lower()}\n")
        drop_output()
        sys.exit(2)
    except Exception as error:  # noqa: BLE001  # the last resort: whatever it is, no value of it may be printed
        from dashgen.cli.crash import EXIT_BUG, crash_report  # noqa: PLC0415

        sys.stderr.write(crash_report(error))
        sys.exit(EXIT_BUG)
