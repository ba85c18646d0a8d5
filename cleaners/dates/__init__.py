"""Dates in text and in machine-readable places: shapes, month names, order of day and month, relative times."""

from cleaners.dates.moment import Moment
from cleaners.dates.order import Order, order_of
from cleaners.dates.parse import DateFound, find_dates, parse_stated

__all__ = ["DateFound", "Moment", "Order", "find_dates", "order_of", "parse_stated"]
