# Everything a newcomer types: make chat, make test, make check.

DATA ?= ml-100k
LLM ?= local
PORT ?= 7860
PYTHON ?= python3
# For `make bench`: an environment with RecTools, and the log both are trained on.
RECTOOLS_PYTHON ?= $(wildcard .tools/rectools/bin/python)
RECTOOLS_DATA ?= ml-1m.txt.gz

BIN := .venv/bin
PARTS := agent evals prompts recommenders retrieval tools ui
# DATA is a known data set's name, or the folder of a workspace.
WORKSPACE := $(if $(findstring /,$(DATA))$(wildcard $(DATA)/current $(DATA)/manifest.json),$(DATA),workspaces/$(DATA))
KNOWN := $(if $(filter workspaces/$(DATA),$(WORKSPACE)),--data $(DATA))

.PHONY: chat test check docs picture lint types bench faults hashes supply rectools-env clean

chat: .venv/ready
	$(BIN)/tastemaker web --workspace $(WORKSPACE) $(KNOWN) --llm $(LLM) --port $(PORT)

test: .venv/dev
	$(BIN)/python -m pytest -n 2

check: lint types docs test

lint: .venv/dev .links/tastemaker
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHONPATH=.links $(BIN)/lint-imports

types: .venv/dev .links/tastemaker
	$(BIN)/mypy

# PyTorch goes in first and exactly: a range would pull gigabytes of CUDA.
# The pip that venv brings does not finish resolving these packages.
.venv/ready: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --upgrade --constraint constraints.txt pip
	$(BIN)/python -m pip install --constraint constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --constraint constraints.txt --editable .
	touch $@

.venv/dev: .venv/ready
	$(BIN)/python -m pip install --constraint constraints.txt --editable ".[dev]"
	touch $@

# mypy sees the folders as parts of one package through these links.
.links/tastemaker: Makefile
	mkdir -p $@
	for part in $(PARTS); do ln -sfn ../../$$part $@/$$part; done
	touch $@

# Timings against a peer in the same run; wants a quiet machine and the workspace of `make chat`.
bench: .venv/ready
	$(BIN)/python -m tastemaker.evals.benchmarks.retrieval --million
	$(BIN)/python -m tastemaker.evals.benchmarks.search
	$(BIN)/python -m tastemaker.evals.benchmarks.titles
	$(BIN)/python -m tastemaker.evals.benchmarks.recommenders --threads 1
	$(BIN)/python -m tastemaker.evals.benchmarks.turns --workspace $(WORKSPACE) --llm $(LLM)
ifneq ($(RECTOOLS_PYTHON),)
	$(BIN)/python -m tastemaker.evals.benchmarks.rectools_speed --python $(RECTOOLS_PYTHON) --data $(RECTOOLS_DATA) --threads 1
else
	@echo "RecTools left out: run make rectools-env, then make bench RECTOOLS_DATA=path/to/ml-1m.txt.gz"
endif

# Everything that is tried to break it, in full, and build/faults.md with the table of it; `make test` holds short forms.
# Wants Linux; 58 minutes on two cores beside others' work. Each part is kept as it ends: RESUME=--resume tries what is left or was not survived.
KILLS ?= 200
TURNS ?= 2000
RESUME ?=
faults: .venv/dev
	$(BIN)/python -m tastemaker.evals.studies.faults --kills $(KILLS) --turns $(TURNS) $(RESUME) --out build/faults.md

# Exact tools: what they are decides what they find.
.tools/supply/ready: Makefile
	test -x .tools/supply/bin/python || $(PYTHON) -m venv .tools/supply
	.tools/supply/bin/python -m pip install --quiet "cyclonedx-bom>=7" "pip-audit>=2.9" "uv>=0.9"
	touch $@

# The same pins with the SHA-256 of every file that the registry offers for them.
HASH := .tools/supply/bin/uv pip compile --quiet --generate-hashes --no-deps --universal --no-header --no-annotate \
	--no-config --python-version 3.11.5 constraints.txt --output-file
hashes: .tools/supply/ready
	$(HASH) constraints-hashed.txt

# Software bill of materials, licences, hashes as they are offered now, and known faults, all into build/.
supply: .venv/dev .tools/supply/ready
	mkdir -p build
	.tools/supply/bin/cyclonedx-py environment $(BIN)/python --of JSON -o build/sbom.cdx.json
	$(BIN)/python -m tastemaker.evals.studies.licences --out build/licences.md
	rm -f build/hashes.txt
	$(HASH) build/hashes.txt \
	  || { echo; echo "!!! no network: the hashes of the dependencies were NOT compared !!!"; exit 1; }
	tr -d ' \\' < build/hashes.txt > build/offered.txt
	! tr -d ' \\' < constraints-hashed.txt | grep -vxF -f build/offered.txt \
	  || { echo; echo "!!! these files are no longer what the registry offers !!!"; exit 1; }
	rm -f build/audit.json
	.tools/supply/bin/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip --progress-spinner off \
	  --format json --output build/audit.json || if test -s build/audit.json; then \
	  echo; echo "!!! pip-audit FOUND KNOWN FAULTS, see build/audit.json !!!"; exit 1; else \
	  echo; echo "!!! pip-audit could not ask: known faults were NOT looked for !!!"; fi

# RecTools' pins clash with ours. PyTorch goes in first, so that it stays the build for CPUs.
rectools-env:
	test -x .tools/rectools/bin/python || $(PYTHON) -m venv .tools/rectools
	.tools/rectools/bin/python -m pip install --upgrade pip
	.tools/rectools/bin/python -m pip install torch==2.13.0
	.tools/rectools/bin/python -m pip install "rectools[torch]==0.19.0"

clean:
	rm -rf .venv .links .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info

# The documentation, strictly: a link or a name that leads nowhere is an error.
docs: .venv/dev .links/tastemaker
	$(BIN)/python -m mkdocs build --strict

# The picture in it, of the workspace of `make chat`.
picture: .venv/dev
	$(BIN)/python docs/page_picture.py --workspace $(WORKSPACE)
