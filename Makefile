# Two commands matter: `make run` and `make test`. Both need Python 3.11 or later with venv, and nothing else.
PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python

.PHONY: run code test test-browser bench messages tour drawings fuzz lint pins sbom format clean

# The site with its demonstration on 127.0.0.1, and beside it all that is timed. Run again, it keeps all data.
run: .venv/site .env
	@$(PY) manage.py make_ready
	@echo "PhysioHub listens on http://127.0.0.1:$(PORT)/  (Ctrl+C stops it)"
	@grep -qs "^SITE_URL=" .env || export SITE_URL="$${SITE_URL:-http://127.0.0.1:$(PORT)}"; \
	$(PY) manage.py keep_going & keeper=$$!; trap 'kill $$keeper 2>/dev/null' EXIT INT TERM; \
	.venv/bin/gunicorn physiohub.wsgi --bind 127.0.0.1:$(PORT)

# A code to log in with as a person of the demonstration: make code NAME=editor
NAME ?= writer
code:
	@$(PY) manage.py demo_code $(NAME)

# Every test but those in a browser, on the database DATABASE_URL names: SQLite if it names none.
test: .venv/dev
	$(PY) -m pytest -n auto --dist worksteal -m "not browser"

# What only a browser can show. Needs the package chromium-headless-shell, or chromium, which is slower. Half of the
# time goes by in waiting for pages, so one more than there are processors work at it.
test-browser: .venv/dev
	$(PY) -m pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) -m browser

# What the site costs, in a temporary folder: docs/performance.md explains the figures. QUICK=1 takes two minutes;
# SIZES=100,10000,100000, POSTGRES=postgres://user:password@host:5432/ and WAGTAIL=1 measure more; LIBRARIES=folder
# keeps the libraries for the next time; WRITE=1 writes docs/performance.*
bench: .venv/dev
	@$(PY) bench/bench_performance.py $(if $(SIZES),--sizes $(SIZES)) $(if $(POSTGRES),--postgres $(POSTGRES)) \
	  $(if $(QUICK),--quick) $(if $(WAGTAIL),--wagtail) $(if $(WRITE),--write) \
	  $(if $(LIBRARIES),--libraries $(LIBRARIES))

# Gathers the words readers see into the catalogues of the other languages, and compiles those.
messages: .venv/dev
	$(PY) manage.py gather_words

# Takes the pictures of docs/tour.md again, from a site it starts for that. Needs the same package.
tour: .venv/dev
	$(PY) docs/take_tour.py

# Draws the pictures of the demonstration pages again. Needs the same package.
drawings: .venv/dev
	$(PY) docs/draw_pictures.py

# Feeds every reader of foreign input what a machine makes up, SECONDS for each. SECONDS=300 is the run by hand.
# SECONDS=2000x gives each so many texts, the same at every run of the same code.
SECONDS ?= 20
fuzz: .venv/dev
	@PYTHONHASHSEED=0 $(PY) -m tests.fuzzing.run $(SECONDS)

# Writes requirements*.txt from requirements*.in: every package at its version, every file with its hash.
PINS := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --annotation-style line --custom-compile-command "make pins"
pins: .venv/dev
	$(PINS) requirements.in -o requirements.txt
	$(PINS) requirements-dev.in -o requirements-dev.txt

# The list of all that ships, as CycloneDX JSON. Made when it is asked for, so that it is never old.
sbom: requirements.txt | .venv/dev
	@mkdir -p var
	@$(PY) -W ignore -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml --output-reproducible \
	  --of JSON -o var/sbom.cdx.json
	@echo "var/sbom.cdx.json"

lint: .venv/dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/bandit -q -r articles references physiohub manage.py gunicorn.conf.py -c pyproject.toml
	.venv/bin/djlint --lint templates
	SECRET_KEY=only-for-this-check-0123456789-abcdefghij .venv/bin/mypy
	SECRET_KEY=only-for-this-check-0123456789-abcdefghij $(PY) manage.py makemigrations --check --dry-run

format: .venv/dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/site: requirements.txt | .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: requirements.txt requirements-dev.txt | .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch .venv/site $@

# Settings of this machine, made once. The key is drawn here and stays here.
.env: | .venv/site
	@umask 077; $(PY) -c "import secrets; print('SECRET_KEY=' + secrets.token_urlsafe(50))" > $@

clean:
	rm -rf .venv static-collected static-collected.json .pytest_cache .ruff_cache .mypy_cache .hypothesis
