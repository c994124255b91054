"""Candlestick: opening, highest, lowest and closing values."""

from typing import Annotated, ClassVar, Literal

from dashgen.compile.lower.chart_options import GRAPH_KEYS, GraphPanel
from dashgen.compile.lower.panel_keys import FieldKeys
from dashgen.core.json_values import Json
from dashgen.model.base import doc
from dashgen.model.settled_dashboard import SettledPanel

CandleField = Literal["open", "high", "low", "close", "volume"]
Movement = Literal["up", "down", "flat"]


class Candlestick(GraphPanel, kw_only=True):
    """Opening, highest, lowest and closing values over time, as of a price."""

    type_id: ClassVar[str] = "candlestick"
    example: ClassVar[str] = """
    title: Price
    type: candlestick
    unit: currencyUSD
    queries:
      open: max(price_usd offset 5m)
      high: max(max_over_time(price_usd[5m]))
      low: min(min_over_time(price_usd[5m]))
      close: max(price_usd)
    """
    color_scheme: ClassVar[str] = "palette-classic"
    starts_at_zero: ClassVar[bool] = False  # a price moves far from zero
    field_keys: ClassVar[FieldKeys] = GRAPH_KEYS

    show: Annotated[Literal["candles+volume", "candles", "volume"], doc("What is drawn.")] = "candles+volume"
    candle_style: Annotated[Literal["candles", "ohlcbars"], doc("How a candle is drawn.")] = "candles"
    color_by: Annotated[
        Literal["open-close", "close-close"],
        doc("Compare the close with the candle's own opening or with the close before it."),
    ] = "open-close"
    candle_fields: Annotated[
        dict[CandleField, str], doc("The fields, when they have other names.", {"open": "first"})
    ] = {}
    candle_colors: Annotated[dict[Movement, str], doc("The colours.", {"up": "blue", "down": "orange"})] = {}
    all_fields: Annotated[bool, doc("Draw the other fields as lines.")] = False

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The candles, the legend and the tooltip."""
        return {
            "candleStyle": self.candle_style,
            "colorStrategy": self.color_by,
            "colors": {"up": "green", "down": "red", "flat": "gray", **self.candle_colors},
            "fields": dict(self.candle_fields),
            "includeAllFields": self.all_fields,
            "legend": self.legend_options(),
            "mode": self.show,
            "tooltip": self.tooltip_options(),
        }
