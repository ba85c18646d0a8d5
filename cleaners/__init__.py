"""Cleaning: bytes in, a Cleaned out. Pure functions, no network, no Scrapy."""

from cleaners.document import Block, Cleaned, Document, Mark
from cleaners.errors import CopydeskError
from cleaners.options import CleanOptions
from cleaners.page import Page
from cleaners.plan import clean

__all__ = ["Block", "CleanOptions", "Cleaned", "CopydeskError", "Document", "Mark", "Page", "clean"]
