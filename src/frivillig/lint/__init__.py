"""Check the text of the book before it is built: in seconds, each remark with file and line."""

from __future__ import annotations

from frivillig.lint.check import lint
from frivillig.lint.contents import contents
from frivillig.lint.source import Page, Remark, read_page, read_pages

__all__ = ["Page", "Remark", "contents", "lint", "read_page", "read_pages"]
