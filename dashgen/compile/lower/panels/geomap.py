"""Map: values at places."""

from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec

from dashgen.compile.lower.chart_options import Share, hide_from
from dashgen.compile.lower.panel_type import PanelType
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel

Latitude: TypeAlias = Annotated[float, msgspec.Meta(title="a latitude", ge=-90, le=90)]
Longitude: TypeAlias = Annotated[float, msgspec.Meta(title="a longitude", ge=-180, le=180)]
Zoom: TypeAlias = Annotated[int, msgspec.Meta(title="a zoom level, 0 to 30", ge=0, le=30)]


class Geomap(PanelType, kw_only=True):
    """Values at places on a map."""

    type_id: ClassVar[str] = "geomap"
    example: ClassVar[str] = """
    title: Users by country
    type: geomap
    query: sum by (country) (increase(logins_total[$__range]))
    location: lookup
    lookup: country
    gazetteer: public/gazetteer/countries.json
    size_field: Value
    """
    asks_instant: ClassVar[bool] = True
    result_format: ClassVar = "table"

    view: Annotated[
        Literal["fit", "zero", "coords"], doc("Show all values, the world, or `lat` and `lon`.")
    ] = "fit"
    lat: Annotated[Latitude | None, doc("The latitude of the centre.", 25.2)] = None
    lon: Annotated[Longitude | None, doc("The longitude of the centre.", 55.3)] = None
    zoom: Annotated[Zoom | None, doc("How near; with `view: fit` at most.", 10)] = None
    basemap: Annotated[
        Literal["default", "osm-standard", "carto", "esri-xyz", "xyz"], doc("The map below the values.")
    ] = "default"
    layer: Annotated[Literal["markers", "heatmap"], doc("Marks, or heat.")] = "markers"
    location: Annotated[
        Literal["auto", "coords", "geohash", "lookup"], doc("How places are found; derived from field names.")
    ] = "auto"
    latitude: Annotated[str | None, doc("With `location: coords`, the field of the latitude.", "lat")] = None
    longitude: Annotated[str | None, doc("With `location: coords`, the field of the longitude.", "lon")] = (
        None
    )
    geohash: Annotated[str | None, doc("With `location: geohash`, its field.")] = None
    lookup: Annotated[
        str | None, doc("With `location: lookup`, the field of the place's name.", "country")
    ] = None
    gazetteer: Annotated[
        str | None, doc("With `location: lookup`, where names are found.", "public/gazetteer/countries.json")
    ] = None
    size: Annotated[int, doc("The size of marks in pixels.", ge=1, le=100)] = 5
    size_field: Annotated[str | None, doc("The field of the marks' size.", "queries")] = None
    mark_color: Annotated[str, doc("The colour of marks.")] = "dark-green"
    color_field: Annotated[str | None, doc("The field of the marks' colour.", "errors")] = None
    opacity: Annotated[Share, doc("The opacity of marks.")] = 0.4
    layers: Annotated[list[Json], doc("Grafana's layers, as they are, instead of the words above.")] = []
    tooltip: Annotated[Literal["details", "none"], doc("What the tooltip shows.")] = "details"
    wheel_zoom: Annotated[bool, doc("Zoom with the mouse wheel.")] = True

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The map, its layers and its controls."""
        return {
            "basemap": {"type": self.basemap, "name": "Base map", "config": {}},
            "controls": {
                "mouseWheelZoom": self.wheel_zoom,
                "showAttribution": True,
                "showDebug": False,
                "showMeasure": False,
                "showScale": False,
                "showZoom": True,
            },
            "layers": [dict(layer) for layer in self.layers] or [self._layer()],
            "tooltip": {"mode": self.tooltip},
            "view": self._view(),
        }

    def custom(self, _settled: SettledPanel, /) -> Json:
        """What Grafana's editor writes for every map."""
        return {"hideFrom": hide_from([])}

    def _view(self) -> Json:
        coordinates = self.lat is not None or self.lon is not None
        view: Json = {
            "allLayers": True,
            "id": "coords" if coordinates else self.view,
            "lat": self.lat or 0,
            "lon": self.lon or 0,
        }
        view["zoom"] = self.zoom if self.zoom is not None else (15 if view["id"] == "fit" else 1)
        return view

    def _layer(self) -> Json:
        config = self._markers() if self.layer == "markers" else {"blur": 15, "radius": 5}
        return {
            "config": config,
            "location": self._location(),
            "name": "Values",
            "tooltip": True,
            "type": self.layer,
        }

    def _location(self) -> dict[str, str]:
        option_names = ("latitude", "longitude", "geohash", "lookup", "gazetteer")
        options = {key: value for key in option_names if (value := getattr(self, key)) is not None}
        return {"mode": self.location, **options}

    def _markers(self) -> Json:
        color: Json = {"fixed": self.mark_color}
        size: Json = {"fixed": self.size, "max": 15, "min": 2}
        if self.color_field is not None:
            color["field"] = self.color_field
        if self.size_field is not None:
            size["field"] = self.size_field
        symbol = {"fixed": "img/icons/marker/circle.svg", "mode": "fixed"}
        style = {"color": color, "opacity": self.opacity, "size": size, "symbol": symbol}
        return {"showLegend": True, "style": style}
