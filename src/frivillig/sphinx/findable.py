"""What search engines, reference managers and other sites read: metadata, a picture, a map of the site.

Addresses that must be whole (canonical links, the map, the PDF) are given once `html: baseurl` in _config.yml
says where the book is published.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frivillig.sphinx.citing import Work, read_works
from frivillig.sphinx.html import describe
from frivillig.sphinx.package import data_package
from frivillig.sphinx.pictures import draw
from frivillig.sphinx.typst.builder import last_changed
from frivillig.sphinx.typst.markup import string

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

PICTURE, WIDTH, HEIGHT = "_static/share.png", 1200, 630
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


# ── What stands in the head of a page ────────────────────────────────────────────────────────────


def scholarly(page: Work, edition: Work, report: Work, pdf: str) -> list[tuple[str, str]]:
    """The tags that Google Scholar and Zotero read, of the edition itself or of a page that is a part of it.

    Args:
        page: The edition, or a work with the title of the page.
        edition: The edition.
        report: The report that the edition rebuilds.
        pdf: Address of the PDF; empty where it is not known.
    """
    tags = [("citation_title", page.title)]
    tags += [("citation_author", _name(author)) for author in edition.authors]
    if page is not edition:
        tags.append(("citation_inbook_title", edition.title))
    if edition.released:
        tags.append(("citation_publication_date", edition.released.strftime("%Y/%m/%d")))
    tags += [("citation_language", "nb"), ("citation_version", edition.version), ("citation_pdf_url", pdf)]
    if page is edition:
        authors = "; ".join(f"citation_author={_name(author)}" for author in report.authors)
        tags.append(("citation_reference", f"citation_title={report.title}; {authors}"))
    return [(name, value) for name, value in tags if value]


def _name(author: tuple[str, str]) -> str:
    family, given = author
    return f"{family}, {given}" if given else family


def linked_data(
    edition: Work, report: Work, description: str, data: dict[str, Any], address: str
) -> dict[str, Any]:
    """The edition, the report and the data package in the words of schema.org.

    Args:
        edition: The edition.
        report: The report that the edition rebuilds.
        description: What the edition is about.
        data: Name, size in bytes and SHA-256 of the data package, by the names of schema.org.
        address: Where the edition is published, ending in a slash; empty when it is not known.
    """
    book = {
        "@type": "Report",
        "@id": f"{address}#utgaven",
        "name": edition.title,
        "description": description,
        "inLanguage": "nb",
        "version": edition.version,
        "datePublished": edition.released.isoformat() if edition.released else None,
        "license": LICENCE,
        "author": [_person(author) for author in edition.authors],
        "url": address or None,
        "image": f"{address}{PICTURE}",
        "isBasedOn": {
            "@type": "Report",
            "name": report.title,
            "inLanguage": report.language,
            "author": [_person(author) for author in report.authors],
        },
    }
    package = {
        "@type": "Dataset",
        "@id": f"{address}#dataene",
        "name": f"{edition.title}: data",
        "description": "Tallene som rapporten trykker, med sted og enhet, syntetiske svar som gir de "
        "samme tallene, og kodebok for alle filer.",
        "inLanguage": "nb",
        "version": edition.version,
        "license": LICENCE,
        "creator": book["author"],
        "isAccessibleForFree": True,
        "isPartOf": {"@id": book["@id"]},
        "distribution": {"@type": "DataDownload", "encodingFormat": "application/zip", **data},
    }
    graph = [{key: value for key, value in node.items() if value is not None} for node in (book, package)]
    return {"@context": "https://schema.org", "@graph": graph}


def _person(author: tuple[str, str]) -> dict[str, str]:
    family, given = author
    if not given:
        return {"@type": "Organization", "name": family}
    return {"@type": "Person", "name": f"{given} {family}", "givenName": given, "familyName": family}


def _add_metadata(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    if tree is None:  # search and the like
        return
    works = read_works(address=app.config.html_baseurl)
    edition, report = works["edition"], works["report"]
    front = page == app.config.root_doc
    base, title = app.config.html_baseurl, app.env.titles[page].astext()
    description = describe(app.env.metadata[page], tree)
    pdf = f"{base}{app.config.typst_filename}" if base else ""
    work = edition if front else Work("page", title, edition.authors)
    picture = f"{base}{PICTURE}" if base else context["pathto"](PICTURE, 1)
    shared = {
        "og:type": "website" if front else "article",
        "og:title": title,
        "og:description": description,
        "og:site_name": app.config.html_title,
        "og:locale": "nb_NO",
        "og:url": context.get("pageurl") or "",
        "og:image": picture,
        "og:image:width": str(WIDTH),
        "og:image:height": str(HEIGHT),
        "og:image:alt": f"{app.config.html_title}. {app.config.typst_subtitle}",
    }
    lines = [
        f'<meta name="{name}" content="{escape(text)}">'
        for name, text in scholarly(work, edition, report, pdf)
    ]
    lines += [f'<meta property="{name}" content="{escape(text)}">' for name, text in shared.items() if text]
    lines.append('<meta name="twitter:card" content="summary_large_image">')
    if front:
        package = data_package(app.config.release)
        data = {
            "name": package.name,
            "contentUrl": f"{base}{package.name}",
            "contentSize": f"{len(package.content)} B",
            "sha256": package.sha256,
        }
        graph = json.dumps(linked_data(edition, report, description, data, base), ensure_ascii=False)
        safe = graph.replace("<", r"\u003c")  # within a script no text may look like the end of it
        lines.append(f'<script type="application/ld+json">{safe}</script>')
    context["metatags"] = context.get("metatags", "") + "".join(f"\n  {line}" for line in lines)


# ── Files beside the pages ───────────────────────────────────────────────────────────────────────


def share_picture(title: str, subtitle: str, note: str) -> bytes:
    """The picture that others show with a link to the book, as PNG of 1,200 by 630 pixels."""
    return draw(
        f"""#set page(width: {WIDTH}pt, height: {HEIGHT}pt, margin: 80pt, fill: rgb("#00568c"))
#set text(font: "Source Sans Pro", fill: white, lang: "nb", hyphenate: false)
#set par(leading: 0.4em)
#text(72pt, weight: "semibold", {string(title)})
#v(6pt)
#text(40pt, {string(subtitle)})
#v(1fr)
#line(length: 100%, stroke: 2pt + white)
#text(28pt, {string(note)})
""",
        72,
        {},
    )


def sitemap(addresses: list[str], day: str) -> str:
    """The map of the site: every page, with the day when the book was last changed."""
    entries = "".join(
        f"  <url><loc>{escape(address)}</loc><lastmod>{day}</lastmod></url>\n" for address in addresses
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    out, base = Path(app.outdir), app.config.html_baseurl
    package = data_package(app.config.release)
    (out / package.name).write_bytes(package.content)
    note = "Rapporten som kjørbar bok: alle tall kan etterprøves"
    (out / PICTURE).write_bytes(share_picture(app.config.html_title, app.config.typst_subtitle, note))
    robots = "User-agent: *\nAllow: /\n"
    (out / "sitemap.xml").unlink(missing_ok=True)
    if base:
        day = datetime.fromtimestamp(last_changed(app.env), UTC).date().isoformat()
        pages = [base + app.builder.get_target_uri(page) for page in sorted(app.env.found_docs)]
        (out / "sitemap.xml").write_text(sitemap(pages, day), encoding="utf-8")
        robots += f"Sitemap: {base}sitemap.xml\n"
    (out / "robots.txt").write_text(robots, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Add to every page, and write the files when all pages are there."""
    app.connect("html-page-context", _add_metadata)
    app.connect("build-finished", _write)
