"""What a tool is: a name, what it needs, and a function from arguments to a result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.areas import AREAS, Area, area_named
from bot.facts import Facts

Result = dict[str, Any]


class ToolError(Exception):
    """A tool that cannot do what it was asked; the message is for the user."""


class Arguments(BaseModel):
    """Arguments of a tool; what it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, kw_only=True)
class Tool(Generic[A]):
    """One tool: `from_facts` is how the simulated model fills in the arguments."""

    name: str
    description: str
    arguments: type[A]
    compute: Callable[[A], Result]
    from_facts: Callable[[Facts], A]

    def run(self, arguments: Mapping[str, Any]) -> Result:
        """Check the arguments and compute.

        Raises:
            ToolError: When the arguments are wrong, or nothing fits them.
        """
        try:
            checked = self.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            raise self._refusal(error) from error
        return self.compute(checked)

    def plan(self, facts: Facts) -> dict[str, Any]:
        """Arguments for a question.

        Raises:
            ToolError: When the question's figures make no sense for this tool.
        """
        try:
            return self.from_facts(facts).model_dump(exclude_none=True)
        except ValidationError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: ValidationError) -> ToolError:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "arguments"
        return ToolError(f"{self.name}: {place}: {first['msg'].lower()}")

    def schema(self) -> dict[str, Any]:
        """The tool as a model's interface wants it."""
        return {
            "name": self.name,
            "description": self.description,
            "input_schema": self.arguments.model_json_schema(),
        }


def need_area(name: str) -> Area:
    """The area of a name.

    Raises:
        ToolError: When there is no such area.
    """
    area = area_named(name)
    if area is None:
        raise ToolError(f"{name!r} is no area I know; I know {', '.join(a.name for a in AREAS)}")
    return area


def first_area(facts: Facts, default: str = "DM") -> str:
    """The area a question is about, else a default."""
    return facts.areas[0].name if facts.areas else need_area(default).name
