"""Run the steps of a composite action that are programs, as GitHub's runner does."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass
class ActionRun:
    """The steps that were run, and what they printed.

    ``facts`` has the value of each expression that is neither an input nor an output of a step.
    """

    folder: Path
    temp: Path
    facts: Mapping[str, str]
    inputs: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    uploads: list[dict[str, str]] = field(default_factory=list)

    def run(self, *, without: frozenset[str] = frozenset({"Install dashgen"})) -> None:
        """Run the steps up to the first that fails."""
        for step in ACTION["runs"]["steps"]:
            name = step.get("name", step.get("uses", ""))
            if name in without or not self._holds(step.get("if", "true")):
                continue
            if "run" not in step:
                self.uploads.append(
                    {key: self._text(str(value)) for key, value in step.get("with", {}).items()}
                )
                continue
            self._run(name, step)
            if self.codes[name]:
                return

    def _run(self, name: str, step: dict[str, Any]) -> None:
        output, summary = self.temp / "output", self.temp / "summary"
        output.touch()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.temp),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            **self.environment,
            **{key: self._text(value) for key, value in step.get("env", {}).items()},
        }
        folder = self.folder / self._text(step.get("working-directory", "."))
        # The options that GitHub gives to `shell: bash`.
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        self.logs[name], self.codes[name] = done.stdout + done.stderr, done.returncode
        for line in output.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            self.outputs[f"steps.{step.get('id')}.outputs.{key}"] = value

    def _text(self, text: str) -> str:
        return _EXPRESSION.sub(lambda match: self._value(match[1]), text)

    def _value(self, expression: str) -> str:
        if expression.startswith("inputs."):
            name = expression.removeprefix("inputs.")
            return self.inputs.get(name, self._text(ACTION["inputs"][name]["default"]))
        if expression.startswith("steps."):
            return self.outputs.get(expression, "")
        return self.facts[expression]

    def _holds(self, condition: str) -> bool:
        """Whether a condition holds: comparisons and values, joined by `&&`."""
        for part in condition.split(" && "):
            value, equals, wanted = part.partition(" == ")
            if value == "true":
                continue
            if not (self._value(value) == wanted.strip("'") if equals else self._value(value)):
                return False
        return True
