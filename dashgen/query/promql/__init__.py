"""PromQL: whether an expression parses, what it reads, and what kind of number it yields."""

from dashgen.query.promql.remembered import PromQL, describe
from dashgen.query.promql.value_shape import QueryShape, series_metric

__all__ = ["PromQL", "QueryShape", "describe", "series_metric"]
