"""The edition's version and date on every page, and where readers can say what is wrong."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from docutils import nodes
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

from frivillig.display.numbers import LOCALE
from frivillig.sphinx.typst.builder import last_changed

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

# Names the address in place of `html: baseurl` in _config.yml.
ADDRESS = "FRIVILLIG_ADDRESS"
# Settings of _config.yml, what each must be, and an example.
SETTINGS = {
    "html_baseurl": (r"https?://[^\s/]+(/[^\s?#]*)?/", "https://example.org/rapport/"),
    "frivillig_feedback_email": (r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", "post@example.org"),
    "frivillig_issues": (r"https?://\S+", "https://example.org/rapport/issues"),
}


NOBODY = "Den som gir ut nettstedet, har ikke oppgitt noen adresse å skrive til."


class FeedbackDirective(SphinxDirective):
    """{feedback}: where readers can write, as at the foot of every page, or that no address is given."""

    def run(self) -> list[nodes.Node]:
        """A paragraph for each way to write, or one that says that there is none."""
        email, issues = self.config.frivillig_feedback_email, self.config.frivillig_issues
        ways = []
        if email:
            ways.append([nodes.Text("Skriv til "), nodes.reference("", email, refuri=f"mailto:{email}")])
        if issues:
            ways.append([nodes.reference("", "Meld fra i saksbehandleren", refuri=issues)])
        if not ways:
            return [nodes.paragraph("", NOBODY)]
        return [nodes.paragraph("", "", *way, nodes.Text(".")) for way in ways]


def day_of(env: BuildEnvironment) -> str:
    """The day when the book was last changed: '24. november 2026'."""
    return format_date(datetime.fromtimestamp(last_changed(env), UTC), "d. MMMM y", locale=LOCALE)


def _check(app: Sphinx, config: Config) -> None:
    # A host knows where it publishes, such as GitHub Pages; then no setting has to repeat it.
    if address := os.environ.get(ADDRESS):
        config["html_baseurl"] = address.rstrip("/") + "/"
    for name, (pattern, example) in SETTINGS.items():
        if (value := config[name]) and not re.fullmatch(pattern, value):
            place = ADDRESS if address and name == "html_baseurl" else f"_config.yml, {name}"
            raise ConfigError(f"{place}: found '{value}'; expected something like {example}")


def _write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """All pages, when the day that stands on them is another."""
    shown, day = getattr(env, "frivillig_day", None), day_of(env)
    env.frivillig_day = day  # type: ignore[attr-defined]
    return [] if shown == day else sorted(env.found_docs)


def _add_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    context["edition_day"] = app.env.frivillig_day  # type: ignore[attr-defined]
    context["feedback_email"] = app.config.frivillig_feedback_email
    context["issues"] = app.config.frivillig_issues


def setup(app: Sphinx) -> None:
    """Declare the settings, and give page-footer.html what it shows."""
    for name in ("frivillig_feedback_email", "frivillig_issues"):
        app.add_config_value(name, "", "env", str)
    app.add_directive("feedback", FeedbackDirective)
    app.connect("config-inited", _check)
    app.connect("env-updated", _write_again)
    app.connect("html-page-context", _add_context)
