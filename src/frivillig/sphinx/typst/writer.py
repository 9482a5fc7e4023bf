"""From a Sphinx doctree to Typst source: one handler per kind of node, and no node without a handler."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import admonitionlabels

from frivillig.sphinx.typst import formulas, speech
from frivillig.sphinx.typst.markup import escape, label, string
from frivillig.sphinx.typst.tables import write_table
from frivillig.sphinx.typst.walker import Walker

ENUMERATIONS = {
    "arabic": "1",
    "loweralpha": "a",
    "upperalpha": "A",
    "lowerroman": "i",
    "upperroman": "I",
}
UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>", re.DOTALL)
LENGTH = re.compile(r"(\d+(?:\.\d+)?)(px|%|pt|cm|mm|in|em)?")


class TypstWriter(Walker):
    """Writes one document of the book; see Walker for how handlers are found."""

    # What is left out, and why

    def _leave_out(self, node: nodes.Node) -> str:
        return ""

    # Not shown on the site either.
    visit_comment = visit_substitution_definition = visit_index = visit_meta = _leave_out
    visit_pending = visit_highlightlang = visit_tabular_col_spec = _leave_out
    # The contents page stands for every table of contents.
    visit_toctree = _leave_out
    # Printed where they are referred to.
    visit_footnote = _leave_out

    def visit_compound(self, node: nodes.compound) -> str:
        """A table of contents, which is left out, or a group of paragraphs."""
        return "" if "toctree-wrapper" in node["classes"] else self.children(node)

    def visit_raw(self, node: nodes.raw) -> str:
        """HTML that shows something would be lost, which is a fault; scripts show nothing."""
        if "html" in node["format"].split() and UNSEEN.sub("", node.astext()).strip():
            self.fault(node, "raw HTML cannot be printed; use Markdown or an exhibit of frivillig.display")
        return ""

    # Structure

    def visit_document(self, node: nodes.document) -> str:
        """The whole document."""
        for note in self.footnotes.values():
            if not note.get("backrefs"):
                self.fault(note, "nothing refers to this footnote, so that it would not be printed")
        return self.children(node)

    def visit_section(self, node: nodes.section) -> str:
        """A heading's section; links to it go to its heading."""
        self.level += 1
        markup = self.in_language(node, self.children(node), block=True)
        self.level -= 1
        return markup

    def visit_title(self, node: nodes.title) -> str:
        """A heading with the number that it has on the site."""
        section = node.parent
        number = self.builder.section_number(self.docname, section)
        numbering = f", numbering: (..) => {string(number)}" if number else ""
        name = self.builder.label_of(self.docname, section)
        heading = f"#heading(level: {self.level}{numbering}){self.content(node)}"
        markup = self.block(node, heading + (label(name) if name else ""))
        if _begins_with_table(section):
            self.waiting_headings += markup
            return ""
        return markup

    def visit_paragraph(self, node: nodes.paragraph) -> str:
        """A paragraph; one that is only a download is left out, for files do not come with a PDF."""
        if _is_download(node):
            return ""
        markup = self.anchor(node) + self.in_language(node, self.children(node).strip(), block=False)
        if _leads_in(node):
            return self.block(node, f"#lead-in[{markup}]")
        return self.block(node, self.styled(node, markup))

    def visit_container(self, node: nodes.container) -> str:
        """A group; the code of a cell is printed only when typst_show_code is set."""
        if node.get("nb_element") == "cell_code_source" and not self.builder.config.typst_show_code:
            return ""
        if "literal-block-wrapper" in node["classes"]:
            return self._exhibit(node, "raw", "code-block")
        markup = self.in_language(node, self.anchor(node) + self.children(node), block=True)
        return self.block(node, styled) if (styled := self.styled(node, markup)) != markup else markup

    def visit_rubric(self, node: nodes.rubric) -> str:
        """A heading that is not in the contents."""
        return self.block(node, f"#rubric{self.content(node)}")

    def visit_transition(self, node: nodes.transition) -> str:
        """A break between thoughts; the one that MyST puts before footnotes has no use at a page's foot."""
        return "" if "footnotes" in node["classes"] else self.block(node, "#divider()")

    def visit_block_quote(self, node: nodes.block_quote) -> str:
        """A quotation set off from the text, with its source when named."""
        sources = [child for child in node.children if isinstance(child, nodes.attribution)]
        body = "".join(self.write(child) for child in node.children if child not in sources)
        attribution = f", attribution: {self.content(sources[0])}" if sources else ""
        return self.block(node, f"#quote(block: true{attribution})[{body.strip()}]")

    def visit_Admonition(self, node: nodes.Admonition) -> str:  # noqa: N802 - named after docutils' class
        """A box with a title, given or by its kind."""
        children = list(node.children)
        kind = type(node).__name__
        if isinstance(children[0], nodes.title):
            title = self.content(children.pop(0))
            kind = next((name for name in node["classes"] if name in admonitionlabels), "note")
        else:
            title = f"[{escape(str(admonitionlabels[kind]))}]"
        body = self.anchor(node) + "".join(self.write(child) for child in children).strip()
        return self.block(node, f"#admonition({string(kind)}, {title})[\n{body}\n]")

    # Its class in Sphinx does not derive from docutils' admonitions.
    visit_seealso = visit_Admonition

    def visit_line_block(self, node: nodes.line_block) -> str:
        """Lines that stay lines; nested ones are indented."""
        nested = isinstance(node.parent, nodes.line_block)
        indent = "#h(1.5em)" if nested else ""
        lines = [indent + self.write(child).strip() for child in node.children]
        markup = "#linebreak()\n".join(lines)
        return markup if nested else self.block(node, markup)

    def visit_line(self, node: nodes.line) -> str:
        """One line."""
        return self.children(node)

    # Lists

    def visit_bullet_list(self, node: nodes.bullet_list) -> str:
        """A list with bullets."""
        return self.block(node, self.styled(node, f"#list{self._items(node)}"))

    def visit_enumerated_list(self, node: nodes.enumerated_list) -> str:
        """A numbered list; it may start anywhere."""
        style = ENUMERATIONS[node.get("enumtype", "arabic")]
        pattern = f"{node.get('prefix', '')}{style}{node.get('suffix', '.')}"
        return self.block(
            node, f"#enum(numbering: {string(pattern)}, start: {node.get('start', 1)}){self._items(node)}"
        )

    def _items(self, node: nodes.Element) -> str:
        return "".join(f"[{self.anchor(item)}{self.children(item).strip()}]" for item in node.children)

    def visit_definition_list(self, node: nodes.definition_list) -> str:
        """Terms with their definitions."""
        items = []
        for item in node.children:
            terms = [
                self.anchor(part) + self.children(part).strip()
                for part in item.children
                if isinstance(part, nodes.term | nodes.classifier)
            ]
            definition = "".join(
                self.children(part) for part in item.children if isinstance(part, nodes.definition)
            )
            items.append(f"terms.item[{', '.join(terms)}][{definition.strip()}]")
        return self.block(node, "#terms(\n" + "".join(f"{item},\n" for item in items) + ")")

    def visit_glossary(self, node: addnodes.glossary) -> str:
        """A list of terms that the text links to."""
        return self.children(node)

    # Text

    def visit_Text(self, node: nodes.Text) -> str:  # noqa: N802
        """Plain text."""
        return escape(node.astext())

    def visit_emphasis(self, node: nodes.emphasis) -> str:
        """Emphasis."""
        return f"#emph[{self.children(node)}];"

    visit_title_reference = visit_emphasis

    def visit_strong(self, node: nodes.strong) -> str:
        """Strong emphasis."""
        return f"#strong[{self.children(node)}];"

    def visit_literal(self, node: nodes.literal) -> str:
        """Code in the text."""
        return f"#raw({string(node.astext())});"

    def visit_subscript(self, node: nodes.subscript) -> str:
        """A lowered piece of text."""
        return f"#sub[{self.children(node)}];"

    def visit_superscript(self, node: nodes.superscript) -> str:
        """A raised piece of text."""
        return f"#super[{self.children(node)}];"

    def visit_inline(self, node: nodes.inline) -> str:
        """A piece of text, in the look that typst_styles gives to its class."""
        return self.styled(node, self.in_language(node, self.anchor(node) + self.children(node), block=False))

    def visit_target(self, node: nodes.target) -> str:
        """A place to link to."""
        return self.anchor(node) + self.children(node)

    def visit_abbreviation(self, node: nodes.abbreviation) -> str:
        """An abbreviation; the site shows what it stands for only on hovering."""
        return self.children(node)

    def visit_download_reference(self, node: addnodes.download_reference) -> str:
        """The text of a download within a sentence, without the link: files do not come with a PDF."""
        return self.children(node)

    def visit_reference(self, node: nodes.reference) -> str:
        """A link, within the book or out of it."""
        return self.link(node, self.children(node))

    def link(self, node: nodes.reference, text: str) -> str:
        """Markup as a link to where a reference leads."""
        if (goal := self.builder.goal_of(self.docname, node)) is None:
            return f"#link({string(node['refuri'])})[{text}];"
        name = self.builder.labels.get(goal)
        if name is None:
            self.fault(node, f"nothing in the book is called '{'#'.join(goal)}', to which this links")
            return text
        return f"#link(label({string(name)}))[{text}];"

    def visit_footnote_reference(self, node: nodes.footnote_reference) -> str:
        """The footnote, which Typst sets at the foot of the page; only its number the second time.

        Its number is that of the site, which counts anew on each page of its own.
        """
        note = self.footnotes[node["refid"]]
        name = f"footnote:{self.docname}:{note['ids'][0]}"
        numbering = f"numbering: (..) => {string(node.astext())}"
        if name in self.printed_footnotes:
            return f"#footnote(label({string(name)}), {numbering});"
        self.printed_footnotes.add(name)
        return f"#footnote({numbering})[{self._without_label(note)}]{label(name)}"

    def _without_label(self, node: nodes.Element) -> str:
        """The body of a note or reference; its number or sign is set by Typst, or is not shown."""
        body = nodes.Element("", *(child for child in node.children if not isinstance(child, nodes.label)))
        return self.inline(body)

    def visit_citation(self, node: nodes.citation) -> str:
        """An entry of the list of references."""
        return self.block(node, f"#entry[{self.anchor(node)}{self._without_label(node)}]")

    # Code

    def visit_literal_block(self, node: nodes.literal_block) -> str:
        """Code or output, as it stands."""
        language = string(node.get("language", "none"))
        return self.block(node, f"#raw({string(node.astext())}, block: true, lang: {language})")

    visit_doctest_block = visit_literal_block

    # Figures

    def visit_figure(self, node: nodes.figure) -> str:
        """A figure with number, caption and legend."""
        return self._exhibit(node, "image", "figure")

    def _exhibit(self, node: nodes.Element, kind: str, counted_as: str) -> str:
        captions = [child for child in node.children if isinstance(child, nodes.caption)]
        legends = [child for child in node.children if isinstance(child, nodes.legend)]
        body = "".join(self.write(child) for child in node.children if child not in (*captions, *legends))
        number = self.builder.number(self.docname, node, counted_as)
        arguments = [f"kind: {kind}", f"number: {string(number)}", f"anchor: {self.target(node)}"]
        arguments += [f"caption: {self.content(caption)}" for caption in captions]
        arguments += [f"legend: {self.content(legend)}" for legend in legends]
        return self.block(node, f"#exhibit({', '.join(arguments)})[\n{body.strip()}\n]")

    def visit_image(self, node: nodes.image) -> str:
        """A picture; without alt text it is a fault."""
        if not node.get("alt", "").strip():
            self.fault(node, f"the alt text of '{node['uri']}' is missing; say what one sees")
        if node["uri"] not in self.builder.images:
            self.fault(node, f"'{node['uri']}' cannot be printed; use a local SVG, PNG or JPEG file")
            return ""
        width = f", width: {_length(node['width'])}" if node.get("width") else ""
        path = f"{self.builder.imagedir}/{self.builder.images[node['uri']]}"
        picture = f"image({string(path)}, alt: {string(node.get('alt', ''))}{width})"
        return f"#box({picture});" if isinstance(node.parent, nodes.TextElement) else f"#{picture}\n"

    # Tables

    visit_table = write_table

    # Mathematics

    def visit_math(self, node: nodes.math) -> str:
        """A formula in the text."""
        return self._formula(node, "", "${}$") + ";"

    def visit_math_block(self, node: nodes.math_block) -> str:
        """A formula of its own, with its number when it has one."""
        number = self.builder.equation_number(self.docname, node)
        numbering = (
            f"block: true, numbering: (..) => {string(f'({number})')}, " if number else "block: true, "
        )
        name = self.builder.label_of(self.docname, node)
        return self.block(node, self._formula(node, numbering, "$ {} $") + (label(name) if name else ""))

    def _formula(self, node: nodes.Element, arguments: str, delimiters: str) -> str:
        try:
            display = isinstance(node, nodes.math_block)
            markup = formulas.to_typst(node.astext(), display=display)
            words = speech.in_words(node.astext(), display=display)
        except formulas.FormulaError as problem:
            self.fault(node, str(problem))
            return ""
        return f"#math.equation({arguments}alt: {string(words)}, {delimiters.format(markup)})"


def _begins_with_table(section: nodes.Element) -> bool:
    """Whether nothing but headings stands between a heading and a table, which may turn the page."""
    after = (child for child in section.children if not isinstance(child, nodes.title | nodes.Invisible))
    first = next(after, None)
    return isinstance(first, nodes.table) or (isinstance(first, nodes.section) and _begins_with_table(first))


def _is_download(node: nodes.Node) -> bool:
    """Whether a paragraph holds nothing but links to files."""
    return (
        isinstance(node, nodes.paragraph)
        and bool(node.children)
        and all(isinstance(child, addnodes.download_reference) for child in node.children)
    )


def _leads_in(paragraph: nodes.paragraph) -> bool:
    """Whether a paragraph means little without what follows: a list after its colon, a bare table."""
    after = paragraph.next_node(lambda node: not _is_download(node), descend=False, siblings=True)
    if isinstance(after, nodes.table):
        return not isinstance(after[0], nodes.title)
    if isinstance(after, nodes.paragraph) and isinstance(paragraph.previous_sibling(), nodes.title):
        # Else the heading would stay behind with its first sentence.
        return _leads_in(after)
    lists = nodes.bullet_list | nodes.enumerated_list | nodes.definition_list
    return isinstance(after, lists) and paragraph.astext().endswith(":")


def _length(width: str) -> str:
    """A width of reStructuredText as Typst's: a CSS pixel is three quarters of a point."""
    number, unit = LENGTH.fullmatch(width).groups()
    return f"{float(number) * 0.75:g}pt" if unit in (None, "px") else width
