"""What Sphinx lacks for this book; the one extension that _config.yml loads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frivillig import __version__
from frivillig.sphinx import (
    answers,
    cache,
    citing,
    codebook,
    doubts,
    edition,
    evaluation,
    execution,
    findable,
    findings,
    folds,
    fonts,
    glued,
    html,
    mathml,
    package,
    pdf,
    published,
    references,
    reprints,
    search,
    size_view,
    speed,
    together,
    tools,
    typst,
    versions,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

PARTS = (
    answers,
    cache,
    evaluation,
    citing,
    edition,
    codebook,
    execution,
    html,
    mathml,
    pdf,
    folds,
    findings,
    fonts,
    glued,
    package,
    published,
    doubts,
    reprints,
    references,
    search,
    size_view,
    speed,
    together,
    tools,
    typst,
    versions,
    findable,
)


def _set_version(app: Sphinx, config: Config) -> None:
    config["version"] = config["release"] = __version__


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part; called by Sphinx."""
    for part in PARTS:
        part.setup(app)
    app.connect("config-inited", _set_version)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
