"""The texts of a panel with variables filled in.

Source: where Grafana interpolates (`VizPanel` and `SceneDataTransformer` of @grafana/scenes, the text
panel): titles as people read values, Markdown with values escaped as HTML, all else as `glob`.
"""

from collections.abc import Mapping
from typing import Any

from dashgen.core.json_values import Json, mapping, mappings, text
from dashgen.doctor.live.live_variables import Interpolation, VariableValues
from dashgen.doctor.live.time_window import Window

_IN_TITLES, _IN_MARKDOWN, _ELSEWHERE = "text", "html", "glob"


class PanelTexts:
    """Fills the texts of panels of one dashboard, with the values of variables in one place of it."""

    def __init__(self, values: VariableValues, window: Window, dashboard: Json) -> None:
        self._titles, self._markdown, self._other = (
            Interpolation(values, window, dashboard, form) for form in (_IN_TITLES, _IN_MARKDOWN, _ELSEWHERE)
        )

    def title(self, written: object) -> str:
        """A title."""
        return self._titles(text(written))

    def plain(self, written: object) -> str:
        """A text that is no title."""
        return self._other(text(written))

    def panel(self, panel: Json) -> Json:
        """A panel with every text filled except those of its queries."""
        filled = dict(panel)
        for key, fill in (("title", self._titles), ("description", self._other)):
            if "$" in text(panel.get(key)) or "[[" in text(panel.get(key)):
                filled[key] = fill(panel[key])
        for key in ("fieldConfig", "transformations"):
            if key in panel:
                filled[key] = self._tree(panel[key])
        if "links" in panel:
            filled["links"] = [self._link(link) for link in mappings(panel.get("links"))]
        options = mapping(panel.get("options"))
        if panel.get("type") == "text" and text(options.get("content")):
            filled["options"] = {**options, "content": self._markdown(text(options["content"]))}
        elif options:
            filled["options"] = self._tree(options)
        return filled

    def _link(self, link: Json) -> Json:
        return {**link, "title": self.title(link.get("title")), "url": self.plain(link.get("url"))}

    def _tree(self, value: Any) -> Any:
        # Most of a panel has no variables in it, and stays the same object.
        if isinstance(value, str):
            return self._other(value) if "$" in value or "[[" in value else value
        if isinstance(value, Mapping):
            return {key: self._tree(part) for key, part in value.items()}
        return [self._tree(part) for part in value] if isinstance(value, list) else value
