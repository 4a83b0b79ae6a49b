# make demo   run the main job on the MAG 2020 example: calls, a night report, a rotation, a calendar file
# make test   every check: lint, types, tests, doctests, the code blocks of the documents
# make check  lint and types only
# make bench  timings, printed with what they are compared to
# make clean  remove what the others made

PYTHON ?= python3
BIN := .venv/bin
PLAN := examples/mag-2020/plan.toml

.PHONY: demo test check bench clean

demo: .venv/.demo
	@mkdir -p demo
	$(BIN)/mag-rotation calls $(PLAN) --zone Europe/Zurich
	@$(BIN)/mag-rotation calls $(PLAN) --zone Europe/Zurich --format markdown --output demo/calls.part
	@$(BIN)/mag-rotation night $(PLAN) --call XVII --format markdown --output demo/night.part
	@$(BIN)/mag-rotation propose $(PLAN) --slots 3 --format markdown --output demo/propose.part
	@{ cat demo/calls.part; echo; cat demo/night.part; echo; cat demo/propose.part; } > demo/report.md
	@rm demo/calls.part demo/night.part demo/propose.part
	@echo "demo/report.md: the calls, who was in the night at call XVII, and the fairest rotation of three slots"
	@$(BIN)/mag-rotation ics $(PLAN) --output demo/mag-2020.ics --stamp 2020-06-01T00:00Z --zone Europe/Zurich

test: check
	$(BIN)/python -m pytest -q -n auto --dist loadfile --cov=mag_rotation --cov-branch --cov-report=term --cov-fail-under=99

check: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.test
	$(BIN)/python -m pip install --quiet 'fair-meeting-planner>=0.1'
	$(BIN)/python bench/load.py
	$(BIN)/python bench/matrix.py
	$(BIN)/python bench/propose.py

clean:
	rm -rf .venv demo dist build htmlcov .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

.venv/.python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mag_rotation needs Python 3.11 or newer; try: make PYTHON=python3.13")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

.venv/.demo: .venv/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/.test: .venv/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[all,test]'
	@touch $@ .venv/.demo
