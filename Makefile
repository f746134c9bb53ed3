# Everything a stranger needs: `make run` and `make test`. Only Python 3.11+ and make are asked of the machine.

VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PY := $(VENV)/bin/python
TESTS ?= tests
PYTEST_ARGS ?=

# Every process of ours would compile the whole program anew where an environment forbids keeping what was compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint format bench soak assets messages lock clean help

help: ## Say what there is.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: assets ## Set everything up and serve the product with the demo city.
	@exec $(PY) -m civic run

# Three at a time on two cores: a browser or a database is often waited for. In the order of the files, the long walks
# in a browser first: else files of few tests, which they are, are left for the end, where one worker walks alone.
test: assets ## Set everything up and run every test.
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -rs $(PYTEST_ARGS) $(TESTS)

lint: assets ## Style, types, templates, translations.
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m djlint --lint --quiet templates
	$(PY) -m pytest tests/architecture/test_translations.py

format: $(VENV)/.installed ## Put the code in the house style.
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: assets ## Measure, as ratios within one run; writes bench/results.json.
	@$(PY) -m bench $(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED))

soak: assets ## Long campaigns on many instances; writes soak/results.json.
	@$(PY) -m soak $(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED)) $(if $(ROUNDS),--rounds $(ROUNDS))

assets: $(VENV)/.installed ## Build the front end (only what changed).
	@$(PY) -m civic.frontend_build

$(VENV)/.installed: requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "Civic needs Python 3.11 or newer; none was found on the PATH."; exit 1; }
	@echo "Setting up Python packages in $(VENV) (once, about a minute) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

# gurobipy is proprietary and pabutools works without it: it is left out, and so pip must not ask for it (--no-deps;
# a lock file is complete).
lock: ## Renew the lock files from pyproject.toml (needs uv).
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --quiet -o requirements.lock
	uv pip compile pyproject.toml --extra dev --extra s3 --extra redis --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-package gurobipy --no-header --no-annotate --quiet \
		-c requirements.lock -o requirements-dev.lock

clean: ## Remove what was built; keeps the data directory.
	rm -rf $(VENV) node_modules static/dist build dist *.egg-info
