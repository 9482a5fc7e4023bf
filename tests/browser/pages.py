"""The pages of the site, and what several tests ask of one."""

from __future__ import annotations

import yaml

from frivillig.data import ROOT

CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
WRITTEN = [CONTENTS["root"]] + [chapter["file"] for part in CONTENTS["parts"] for chapter in part["chapters"]]
PAGES = [*(f"{page}.html" for page in WRITTEN), "search.html?q=frivillige", "404.html"]

WIDE, PHONE, NARROW = 1400, 390, 320

OPEN_FOLDS = "document.querySelectorAll('details').forEach((fold) => { fold.open = true })"
# What reaches beyond the window, apart from what scrolls in a box of its own or is not to be seen.
WIDER = """() => [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1
        && !element.closest('.scroll, pre, math, .visually-hidden, .skip'))
    .map((element) => `${element.tagName}.${element.className}`)"""
