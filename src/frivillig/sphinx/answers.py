"""What a page says of the answers that it is built from; the data package of the answers decides.

    :::{answers} municipalities
    What readers must know when the answers are synthetic.
    :::

names the surveys of a page, near its top. The content is shown when all of them are synthetic; otherwise the
note says whose answers they are, what is withheld, and which are synthetic still. Below it

    {synthetic}`de syntetiske svarene|svarene`

is the first text when the answers are synthetic, else the second, and what stands in `:::{synthetic}` is
there only when they are. Both look at the surveys of the page, and at all of them where it names none, unless
they name their own: `:::{synthetic} municipalities` and

    {synthetic}`de syntetiske svarene|svarene|municipalities`
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from frivillig.data import SURVEYS, are_synthetic, describe
from frivillig.display.numbers import HIDDEN, TOO_FEW, UP_TO_TWELVE, join
from frivillig.sphinx.exhibits import WITHHELD

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)
NUMBER = re.compile(r"−?\d(?:[\d\u00a0,]*\d)?")
NAMED = "frivillig_surveys"
SYNTHETIC = "Svarene er syntetiske"
REAL = "Svarene bak tallene"
MIXED = "Noen av svarene er syntetiske"


class AnswersNote(SphinxDirective):
    """{answers}: the surveys of a page, and what readers must know of them."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """One admonition."""
        try:
            surveys = _named(self.arguments[0])
        except ValueError as error:
            raise self.error(str(error)) from None
        self.env.temp_data[NAMED] = surveys
        real = [survey for survey in surveys if not are_synthetic(survey)]
        if real and len(real) < len(surveys):
            titles = join([describe(survey).title for survey in surveys if survey not in real])
            texts = [f"{titles} er laget av oss: Ingen rad i dem er virkelig.", *_of_real(real)]
            sentences = [nodes.paragraph("", text) for text in texts]
            note = nodes.admonition("", nodes.title("", MIXED), *sentences, classes=["warning"])
        elif not real:
            note = nodes.admonition("", nodes.title("", SYNTHETIC), classes=["warning"])
            self.state.nested_parse(self.content, self.content_offset, note)
        else:
            sentences = (nodes.paragraph("", text) for text in _of_real(surveys))
            note = nodes.admonition("", nodes.title("", REAL), *sentences, classes=["note"])
        self.set_source_info(note)
        return [note]


def _named(text: str) -> list[str]:
    """The surveys that a text names, with spaces between them.

    Raises:
        ValueError: There is no such survey.
    """
    surveys = text.split()
    if unknown := set(surveys) - set(SURVEYS.values()):
        raise ValueError(f"no survey {', '.join(sorted(unknown))}; there are {', '.join(SURVEYS.values())}")
    return surveys


def _of_real(surveys: list[str]) -> list[str]:
    """What readers must know of answers that are real."""
    described = [describe(survey) for survey in surveys]
    least = max(answers.smallest_cell for answers in described)
    titles = join([answers.title[0].lower() + answers.title[1:] for answers in described])
    return [
        f"Tabeller, figurer og beregnede tall bygger på {titles}. "
        f"Tall som gjelder færre enn {least}, og tall de kan regnes ut av, er holdt tilbake som «{HIDDEN}». "
        f"Der svarene ikke rekker til en modell, står det «{TOO_FEW}».",
        "Tall med lenke er fra den trykte rapporten. "
        "Setningene rundt er skrevet om dem, og gjelder ikke uten videre for svarene her.",
    ]


class SyntheticBlock(SphinxDirective):
    """{synthetic}: text that holds for synthetic answers only, of the page's surveys or those named."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """The content, or nothing."""
        try:
            surveys = _named(self.arguments[0]) if self.arguments else self.env.temp_data.get(NAMED, [])
        except ValueError as error:
            raise self.error(str(error)) from None
        if not are_synthetic(*surveys):
            return []
        content = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, content)
        return content.children


class SyntheticRole(SphinxRole):
    """{synthetic}`one|other`: the first text when the answers of the page are synthetic, else the second."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The text; without the bar it is an error, as is a survey that does not exist."""
        synthetic, bar, rest = self.text.partition("|")
        real, own, names = rest.partition("|")
        if not bar:
            logger.error(
                "'%s': expected two texts with | between them", self.text, location=self.get_location(),
                type="frivillig", subtype="synthetic",
            )  # fmt: skip
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        try:
            surveys = _named(names) if own else self.env.temp_data.get(NAMED, [])
        except ValueError as error:
            logger.error(
                "'%s': %s", self.text, error,
                location=self.get_location(), type="frivillig", subtype="synthetic",
            )  # fmt: skip
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        return [nodes.Text(synthetic if are_synthetic(*surveys) else real)], []


def _withhold_in_text(app: Sphinx, page: nodes.document) -> None:
    """Take out of the text what the exhibits withhold, and what it could be worked out from.

    A glued number goes when an exhibit withholds this number, and when it is itself too small. On a page
    where an exhibit withholds anything, every glued number goes that no exhibit of the page shows: it could
    be the difference that gives the withheld one away.
    """
    forms = {form for node in page.findall(nodes.Element) for form in node.attributes.pop(WITHHELD, ())}
    least = max((describe(survey).smallest_cell for survey in app.env.temp_data.get(NAMED, ())), default=0)
    if not least:
        return
    small = {*map(str, range(least)), *UP_TO_TWELVE[:least]}
    tables = " ".join(node.astext() for node in page.findall(nodes.entry))
    shown = set(NUMBER.findall(tables)) if HIDDEN in tables or TOO_FEW in tables else None
    for node in list(page.findall(_is_glued)):
        # '3', or '3 av 17'; ends of intervals are something else that looks the same.
        parts = node.astext().split(" av ")
        told = " av ".join(HIDDEN if part in forms | small else part for part in parts)
        if shown is not None and not _numbers(told) <= shown:
            told = HIDDEN
        node.children = [nodes.Text(told)]


def _numbers(text: str) -> set[str]:
    """The numbers of a text; a number that is a word by itself counts."""
    return {str(UP_TO_TWELVE.index(text))} if text in UP_TO_TWELVE else set(NUMBER.findall(text))


def _refuse_other_outputs(app: Sphinx, page: nodes.document, docname: str) -> None:
    """Beside real answers cells show exhibits only: what a cell prints could be the answers themselves."""
    if all(describe(survey).publish_rows for survey in SURVEYS.values()):
        return
    for node in list(page.findall(_is_plain_output)):
        logger.error(
            "a cell shows something else than an exhibit, which could be real answers; %s",
            "use a function of frivillig.display, or end the cell with ;",
            location=node,
            type="frivillig",
            subtype="answers",
        )
        node.parent.remove(node)


def _is_plain_output(node: nodes.Node) -> bool:
    return isinstance(node, nodes.literal_block | nodes.raw | nodes.image) and "output" in node["classes"]


def _is_glued(node: nodes.Node) -> bool:
    return isinstance(node, nodes.inline) and "pasted-text" in node["classes"]


def setup(app: Sphinx) -> None:
    """Register both directives and the role."""
    # Before any part that copies text, such as the search index.
    app.connect("doctree-read", _withhold_in_text, priority=100)
    # When myst-nb has chosen among the forms of each output.
    app.connect("doctree-resolved", _refuse_other_outputs)
    app.add_directive("answers", AnswersNote)
    app.add_directive("synthetic", SyntheticBlock)
    app.add_role("synthetic", SyntheticRole())
