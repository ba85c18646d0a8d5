"""Dates in text and in machine-readable places: shapes, month names, order of day and month, relative times."""

from pipelines.dates.moment import Moment
from pipelines.dates.order import Order, order_of
from pipelines.dates.parse import DateFound, find_dates, parse_stated

__all__ = ["DateFound", "Moment", "Order", "find_dates", "order_of", "parse_stated"]
