"""The whole data package as one file to download, with checksums.

    ```{data-package}
    ```

puts the download, its size and its checksum on a page. The file holds what data/datapackage.yaml describes,
that file itself, the licence, and SHA256SUMS, which `sha256sum --check` reads.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from frivillig.data import DATA, ROOT
from frivillig.display.numbers import number
from frivillig.sphinx.folds import on_screen

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "frivillig-innsats-data"
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Package:
    """The finished file: its name, its bytes, and their checksum in hexadecimal."""

    name: str
    content: bytes
    sha256: str


def pack(files: Mapping[str, bytes], folder: str) -> bytes:
    """Files as a zip file, the same bytes for the same files.

    Args:
        files: The content of each file by its path within the folder.
        folder: The folder that unpacking makes.
    """
    sums = "".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in sorted({**files, SUMS: sums.encode()}.items()):
            entry = zipfile.ZipInfo(f"{folder}/{path}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # Unix, whatever system packs it
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return packed.getvalue()


@cache
def data_package(version: str) -> Package:
    """All files of data/ and the licence; never the answers of elsewhere that a book may be built from."""
    files = {
        path.relative_to(DATA).as_posix(): path.read_bytes()
        for path in DATA.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    content = pack({**files, "LICENSE": (ROOT / "LICENSE").read_bytes()}, f"{NAME}-{version}")
    return Package(f"{NAME}-{version}.zip", content, hashlib.sha256(content).hexdigest())


class DataPackageDirective(SphinxDirective):
    """{data-package}: the download of the whole data package, with its size and checksum."""

    has_content = False
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """A download, and beneath it the checksum."""
        for file in (ROOT / "LICENSE", *DATA.rglob("*.*")):
            self.env.note_dependency(str(file))
        package = data_package(self.config.release)
        link = nodes.reference(
            "",
            f"Last ned hele datapakken (ZIP, {number(len(package.content) / 1000)}\u00a0kB)",
            internal=True,
            # frivillig.sphinx.findable puts it beside the folders of the pages.
            refuri="../" * self.env.docname.count("/") + package.name,
            classes=["download"],
        )
        checksum = nodes.literal("", package.sha256)
        return [
            on_screen(
                "",
                nodes.paragraph("", "", link),
                nodes.paragraph("", "Kontrollsum (SHA-256): ", checksum, classes=["checksum"]),
            )
        ]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("data-package", DataPackageDirective)
