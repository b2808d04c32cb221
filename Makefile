# Everything a fresh machine with Python 3.11 needs, in five words. Each target sets itself up.
PYTHON ?= python3
BIN := .venv/bin
LOW := .venv-lowest/bin
PYTEST := -m pytest -p no:cacheprovider -n auto --dist loadfile --no-loadscope-reorder

.PHONY: demo test test-lowest matrix check bench docs build clean servers

demo: .venv/ready  ## the wizard on the embedded lab: 127.0.0.0/8 only
	$(BIN)/launchready demo

test: .venv/ready servers test-lowest  ## every test; those that try a dependency with its oldest release too
	$(BIN)/python $(PYTEST) --cov --cov-report=term

test-lowest: .venv-lowest/ready servers
	$(LOW)/python $(PYTEST) -q -m "not house and not slow" $$($(LOW)/python tests/lowest.py --tests)

matrix: servers  ## the suite on every Python this machine has
	for version in 3.11 3.12 3.13; do \
	  command -v python$$version >/dev/null || { echo "python$$version is not here: not tested"; continue; }; \
	  python$$version -m venv .venv-$$version && \
	  .venv-$$version/bin/python -m pip install --quiet --editable '.[dev]' && \
	  .venv-$$version/bin/python $(PYTEST) -q -m "not house" || exit 1; \
	done

check: .venv/ready  ## lint, format, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready  ## timings, as ratios in one run
	$(BIN)/python tests/benchmarks/run.py

docs: .venv/ready  ## the pages that are made from the catalogue and the key registry
	$(BIN)/python -m launchready_tui.checkdocs --write docs/checks
	$(BIN)/python -m launchready_screens.keydocs --write docs/keys.md

build: .venv/ready
	$(BIN)/python -m pip install --quiet build
	$(BIN)/python -m build --outdir dist .

servers:  ## the real servers the tests talk to; says so where it may not install them
	@sh tests/servers/install.sh

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,oracle]'
	@touch $@

.venv-lowest/ready: pyproject.toml tests/lowest.py
	$(PYTHON) -m venv .venv-lowest
	$(PYTHON) tests/lowest.py pyproject.toml > .venv-lowest/lowest.txt
	$(LOW)/python -m pip install --quiet --disable-pip-version-check --constraint .venv-lowest/lowest.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv .venv-* dist build out .coverage .hypothesis .mypy_cache .ruff_cache .import_linter_cache
