# The commands of this repository; `make` alone lists them. Prerequisites: Python 3.11+, terraform 1.11+, make.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
VENV := .venv/bin
PLATFORM ?= payments gateway

.PHONY: help setup sandbox test bench lock clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | awk -F'\t' '{ printf "make %-9s %s\n", $$1, $$2 }'

setup: ## build .venv and the paygate command; does nothing when that is done
	@PYTHON="$(PYTHON)" scripts/setup

sandbox: setup ## synthesize, apply, check and destroy PLATFORM (both) side by side on an emulated AWS
	@$(VENV)/paygate sandbox $(addprefix --platform ,$(PLATFORM))

test: setup ## run every gate through tox; ends with the table of clauses
	@rm -rf reports/clauses
	@$(VENV)/tox run-parallel --parallel 2 --parallel-no-spinner

bench: setup ## measure synthesis on both import paths, and the gate beside a stock Checkov
	@$(VENV)/python -m bench.synth
	@$(VENV)/python -m bench.gate

lock: ## resolve requirements.in into requirements.txt, with hashes (needs uv, which is not part of .venv)
	@command -v uv >/dev/null 2>&1 || { echo "make lock: uv is not on PATH. Install it: https://docs.astral.sh/uv/" >&2; exit 2; }
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		-o requirements/requirements.txt requirements/requirements.in

clean: ## remove everything that the commands above made
	rm -rf .venv .tox .paygate cdktf.out reports *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
