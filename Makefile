# Every target sets up what it needs in .venv. A second run finds the stamps and does no set-up work.

VENV   := .venv
BIN    := $(VENV)/bin
STAMPS := $(VENV)/.stamps
# The first interpreter that can import durable-rules (3.11 or 3.12); else whatever python3 is.
# Tried by running it: a name on the path may be a shim that leads nowhere.
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && { echo $$p; exit; }; \
	done; echo python3)
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
# For example: make test PYTEST_ARGS="-k rulebook"
PYTEST_ARGS ?= -n auto

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: demo test spark lint bench docs clean distclean help

demo: $(STAMPS)/core ## decide the example cases and explain the answers
	$(BIN)/subsidyengine demo

test: $(STAMPS)/test ## run the tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

spark: $(STAMPS)/test $(STAMPS)/spark ## run the portfolio's plans on Spark too (some 450 MB, and Java 17)
	SPARK=1 $(BIN)/python -m pytest -n 0 tests/portfolio/test_spark.py

lint: $(STAMPS)/test $(STAMPS)/dev ## check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict src

bench: $(STAMPS)/bench ## measure, beside other engines
	$(BIN)/python -m benchmarks

docs: $(STAMPS)/core ## write the handbook of the rules, in both languages
	$(BIN)/subsidyengine rules docs --out docs/handbook

clean: ## remove what builds and tools left behind; keeps .venv
	rm -rf build dist .coverage htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache src/*.egg-info
	find . -name .git -prune -o -name $(VENV) -prune -o -type d -name __pycache__ -exec rm -rf {} +

distclean: clean ## remove .venv too
	rm -rf $(VENV)

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

# One stamp for each set of packages, kept inside .venv so that they go when it goes.

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo 'Python 3.11 or 3.12 is needed; name it with: make PYTHON=/path/to/python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo 'This Python cannot make virtual environments; on Debian or Ubuntu: apt install python3-venv' >&2; exit 1; }
	@echo 'Setting up $(VENV) with $(PYTHON) ...'
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

# The package as a link to src/: core alone, any other stamp with the extra of that name.
$(STAMPS)/core $(STAMPS)/test $(STAMPS)/dev $(STAMPS)/bench $(STAMPS)/spark: $(STAMPS)/venv pyproject.toml constraints.txt
	@echo 'Installing the packages for: $(@F) ...'
	@$(PIP) -e '.$(patsubst %,[%],$(filter-out core,$(@F)))' \
		|| { echo 'If durable-rules did not build: it needs gcc and the Python headers (Debian: apt install python3-dev)' >&2; exit 1; }
	@touch $@
