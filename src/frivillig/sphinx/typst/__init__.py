"""A Sphinx builder that typesets a whole book as one tagged PDF (PDF/UA-1) with Typst. See README.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frivillig.sphinx.typst.builder import TypstBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

# myst-nb leaves it to each builder which form of an output it takes: the best one first. HTML stands before
# plain text, so that a table that only exists as HTML stops the build instead of losing its structure.
IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
OUTPUTS = ("text/markdown", *IMAGES, "text/latex", "text/html", "text/plain")


def _choose_outputs(app: Sphinx, config: Config) -> None:
    if "nb_mime_priority_overrides" in config:
        forms = [("typst", form, 10 * (place + 1)) for place, form in enumerate(OUTPUTS)]
        config["nb_mime_priority_overrides"] = [*forms, *config["nb_mime_priority_overrides"]]


def setup(app: Sphinx) -> None:
    """Register the builder and its settings, which README.md explains."""
    app.add_builder(TypstBuilder)
    app.add_config_value("typst_filename", lambda config: f"{config.project}.pdf", "", str)
    app.add_config_value("typst_subtitle", "", "", str)
    app.add_config_value("typst_template", "", "", str)
    app.add_config_value("typst_show_code", False, "", bool)
    app.add_config_value("typst_styles", {}, "", dict)
    app.connect("config-inited", _choose_outputs)
