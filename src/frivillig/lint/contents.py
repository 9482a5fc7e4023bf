"""The settings and the list of contents: YAML that can be read, and every page in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from frivillig.data import check_yaml, relative
from frivillig.lint.source import Remark

SETTINGS, CONTENTS = "_config.yml", "_toc.yml"
ENTRY = re.compile(r"^ *(?:- *)?(?:root|file): *[\"']?([^\"'\s#]+?)(?:\.md)?[\"']?(?=\s|$)", re.M)


def contents(root: Path) -> Iterator[Remark]:
    """Faults of YAML, listed pages that are not there, and pages that are not listed.

    A folder without a list of contents, such as that of a page alone, has nothing to check.
    """
    faults = [fault for name in (SETTINGS, CONTENTS) for fault in check_yaml(root / name)]
    for fault in faults:
        yield Remark(fault.file, fault.row or 1, f"found {fault.found}; expected {fault.expected}", "yaml")
    file = root / CONTENTS
    if faults or not file.is_file():
        return
    text = file.read_text(encoding="utf-8")
    lines = {match[1]: text[: match.start(1)].count("\n") + 1 for match in ENTRY.finditer(text)}
    pages = {
        page.relative_to(root).with_suffix("").as_posix(): relative(page)
        for folder in ("book", "notebooks")
        for page in (root / folder).glob("*.md")
    }
    for name in lines.keys() - pages.keys():
        yield Remark(relative(file), lines[name], f"there is no page {name}.md", "unknown-page")
    for name in pages.keys() - lines.keys():
        yield Remark(
            pages[name], 1, f"_toc.yml does not list this page; add `- file: {name}`", "unlisted-page"
        )
