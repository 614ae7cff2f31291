# Two commands for newcomers: `make serve` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
MERMAID := 12.3.0
SHIPPED := $(shell find ontology data shapes queries -type f)

.PHONY: serve test check oldest bench bench-all docs format picture pictures translations vscode clean
serve: .venv/warm
	@$(BIN)/competency serve

test: .venv/ready .venv/clients/ready
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/pytest --numprocesses 2 --dist loadfile

check: .venv/ready  ## style, types and the quick tests
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/pytest --quiet --numprocesses 2 tests/test_architecture.py tests/rdf/test_turtle_layout.py \
	  tests/sparql/test_query_text.py tests/sparql/test_saved_query_files.py tests/mappings/test_tsv.py \
	  tests/reports

oldest: .venv/ready  ## some tests with the oldest versions that pyproject.toml allows
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/oldest
	@$(BIN)/uv pip install --quiet --python .venv/oldest --resolution lowest-direct --editable '.[documents,link]'
	@$(BIN)/uv pip install --quiet --python .venv/oldest pytest hypothesis openpyxl fpdf2
	@.venv/oldest/bin/competency validate
	@.venv/oldest/bin/python -m pytest --quiet tests/rdf tests/sparql tests/mappings/test_tsv.py \
	  tests/importing/document/test_document_formats.py tests/importing/test_sheet_tables.py \
	  tests/test_own_dictionary.py

bench: .venv/bench  ## how fast it serves, side by side with others, and what fails if servers do
	@$(BIN)/python bench/compare_servers.py
	@$(BIN)/python bench/failover.py

bench-all: bench  ## how fast everything is, against others in the same run; takes long
	@$(BIN)/python bench/serving.py
	@$(BIN)/python bench/starting.py
	@$(BIN)/python bench/throughput.py
	@$(BIN)/python bench/queueing.py
	@$(BIN)/python bench/engines.py
	@$(BIN)/python bench/pages.py
	@$(BIN)/python bench/site.py
	@$(BIN)/python bench/validating.py
	@$(BIN)/python bench/linking.py
	@$(BIN)/python bench/reviewing.py
	@$(BIN)/python bench/searching.py
	@$(BIN)/python bench/formatting.py
	@$(BIN)/python bench/versions.py
	@$(BIN)/python bench/language_server.py
	@$(BIN)/python bench/importing.py
	@$(BIN)/python bench/workbook.py

docs: .venv/docs-ready .venv/mermaid/mermaid.min.js  ## the documentation as pages in .venv/docs, with the notebooks executed
	@$(BIN)/pytest --quiet tests/api/test_notebooks.py
	@$(BIN)/sphinx-build --quiet --fresh-env --fail-on-warning --keep-going --conf-dir docs --doctree-dir .venv/doctrees . .venv/docs
	@echo "Open .venv/docs/docs/index.html"

format: .venv/ready  ## lay out the code and the published data
	@$(BIN)/ruff format
	@$(BIN)/competency fmt data

translations: .venv/ready  ## bring the catalogues of translations up to date with the source
	@$(BIN)/python server/assets/catalogues.py $(LANGUAGE)

clean:
	rm -rf .venv

# The environment is made anew when what it is made from changes.
.venv/ready: pyproject.toml server/assets/package-lock.json server/assets/build_hook.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "make: Python 3.11 or newer is needed; name one with PYTHON=…")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing competency-graph into .venv (once; about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# What only the documentation needs.
.venv/docs-ready: .venv/ready
	@echo "Installing what builds the documentation (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@

# A single file of the package, which weighs 26 MB with its maps.
.venv/mermaid/mermaid.min.js: Makefile
	@mkdir -p .venv/mermaid
	@npm pack --silent mermaid@$(MERMAID) --pack-destination .venv/mermaid >/dev/null
	@tar -xzmf .venv/mermaid/mermaid-$(MERMAID).tgz -C .venv/mermaid --strip-components=2 package/dist/mermaid.min.js
	@rm .venv/mermaid/*.tgz

.venv/bench: .venv/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

# Clients from npm that the tests use; without npm, those tests are skipped and say so.
.venv/clients/ready: tests/clients/package.json .venv/ready
	@mkdir -p .venv/clients && cp tests/clients/package.json .venv/clients/
	@if command -v npm >/dev/null; then echo "Installing the tests' npm clients (once) ..."; \
	  cd .venv/clients && npm install --silent --no-audit --no-fund --no-package-lock; fi
	@touch $@

# What follows from the data is worked out here, once, so that serving starts at once.
.venv/warm: .venv/ready $(SHIPPED)
	@echo 'ASK {}' | $(BIN)/competency query --format json - >/dev/null
	@touch $@

pictures: .venv/ready  ## take the pictures of the pages in docs/pictures again
	@$(BIN)/python tests/site/pictures.py

picture: .venv/ready  ## draw the rooms of the code in docs/architecture.md again
	@$(BIN)/python tests/floors.py

vscode: .venv/ready  ## the extension for VS Code: build/competency-graph.vsix; needs npm
	@rm -rf .venv/vscode && cp -r deploy/vscode .venv/vscode && cp LICENSE .venv/vscode/
	@cd .venv/vscode && npm ci --silent --no-audit --no-fund
	@mkdir -p build
	@cd .venv/vscode && npx --yes @vscode/vsce@4.1.0 package --allow-missing-repository \
	  --out ../../build/competency-graph.vsix
