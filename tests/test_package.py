"""The data package as one file: whole, checked by its own sums, and the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile

import pytest
import yaml
from bs4 import BeautifulSoup

from frivillig import __version__
from frivillig.data import DATA
from frivillig.sphinx.package import data_package, pack


@pytest.fixture
def unpacked(tmp_path):
    with zipfile.ZipFile(io.BytesIO(data_package(__version__).content)) as archive:
        archive.extractall(tmp_path)
    [folder] = tmp_path.iterdir()
    return folder


def test_it_holds_every_file_that_the_data_package_describes(unpacked):
    described = yaml.safe_load((unpacked / "datapackage.yaml").read_text(encoding="utf-8"))
    for resource in described["resources"]:
        assert (unpacked / resource["path"]).read_bytes() == (DATA / resource["path"]).read_bytes()
        if isinstance(resource.get("schema"), str):
            assert (unpacked / resource["schema"]).is_file()
    assert (unpacked / "LICENSE").is_file()


def test_its_sums_are_right_and_name_every_other_file(unpacked):
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=unpacked, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    named = {line.split("  ")[1] for line in (unpacked / "SHA256SUMS").read_text("utf-8").splitlines()}
    assert named == {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()} - {
        "SHA256SUMS"
    }


def test_the_bytes_depend_on_names_and_content_alone():
    one = pack({"b": b"1", "a/c": b"2"}, "folder")
    assert one == pack({"a/c": b"2", "b": b"1"}, "folder")
    assert one != pack({"a/c": b"2", "b": b"3"}, "folder")


def test_the_page_states_the_sum_of_the_file_that_it_links_to(book):
    page = BeautifulSoup((book.html / "book" / "index.html").read_text("utf-8"), "html.parser")
    link = page.find("a", string=lambda text: text and "datapakken" in text)
    content = (book.html / "book" / link["href"]).resolve().read_bytes()
    assert page.select_one(".checksum code").get_text() == hashlib.sha256(content).hexdigest()
    assert f"{len(content) / 1000:.0f}\u00a0kB" in link.get_text()
