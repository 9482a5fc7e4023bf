"""The site as it is published: the newest at the root, older versions each in a folder, and their list."""

from __future__ import annotations

import html
import shutil
import tarfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from babel.dates import format_date

from frivillig.display.numbers import LOCALE

FOLDER = "versjoner"
FRONT_PAGE = Path("book") / "index.html"
PAGE = """<!DOCTYPE html>
<html lang="nb-NO">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tidligere utgaver</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }}
</style>
</head>
<body>
<main>
<h1>Tidligere utgaver</h1>
<p><a href="../index.html">Den nyeste utgaven</a> er den som gjelder.</p>
<ul>
{items}
</ul>
</main>
</body>
</html>
"""


class VersionError(Exception):
    """An archive or a site that cannot be published; the message names it."""


@dataclass(frozen=True)
class Version:
    """A version in its archive TAG.tar.gz, and the day that it was built."""

    tag: str
    archive: Path
    built: date


def assemble(site: Path, archives: Path, out: Path) -> list[str]:
    """Put the newest site and all versions in one folder, as a web server serves them.

    Args:
        site: Folder of the newest site.
        archives: Folder with a file TAG.tar.gz of each version's site; it may be empty.
        out: Folder to write; what it had is gone.

    Returns:
        The versions, newest first.

    Raises:
        VersionError: when the site or an archive lacks the front page; nothing is written.
    """
    if not (site / FRONT_PAGE).is_file():
        raise VersionError(f"{site}: no {FRONT_PAGE}; expected a site that make book built")
    versions = sorted(map(_read, archives.glob("*.tar.gz")), key=lambda version: version.built, reverse=True)
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(site, out)
    for version in versions:
        with tarfile.open(version.archive) as archive:
            archive.extractall(out / FOLDER / version.tag, filter="data")
    if versions:
        items = "\n".join(map(_item, versions))
        (out / FOLDER / "index.html").write_text(PAGE.format(items=items), encoding="utf-8")
        _lead_to_list(out / FRONT_PAGE)
    return [version.tag for version in versions]


def _read(path: Path) -> Version:
    tag = path.name.removesuffix(".tar.gz")
    try:
        with tarfile.open(path) as archive:
            # Archives hold ./book/index.html or book/index.html.
            built = {str(Path(member.name)): member.mtime for member in archive}.get(str(FRONT_PAGE))
    except (tarfile.TarError, OSError, EOFError) as problem:
        raise VersionError(
            f"{path}: {problem}; expected the site of a version, packed by make archive"
        ) from None
    if built is None:
        raise VersionError(f"{path}: no {FRONT_PAGE}; expected the site of a version, packed by make archive")
    return Version(tag, path, datetime.fromtimestamp(built, UTC).date())


def _item(version: Version) -> str:
    tag, day = html.escape(version.tag), format_date(version.built, "d. MMMM y", locale=LOCALE)
    return f'<li><a href="{tag}/index.html">Utgave {tag}</a>, bygd {day}</li>'


def _lead_to_list(page: Path) -> None:
    """A link at the end of the front page: only a site that is published has older versions beside it."""
    text = page.read_text(encoding="utf-8")
    before, end, after = text.rpartition("</article>")
    if not end:
        raise VersionError(f"{page}: the page has no article; expected one that make book built")
    link = f'<p><a href="../{FOLDER}/index.html">Tidligere utgaver</a></p>\n'
    page.write_text(before + link + end + after, encoding="utf-8")
