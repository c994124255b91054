"""Take the load generator into wheels. An editable install finds it in its own folder instead."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LoadGenerator(BuildHookInterface):  # type: ignore[type-arg]
    """A plain `force-include` would copy the folder into editable installs too, where it goes stale."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Include the load generator in anything but an editable install."""
        if version != "editable":
            build_data["force_include"][str(Path(self.root).parent / "loadgen" / "loadgen")] = "loadgen"
