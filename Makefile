# The verbs of this project. `make` alone lists them.
VENV   := .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-full check lock openapi bench-relevance bench-speed bench-load clean

help: ## list the verbs
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## set up, start everything on http://127.0.0.1:8080 and load the demo (DUIJIE_PORT to change)
	@$(BIN)/python -m services.standalone

test: $(VENV)/.test ## run the checks and the quick tests, on SQLite and on a real PostgreSQL (at most 10 minutes on 2 cores)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pytest -n 3 --dist worksteal -m "not slow"

test-full: $(VENV)/.test ## run also the long rounds
	@$(BIN)/pytest -n 3 --dist worksteal

bench-relevance: $(VENV)/.test ## quality of the ranking on the judged needs, beside plain BM25 (NEEDS=folder for others)
	@$(BIN)/python -m bench.relevance $(if $(NEEDS),--needs $(NEEDS))

bench-speed: $(VENV)/.test ## speed of matching, as ratios to a raw tantivy query in the same run (SIZES="10000 1000000" for others)
	@$(BIN)/python -m bench.speed $(if $(SIZES),--offers $(SIZES))

bench-load: $(VENV)/.test ## what the way through the gateway costs, with the services as processes of their own
	@$(BIN)/python -m bench.load

openapi: $(VENV)/.test ## write the OpenAPI documents to docs/openapi
	@$(BIN)/python -m services.commands.openapi docs/openapi

lock: $(VENV)/.test ## renew both lock files
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.lock
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --python-version 3.11 requirements-test.in -o requirements-test.lock

clean: ## remove the virtual environment (var/ with its data stays)
	rm -rf $(VENV)

# A stamp holds the set-up that was done; it is renewed when a lock changes.
$(VENV)/.run: requirements.lock deploy/install.sh
	@sh deploy/install.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.test: requirements-test.lock deploy/install.sh
	@sh deploy/install.sh $(VENV) requirements-test.lock
	@touch $@ $(VENV)/.run
