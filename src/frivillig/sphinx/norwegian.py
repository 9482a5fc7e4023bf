"""The interface in Norwegian Bokmål.

Texts that go through gettext are translated in locale/nb_NO: Sphinx finds its own domain there by
`locale_dirs` in _config.yml, that of sphinx-book-theme is added here. The few texts that the themes have
written into their templates are exchanged in the finished pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LOCALE = Path(__file__).parent / "locale"
THEME_DOMAIN = "booktheme"
HARD_CODED = {
    'aria-label="Main"': 'aria-label="Innhold"',
    'aria-label="Page"': 'aria-label="Sidens knapper"',
    # The text shown is the better name: it says which of the two a press does.
    ' aria-label="Toggle hidden content"': "",
    'title="Toggle primary sidebar"': 'title="Vis eller skjul innholdet"',
    'title="Toggle secondary sidebar"': 'title="Vis eller skjul sidens innhold"',
}


def _compile_catalogue() -> None:
    source = LOCALE / "nb_NO" / "LC_MESSAGES" / f"{THEME_DOMAIN}.po"
    compiled = source.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        with source.open("rb") as text, compiled.open("wb") as binary:
            write_mo(binary, read_po(text, locale="nb_NO"))


def _exchange(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        norwegian = html
        for english, text in HARD_CODED.items():
            norwegian = norwegian.replace(english, text)
        if norwegian != html:
            page.write_text(norwegian, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Add the theme's catalogue and the exchange."""
    _compile_catalogue()
    app.add_message_catalog(THEME_DOMAIN, str(LOCALE))
    app.connect("build-finished", _exchange)
