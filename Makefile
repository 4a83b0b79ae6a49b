# make demo         run the main job on the MAG 2020 example: calls, a night report, a rotation, a calendar file
# make test         every check: lint, types, tests, doctests, the code blocks of the documents
# make check        lint and types only
# make quick        the tests that are not slow, for while one works
# make test-newest  the tests on the newest release of each package: once without what holds others back, once with all
# make test-oldest  the tests on the lower bounds of pyproject.toml
# make lock         write down the newest versions in requirements/, for all of the above but test-newest
# make fuzz         ten minutes of damaged input for every reader, from another seed each time
# make mutants      half an hour of small changes to the code, and the share of them that the tests notice: at least 92 %
# make catalogues   every text that is translated, in the catalogue of each language, new ones without a translation
# make docs         the documentation as a site in build/site, any warning an error
# make bench        timings, printed with what they are compared to
# make clean        remove what the others made
#
# Each environment is made from one list:
#   .venv              requirements/constraints.txt  the project, all extras, all tools
#   .venv-strangers    requirements/strangers.txt    the readers of calendars that the tests ask
#   .venv-docs         requirements/docs.txt         what builds the site
#   .venv-bench        requirements/bench.txt        the project beside what it is compared to
#   .venv-oldest       requirements/oldest.txt       the project on its lower bounds
#   .venv-newest-core, .venv-newest                  nothing written down: what is newest today

PYTHON ?= python3
OLDEST_PYTHON ?= python3.11
WORKERS ?= auto
BIN := .venv/bin
LIST := requirements/constraints.txt
LOCKED := --constraint $(LIST) --build-constraint $(LIST)
PYTEST := -m pytest -q -n $(WORKERS) --dist loadfile
PLAN := examples/mag-2020/plan.toml

.PHONY: demo test check quick strangers docs test-newest test-oldest lock fuzz mutants catalogues bench clean

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

test: check strangers docs
	$(BIN)/python $(PYTEST) --cov=mag_rotation --cov-branch --cov-report=term --cov-fail-under=99

quick: .venv/.test
	$(BIN)/python $(PYTEST) -m "not slow"

check: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

strangers: .venv-strangers/.installed

docs: .venv-docs/.installed
	.venv-docs/bin/sphinx-build -q --fresh-env --fail-on-warning --keep-going docs build/site
	@echo "build/site/index.html: the documentation"

# The extra days-off is not in the first of the two: the package holidays holds python-dateutil back.
WITHOUT_DAYS_OFF := --ignore=src/mag_rotation/daysoff.py --ignore=tests/daysoff
test-newest: strangers
	rm -rf .venv-newest-core .venv-newest
	$(call make_venv,.venv-newest-core,pip)
	.venv-newest-core/bin/python -m pip install --quiet --editable '.[publish,solve,test]'
	.venv-newest-core/bin/python -m pip list
	.venv-newest-core/bin/python $(PYTEST) $(WITHOUT_DAYS_OFF)
	$(call make_venv,.venv-newest,pip)
	.venv-newest/bin/python -m pip install --quiet --editable '.[all,test]'
	.venv-newest/bin/python -m pip list
	.venv-newest/bin/python $(PYTEST)
	.venv-newest/bin/python -m pip install --quiet --group docs
	.venv-newest/bin/sphinx-build -q --fresh-env --fail-on-warning --keep-going docs build/site

test-oldest: .venv-oldest/.installed strangers
	.venv-oldest/bin/python -m pip list
	.venv-oldest/bin/python $(PYTEST)

COMPILE = $(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --custom-compile-command 'make lock'

lock: .venv/.python
	$(BIN)/python -m pip install --quiet --constraint $(LIST) uv
	$(COMPILE) pyproject.toml --extra all --extra test --group build --group lock --output-file $(LIST)
	$(COMPILE) pyproject.toml --extra all --resolution lowest-direct --output-file requirements/oldest.txt
	$(COMPILE) --group strangers --output-file requirements/strangers.txt
	$(COMPILE) pyproject.toml --extra all --group docs --output-file requirements/docs.txt
	$(COMPILE) pyproject.toml --extra all --group bench --output-file requirements/bench.txt
	npm update --prefix tests/oracles --package-lock-only --no-audit --no-fund

fuzz: .venv/.test
	$(BIN)/python tests/support/fuzzing.py --seconds 600

catalogues: .venv/.test
	PYTHONPATH=tests/support $(BIN)/python tests/support/catalogues.py

mutants: .venv/.test strangers
	$(BIN)/python tests/support/mutants.py

bench: .venv-bench/.installed
	.venv-bench/bin/python bench/start.py
	.venv-bench/bin/python bench/load.py
	.venv-bench/bin/python bench/matrix.py
	.venv-bench/bin/python bench/propose.py
	.venv-bench/bin/python bench/programme.py

clean:
	rm -rf .venv .venv-* demo dist build htmlcov .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

# A new environment, and in it pip: as it is written down, or the newest; with a Python of its own if one is given.
define make_venv
	$(or $(3),$(PYTHON)) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mag_rotation needs Python 3.11 or newer; try: make PYTHON=python3.13")'
	$(or $(3),$(PYTHON)) -m venv $(1)
	$(1)/bin/python -m pip install --quiet --upgrade $(2)
endef
LOCKED_PIP := --constraint $(LIST) pip

.venv/.python: $(LIST)
	$(call make_venv,.venv,$(LOCKED_PIP))
	@touch $@

.venv/.demo: .venv/.python pyproject.toml
	$(BIN)/python -m pip install --quiet $(LOCKED) --editable .
	@touch $@

.venv/.test: .venv/.python pyproject.toml
	$(BIN)/python -m pip install --quiet $(LOCKED) --editable '.[all,test]'
	@touch $@ .venv/.demo

.venv-strangers/.installed: requirements/strangers.txt
	$(call make_venv,.venv-strangers,$(LOCKED_PIP))
	.venv-strangers/bin/python -m pip install --quiet --requirement requirements/strangers.txt
	@touch $@

.venv-docs/.installed: requirements/docs.txt pyproject.toml
	$(call make_venv,.venv-docs,$(LOCKED_PIP))
	.venv-docs/bin/python -m pip install --quiet --build-constraint $(LIST) --requirement requirements/docs.txt --editable .
	@touch $@

.venv-bench/.installed: requirements/bench.txt pyproject.toml
	$(call make_venv,.venv-bench,$(LOCKED_PIP))
	.venv-bench/bin/python -m pip install --quiet --build-constraint $(LIST) --requirement requirements/bench.txt --editable .
	@touch $@

.venv-oldest/.installed: requirements/oldest.txt pyproject.toml
	$(call make_venv,.venv-oldest,$(LOCKED_PIP),$(OLDEST_PYTHON))
	.venv-oldest/bin/python -m pip install --quiet --build-constraint $(LIST) --constraint requirements/oldest.txt --editable '.[all,test]'
	@touch $@
