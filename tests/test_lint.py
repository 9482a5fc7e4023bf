"""The linter finds what is planted, where it is planted, and nothing in text that is right."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from frivillig.data import ROOT
from frivillig.lint import lint

HEAD = "# Tittel\n\n"
CELL = "```{{code-cell}} ipython3\n:tags: [hide-input]\n\n{}\n```\n"

GOOD = r"""---
jupytext:
  text_representation:
    format_version: 0.13
---

(sec-god)=
# En god side

I alt {stat}`municipal.response.any.count` av {glue:text}`alle` svarte ({ref}`sec-god`, {numref}`tab-a`).
Se [siden om dette](side.md) og {cite:p}`selle2019{s. 3}`, `df.iloc[0]` og $x_1 = 2$.
Da er {glue:text}`county_rate` prosent et konfidensintervall på 95 prosents konfidensnivå.
Linjer kan ha [words of another language]{.lang-en}.

% 12 komentarer

$$
a = 12
$$

:::{admonition} En god tittel
:class: note

Ord i rammen.
:::

```
make 3
```

```{code-cell} ipython3
:tags: [hide-input]

glue("alle", 370, display=False)
for county in counties:
    glue(f"{county}_rate", 1)
%matplotlib inline
display.table(data, name="tab-a", caption=f"Andel av {n} kommuner.")
```

{.lang-en}
## In English

The colour of their neighbours.

### Still English

Even here.

## På norsk

Her er vi hjemme igjen.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without pages, but with this one's numbers, works, words and terms."""
    for name in ("book/references.bib", "book/words.txt", "data/published/statistics.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "book" / "terms.md").write_text(
        "# Ord\n\n% frivillighetssentral: frivilligsentral\n", encoding="utf-8"
    )
    (tmp_path / "book" / "kart.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def found(project: Path, **pages: str) -> list[tuple[int, str]]:
    """Line and rule of each remark on the last page."""
    for name, text in pages.items():
        (project / "notebooks" / f"{name}.md").write_text(text, encoding="utf-8")
    last = f"notebooks/{[*pages][-1]}.md"
    return [(remark.line, remark.rule) for remark in lint(project) if remark.file.endswith(last)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Nesten 93 prosent.", "typed-number"),
        ("{stat}`municipal.source.center.pct` har det.", "unknown-number"),
        ("{stat}`organisations.initiative.other.pct` har det.", "lost-number"),
        ("I alt {glue:text}`ukjent`.", "unknown-glue"),
        ("Se {ref}`sec-ukjent`.", "unknown-label"),
        ("Se {numref}`fig-ukjent`.", "unknown-label"),
        ("Se {ref}`her <sec-ukjent>`.", "unknown-label"),
        ("Se [her](borte.md).", "unknown-page"),
        ("![Kart over Norge med fylkene.](borte.svg)", "unknown-picture"),
        ("Slik er det {cite:p}`selle1893`.", "unknown-work"),
        ("Slik er det {cite:t}`selle2019{s. 3},selle1893`.", "unknown-work"),
        ("Slik er det. Og slik.", "two-sentences"),
        ("«Slik er det.» Og slik.", "two-sentences"),
        ("Dette er en skrivefeyl.", "spelling"),
        ("De tre kommunane.", "spelling"),
        ("Frivillighetssentralene gjør det.", "term"),
        ("![](../book/kart.svg)", "missing-alt"),
        ("[The colour of harbours]{.lang-en} og [the wrongg word]{.lang-en}.", "spelling"),
    ],
)
def test_what_is_wrong_in_the_text_is_found_on_its_line(project, text, rule):
    page = HEAD + "Linjen over er god.\n" + text + "\n\nLinjen under også.\n"
    assert (4, rule) in found(project, side=page)
    assert {line for line, _ in found(project, side=page)} == {4}


@pytest.mark.parametrize(
    ("call", "rules"),
    [
        ('display.bars(data, name="fig-a", caption="Hvem som svarte.")', ["missing-alt"]),
        ('display.bars(data, name="fig-a", caption="Hvem som svarte.", alt="")', ["missing-alt"]),
        ('display.bars(data, name="fig-a", caption="Hvem som svarte.", alt="Søyler.")', ["short-alt"]),
        ('display.table(data, name="tab-a", heading="Svar")', ["missing-caption"]),
        ('display.table(data, name="tab-a", caption="Andel av 192 kommuner.")', ["typed-number"]),
        ('display.table(data, name="tab-a", caption=f"Andel av {n} komuner.")', ["spelling"]),
        ('display.table(data, name="tab-a", caption="Fra {cite:t}`selle1893`.")', ["unknown-work"]),
        ('display.table(data, name="tab-a", caption=f"Andel av {n[\'7\']} kommuner.")', []),
        ('display.table(data, name="fig-a", caption="Alle.", alt=described(data))', []),
        ('spine.count("municipal.source.center.count")', ["unknown-number"]),
        ('spine["municipal.source.center.pct"].value', ["unknown-number"]),
        ('spine["organisations.initiative.other.pct"].place', []),
        ('spine.count(f"municipal.source.{centre}.count") + spine["municipal.source.centre.pct"].base', []),
        ('spine.has("organisations.initiative.other.pct")', []),
    ],
)
def test_cells_are_read_too(project, call, rules):
    page = HEAD + CELL.format("data = 1\n" + call)
    assert found(project, side=page) == [(7, rule) for rule in rules]


def test_a_label_may_stand_once_in_the_book(project):
    first = "(sec-en)=\n" + HEAD
    assert found(project, a=first, b="# Tittel\n\n(sec-en)=\n## Del\n") == [(3, "duplicate-label")]
    again = CELL.format('display.table(data, name="tab-a", caption="Alle.")')
    assert found(project, a=again, b=again) == [(4, "duplicate-label")]


def test_every_page_is_listed_and_every_listed_page_is_there(project):
    (project / "_toc.yml").write_text(
        "format: jb-book\nroot: book/terms\nchapters:\n  - file: notebooks/side # her\n"
        "  - file: 'notebooks/borte'\n  - title: Side\n    file: notebooks/annen.md\n",
        encoding="utf-8",
    )
    for name in ("side", "annen", "glemt"):
        (project / "notebooks" / f"{name}.md").write_text(HEAD, encoding="utf-8")
    assert [(Path(remark.file).name, remark.line, remark.rule) for remark in lint(project)] == [
        ("_toc.yml", 5, "unknown-page"),
        ("glemt.md", 1, "unlisted-page"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("_toc.yml", "format: jb-book\nroot: book/terms\nchapters:\n\t- file: book/a\n", 4),
        ("_config.yml", "author: Kari\ntitle: Om: frivillige\n", 2),
    ],
)
def test_settings_that_are_no_yaml_are_found_on_their_line(project, name, text, line):
    (project / name).write_text(text, encoding="utf-8")
    assert [(Path(remark.file).name, remark.line, remark.rule) for remark in lint(project)] == [
        (name, line, "yaml")
    ]


def test_text_between_directives_without_content_is_read(project):
    page = HEAD + "```{reprint} fig-a\n```\n\nAndelen er 12 prosent.\n\n```{reprint} fig-b\n```\n"
    assert found(project, side=page) == [(6, "typed-number")]


def test_good_text_gets_no_remark(project):
    assert found(project, side=GOOD) == []


def test_norwegian_within_an_english_part_is_found(project):
    page = "# Tittel\n\n{.lang-en}\n## In English\n\nThe kommune.\n\n## Norsk\n\nThe municipality.\n"
    assert found(project, side=page) == [(6, "spelling"), (10, "spelling"), (10, "spelling")]


def test_words_of_the_list_are_inflected_as_their_example(project):
    (project / "book" / "words.txt").write_text("frivilligsentral/sentral\nNyby\n", encoding="utf-8")
    assert found(project, side=HEAD + "Frivilligsentralenes Nyby.\n") == []
    assert found(project, side=HEAD + "Frivilligsentralane i Nybyen.\n") == [(3, "spelling")] * 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("to ord", "words.txt, line 2: 'to ord' is no word, nor word/example"),
        ("nyord/skrivefeyl", "words.txt, line 2: the dictionary has no word 'skrivefeyl'"),
    ],
)
def test_a_list_of_words_that_cannot_be_used_is_refused(project, line, message):
    (project / "book" / "words.txt").write_text(f"Nyby\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        found(project, side=HEAD)


def test_the_command_tells_file_and_line(project):
    page = project / "notebooks" / "side.md"
    page.write_text(HEAD + "Nesten 93 prosent.\n", encoding="utf-8")
    command = [sys.executable, "-m", "frivillig", "lint", project]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stdout.startswith(f"{page}:3: '93' is typed by hand; take the number from the spine")
    page.write_text(HEAD, encoding="utf-8")
    assert subprocess.run(command, capture_output=True, text=True).returncode == 0
    (project / "book" / "words.txt").write_text("to ord\n", encoding="utf-8")
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 2 and "words.txt, line 1" in run.stderr
