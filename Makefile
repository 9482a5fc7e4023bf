# Two commands do everything: `make book` and `make test`. Both set up .venv first.
.DEFAULT_GOAL := help
.PHONY: help book html pdf serve notebooks new-chapter check-data respondents bounds test test-browser test-slow bench bench-site bench-scale compare check-links check-packages licences report-links archive release pages lint lock clean
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT   ?= 8000
BIN    := .venv/bin
PDF    := _build/pdf/frivillig-innsats.pdf
STAMPS := _build/.stamps
# The committed respondents.
SEED   := 2023
# What `make compare` compares with.
BASE   ?= main
# The title of the issue that the link check opens.
LINKS  := Links that lead nowhere
# A folder with other answers; empty for the synthetic ones in data/surveys.
FRIVILLIG_SURVEYS ?=
# Where the site will stand; empty for `html: baseurl` of _config.yml.
FRIVILLIG_ADDRESS ?=
export FRIVILLIG_SURVEYS FRIVILLIG_ADDRESS

DATA    := $(shell find data -type f)
PACKAGE := $(shell find src -type f ! -name '*.pyc' ! -name '*.mo')
ANSWERS := $(if $(FRIVILLIG_SURVEYS),$(wildcard $(FRIVILLIG_SURVEYS)/*))
TEXT    := $(shell find book notebooks -type f -name '*.md') _config.yml _toc.yml CITATION.cff LICENSE book/references.bib $(wildcard book/_static/*)

help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Both builders keep their reading of the pages in one folder, so they run one after the other.
.NOTPARALLEL:

book: html pdf _build/html/$(notdir $(PDF)) ## Build the whole book: the site, and the PDF that it links to
	@echo "The site is in _build/html, with the PDF: open index.html there, or run 'make serve'."

html: $(STAMPS)/html ## Build the site to _build/html
	@echo "The site is in _build/html: open index.html there, or run 'make serve'."

pdf: $(PDF) ## Typeset the book as one tagged PDF in _build/pdf
	@echo "The PDF is $(PDF)."

serve: .venv/.installed ## Show the site at http://localhost:8000 (PORT=…); each saved change is on it in seconds
	$(BIN)/python -m frivillig serve --port $(PORT)

notebooks: html ## Write each chapter as .ipynb with outputs to _build/notebooks
	$(BIN)/python -m frivillig notebooks

new-chapter: .venv/.installed ## Begin a chapter that builds, and list it in _toc.yml (NAME=…)
	$(BIN)/python -m frivillig new-chapter $(NAME)

check-data: $(STAMPS)/data ## Check every data file against data/datapackage.yaml

respondents: .venv/.installed ## Make the synthetic respondents in data/surveys anew: the same bytes
	$(BIN)/python -m frivillig reconstruct --seed $(SEED) --out data/surveys

bounds: .venv/.installed ## Find anew what the printed numbers pin down, in data/reconstruction (minutes)
	$(BIN)/python -m frivillig bounds

test: .venv/.installed ## Run the tests
	$(BIN)/python -m pytest -m "not slow"

test-browser: .venv/.installed ## Run every browser test: all pages, sizes and colour schemes (minutes)
	$(BIN)/python -m pytest tests/browser

test-slow: .venv/.installed ## Run the tests that take minutes
	$(BIN)/python -m pytest -m slow

bench: .venv/.installed ## Measure builds, the preview, the audit and the reconstruction (OTHER=… to compare it with another program)
	PYTHONPATH=tests $(BIN)/python bench/build.py
	PYTHONPATH=tests $(BIN)/python bench/serve.py
	PYTHONPATH=tests $(BIN)/python bench/audit.py
	$(BIN)/python bench/reconstruct.py $(OTHER)

bench-site: book ## Weigh every page, and ask Lighthouse about five, in bench/site.md (needs npx and Chromium)
	$(BIN)/python bench/lighthouse.py

bench-scale: .venv/.installed ## Measure how costs grow to a million respondents and 200 more chapters (minutes)
	PYTHONPATH=tests $(BIN)/python bench/scale.py

compare: html ## Tell what readers will see change since BASE (a commit), with pictures in _build/compare
	@rm -rf _build/base && git worktree prune && git worktree add --quiet --detach _build/base $(BASE)
	@$(MAKE) --silent -C _build/base html >&2
	@$(BIN)/python -m frivillig compare _build/base/_build/html _build/html --out _build/compare
	@git worktree remove --force _build/base

check-links: $(STAMPS)/data ## Follow every link to other sites; what was found is in _build/links.txt
	@$(BIN)/python -m frivillig build linkcheck; status=$$?; \
		cp _build/work/_build/linkcheck/output.txt _build/links.txt; exit $$status

report-links: ## Open an issue with the broken links, or add to the one that is open (needs gh)
	@grep -F '[broken]' _build/links.txt > _build/broken.txt
	@open=$$(gh issue list --state open --search '"$(LINKS)" in:title' --json number --jq '.[0].number // empty'); \
		if test -n "$$open"; then gh issue comment "$$open" --body-file _build/broken.txt; \
		else gh issue create --title '$(LINKS)' --body-file _build/broken.txt; fi

archive: book ## Pack the site as a version (VERSION=…)
	@mkdir -p _build/versions
	@tar --sort=name --owner=0 --group=0 --numeric-owner -czf "_build/versions/$$VERSION.tar.gz" -C _build/html .

release: ## Publish a packed version with its tag (VERSION=…, needs gh)
	gh release create "$$VERSION" "_build/versions/$$VERSION.tar.gz" --verify-tag --generate-notes

pages: ## Build the site for GitHub Pages, with all published versions, in _build/pages (needs gh)
	@address=$$(gh api 'repos/{owner}/{repo}/pages' --jq .html_url) && $(MAKE) book FRIVILLIG_ADDRESS="$$address"
	@mkdir -p _build/versions
	@tags="$$(gh release list --limit 1000 --json tagName --jq '.[].tagName')" || exit 1; for tag in $$tags; do \
		gh release download "$$tag" --pattern "$$tag.tar.gz" --dir _build/versions --skip-existing || exit 1; done
	@$(BIN)/python -m frivillig assemble _build/html _build/versions --out _build/pages

check-packages: .venv/.installed ## Ask whether a package in requirements.txt has a known weakness (needs network)
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements.txt

licences: .venv/.installed ## List the licences of all packages; one that is not allowed in pyproject.toml is an error
	$(BIN)/pip-licenses

lint: .venv/.installed ## Check text, code and workflows in seconds; each remark with file and line
	$(BIN)/python -m frivillig lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/zizmor --quiet --offline .github

lock: .venv/.installed ## Resolve pyproject.toml anew into requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --group dev \
		--no-header --no-emit-index-url --no-emit-find-links pyproject.toml --output-file requirements.txt

clean: ## Remove everything that was built (not .venv)
	rm -rf _build

# Written only when another folder or address is chosen, so that a choice is never taken for the one before.
.PHONY: always
$(STAMPS)/answers: CHOICE = $(FRIVILLIG_SURVEYS)
$(STAMPS)/address: CHOICE = $(FRIVILLIG_ADDRESS)
$(STAMPS)/answers $(STAMPS)/address: always
	@mkdir -p $(@D)
	@echo '$(CHOICE)' | cmp -s - $@ || echo '$(CHOICE)' > $@

# Faults in the data stop the build before anything is executed or written.
$(STAMPS)/data: .venv/.installed $(DATA) $(ANSWERS) $(STAMPS)/answers $(wildcard src/frivillig/data/*.py)
	@mkdir -p $(@D)
	$(BIN)/python -m frivillig check-data
	@touch $@

$(STAMPS)/html: $(STAMPS)/data $(STAMPS)/address $(PACKAGE) $(TEXT)
	$(BIN)/python -m frivillig build html
	@touch $@

# Copied and then renamed: a PDF that is half written is never in place.
# After the site: both read the pages into one place, and Sphinx writes what it has just read for one builder only.
$(PDF): $(STAMPS)/html $(PACKAGE) $(TEXT)
	$(BIN)/python -m frivillig build typst
	@mkdir -p $(@D)
	@cp _build/work/_build/typst/$(@F) $@.part
	@mv $@.part $@

_build/html/$(notdir $(PDF)): $(STAMPS)/html $(PDF)
	@cp $(PDF) $@.part
	@mv $@.part $@

# uv installs in seconds; where it cannot be had, pip takes two minutes for the same versions and hashes.
.venv/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: Python 3.11 or newer is needed, $(PYTHON) is older. Try: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up .venv (once) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.5' || echo "uv cannot be had: going on with pip"
	@if test -x $(BIN)/uv; then \
		$(BIN)/uv pip install --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.txt && \
		$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --no-build-isolation --editable .; \
	else \
		$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --require-hashes -r requirements.txt && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	fi
	@touch $@
