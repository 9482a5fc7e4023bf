"""Citations and the list of references in Norwegian: author and year, «og», «mfl.», «u.å.».

sphinxcontrib-bibtex reads book/references.bib, finds what is cited and links the two. Here is how that
looks. A label such as 'Hansen og Slagsvold, 2020a' stands for an entry in the text; parliamentary
papers and official reports are cited by type and number instead: 'NOU 2011: 11'.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pybtex.plugin
from docutils import nodes
from pybtex.database import Entry, Person
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.template import Node, join, node
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BaseReferenceStyle
from sphinxcontrib.bibtex.style.template import SphinxReferenceInfo, reference

from frivillig.display.numbers import join as enumerate_words

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

STYLE = "norwegian"
DOCUMENTS = {"NOU", "Meld. St.", "St.meld. nr."}
NO_YEAR = "u.å."
# The last letters of the alphabet, in its order, with the letters of other languages that sort as them.
LAST_LETTERS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})


class Style:
    """The list of references: what stands in it, in which order, and each entry's label."""

    def sort(self, entries: Iterable[Entry]) -> list[Entry]:
        """Entries by the Norwegian alphabet: authors, year, title."""
        return sorted(entries, key=lambda entry: (alphabetical(_label(entry)), alphabetical(_title(entry))))

    def format_labels(self, entries: Iterable[Entry]) -> list[str]:
        """What the text calls each entry; a letter tells entries of one author and year apart."""
        labels = [_label(entry) for entry in entries]
        often = Counter(labels)
        seen: Counter[str] = Counter()
        unique = []
        for label in labels:
            letter = "abcdefghijklmnopqrstuvwxyz"[seen[label]] if often[label] > 1 else ""
            seen[label] += 1
            dash = "\N{NON-BREAKING HYPHEN}" if letter and not label[-1].isdigit() else ""
            unique.append(f"{label}{dash}{letter}")
        return unique

    def format_entry(self, label: str, entry: Entry) -> FormattedEntry:
        """An entry of the list. Unknown fields are left out; nothing is put in their place."""
        title = _rich(entry.fields.get("title", ""))
        inside = entry.type in ("article", "incollection")
        parts = [
            _opening(label, entry),
            title if inside else Tag("em", title),
            *_container(entry),
            entry.fields.get("note", ""),
            f"ISBN {entry.fields['isbn']}" if "isbn" in entry.fields else "",
        ]
        text = Text(" ").join(Text(part).add_period() for part in parts if part)
        if address := _address(entry):
            text = Text(text, " ", HRef(address, address))
        return FormattedEntry(entry.key, text, label)


def alphabetical(text: str) -> str:
    """A key that sorts as the Norwegian alphabet does: æ, ø, å last, other accents without weight."""
    last = unicodedata.normalize("NFC", text.lower()).translate(LAST_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", last) if not unicodedata.combining(c))
    return re.sub(r"[^\w{|} ]", "", plain)


def _rich(latex: str) -> Text:
    # Single quotation marks stay as typed in LaTeX; double ones are exchanged by from_latex.
    single = re.sub(r"(?<!')'(?!')", "’", re.sub("(?<!`)`(?!`)", "‘", latex))
    return Text.from_latex(single)


def _plain(latex: str) -> str:
    return str(_rich(latex))


def _persons(entry: Entry) -> list[Person]:
    return entry.persons.get("author") or entry.persons.get("editor") or []


def _last(person: Person) -> str:
    return _plain(" ".join(person.prelast_names + person.last_names))


def _full(person: Person) -> str:
    first = _plain(" ".join(person.first_names + person.middle_names))
    return f"{_last(person)}, {first}" if first else _last(person)


def _names(names: list[str]) -> str:
    """All names, 'A, B og C'; 'others' in the file means that not all are known."""
    if names[-1] == "others":
        return f"{', '.join(names[:-1])} mfl."
    return enumerate_words(names)


def _is_document(entry: Entry) -> bool:
    return entry.fields.get("type") in DOCUMENTS


def _document(entry: Entry) -> str:
    return f"{entry.fields['type']} {entry.fields['number']}"


def _title(entry: Entry) -> str:
    return _plain(entry.fields.get("title", ""))


def _head(entry: Entry) -> str:
    """Who or what stands first."""
    return _document(entry) if _is_document(entry) else _names([_full(person) for person in _persons(entry)])


def _label(entry: Entry) -> str:
    if _is_document(entry):
        return _document(entry)
    names = [_last(person) for person in _persons(entry)]
    short = enumerate_words(names) if len(names) < 3 and "others" not in names else f"{names[0]} mfl."
    return f"{short}, {entry.fields.get('year', NO_YEAR)}"


def _opening(label: str, entry: Entry) -> str:
    if _is_document(entry):
        return _head(entry)
    editors = "" if entry.persons.get("author") else " (red.)"
    return f"{_head(entry)}{editors} ({label.rpartition(', ')[2]})"


def _container(entry: Entry) -> list[Text | str]:
    """What the work is part of, and who published it."""
    fields = entry.fields
    pages = re.sub("-+", "–", fields.get("pages", ""))
    publisher = fields.get("publisher", fields.get("institution", ""))
    if publisher == _head(entry):
        publisher = ""
    parts: list[Text | str] = []
    if "journal" in fields:
        issue = f"({fields['number']})" if "number" in fields else ""
        volume = f"{fields['volume']}{issue}" if "volume" in fields else ""
        journal = Tag("em", _rich(fields["journal"]))
        parts.append(Text(", ").join(part for part in (journal, volume, pages) if part))
    elif "booktitle" in fields:
        editors = _names([_plain(name) for name in _given_first(entry.persons["editor"])])
        place = [f"kap. {fields['chapter']}"] if "chapter" in fields else []
        place += [f"s. {pages}"] if pages else []
        book = Tag("em", _rich(fields["booktitle"]))
        parts.append(Text(f"I {editors} (red.), ", book, f" ({', '.join(place)})" if place else ""))
    elif "type" in fields and not _is_document(entry):
        parts.append(f"{fields['type']} {fields.get('number', '')}".strip())
    if "series" in fields:
        parts.append(fields["series"])
    parts.append(": ".join(part for part in (fields.get("address", ""), publisher) if part))
    return parts


def _given_first(persons: list[Person]) -> list[str]:
    return [" ".join(p.first_names + p.middle_names + p.prelast_names + p.last_names) for p in persons]


def _address(entry: Entry) -> str:
    if "doi" in entry.fields:
        return f"https://doi.org/{entry.fields['doi']}"
    return entry.fields.get("url", "")


# ── In the text ──────────────────────────────────────────────────────────────────────────────────


@node
def _in_parentheses(children: list, data: dict) -> Text:
    """'Selle mfl., 2019, s. 3', the whole a link."""
    info: SphinxReferenceInfo = data["reference_info"]
    before = f"{info.pre_text} " if info.pre_text else ""
    after = f", {info.post_text}" if info.post_text else ""
    return Text(before, reference[data["formatted_entry"].label].format_data(data), after)


@node
def _in_sentence(children: list, data: dict) -> Text:
    """'Selle mfl. (2019, s. 3)', the year a link; a document is a link without year."""
    info: SphinxReferenceInfo = data["reference_info"]
    label: str = data["formatted_entry"].label
    author, _, year = label.rpartition(", ")
    if not author:
        after = f" ({info.post_text})" if info.post_text else ""
        return Text(reference[label].format_data(data), after)
    after = f", {info.post_text}" if info.post_text else ""
    return Text(reference[f"{author} ({year}{after})"].format_data(data))


@dataclass
class ReferenceStyle(BaseReferenceStyle):
    """{cite:p}`key{s. 3}` gives "(Selle mfl., 2019, s. 3)" and {cite:t}`key` "Selle mfl. (2019)"."""

    templates: dict[str, Node] = field(default_factory=lambda: {"p": _in_parentheses, "t": _in_sentence})

    def role_names(self) -> Iterable[str]:
        """The roles of the domain `cite` that this style knows."""
        return self.templates

    def inner(self, role_name: str) -> Node:
        """One citation."""
        return self.templates[role_name]

    def outer(self, role_name: str, children: list) -> Node:
        """All citations of a role."""
        if role_name == "p":
            return join["(", join(sep="; ")[children], ")"]
        return join(sep=", ", sep2=" og ", last_sep=" og ")[children]


# ── On the page of references ────────────────────────────────────────────────────────────────────


class ListOfReferences(SphinxPostTransform):
    """The citations become the items of a plain list: their ARIA role, doc-biblioentry, is deprecated."""

    default_priority = 6  # right after sphinxcontrib-bibtex has filled the list

    def run(self, **kwargs: object) -> None:
        """Exchange each container of citations."""
        for container in list(self.document.findall(nodes.container)):
            if container.children and all(isinstance(child, nodes.citation) for child in container.children):
                items = [
                    nodes.list_item("", *citation.children[1:], ids=citation["ids"])
                    for citation in container.children
                ]
                container.replace_self(nodes.bullet_list("", *items, classes=["references"]))


def _write_again(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """All pages that cite or list works, when the list changed: letters can, with one citation more."""
    domain = env.get_domain("cite")
    works = [
        (work.key, work.formatted_entry.label, str(work.formatted_entry.text)) for work in domain.citations
    ]
    if works == getattr(env, "frivillig_works", None):
        return set()
    env.frivillig_works = works  # type: ignore[attr-defined]
    return {citation.docname for citation in domain.citation_refs} | {
        key.docname for key in domain.bibliographies
    }


def _record(app: Sphinx, uri: str) -> str | None:
    """What the link check asks of a DOI: whether it is registered. Publishers turn robots away.

    The address is that of the proxy's REST API, described in the DOI Handbook.
    """
    doi = uri.removeprefix("https://doi.org/")
    return f"https://doi.org/api/handles/{doi}" if doi != uri else None


def setup(app: Sphinx) -> None:
    """Register the styles that _config.yml names, the list, and how links to works are checked."""
    app.connect("linkcheck-process-uri", _record)
    pybtex.plugin.register_plugin("pybtex.style.formatting", STYLE, Style)
    register_plugin("sphinxcontrib.bibtex.style.referencing", STYLE, ReferenceStyle)
    app.add_post_transform(ListOfReferences)
    app.connect("env-updated", _write_again)
