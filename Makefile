# Plinth's tasks. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test chaos soak bench generate check lint imports build ci

GOLANGCI_LINT := v2.15.0
TESTFLAGS ?=

help: ## list these tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: go ## show the whole chain once on a throwaway PostgreSQL
	@go run ./examples/demo

test: go gcc ## run all tests on a throwaway PostgreSQL, with the race detector
	@go test -race -timeout 30m $(TESTFLAGS) ./...

chaos: go gcc ## run the whole fault suites of the transaction layer and of plinth up, and 650 random plans
	@PLINTH_CHAOS=full go test -race -count=1 -timeout 30m -run Chaos -v ./database
	@PLINTH_CHAOS=full go test -race -count=1 -timeout 60m -run "Killed|AtOnce" -v ./cmd/plinth
	@PLINTH_CHAOS=full go test -count=1 -timeout 60m -run Chaos -v ./migrate/diff

soak: go gcc ## ten minutes of faults: memory, goroutines and the server's sessions stay as they are
	@PLINTH_CHAOS=10m go test -race -count=1 -timeout 20m -run ChaosSoak -v ./database

bench: go gcc ## build and test what is in bench/, a module of its own
	@cd bench && go vet ./... && go test -race ./...

generate: go ## write the typed client in ent/ from schema/
	@go generate .

check: go ## do the migration files make what the schema code says, and is ent/ up to date?
	@go generate . && git diff --exit-code --stat -- ent || { echo "ent/ is not what the generator writes; commit the result of: go generate ./ent"; exit 1; }
	@test -z "$$(git status --porcelain -- ent)" || { git status --short -- ent; echo "ent/ has files that are not committed"; exit 1; }
	@go run ./cmd/plinth check
	@go run ./cmd/plinth validate
	@go run ./cmd/plinth lint

lint: go ## go vet, golangci-lint, go mod tidy
	@go vet ./...
	@go mod tidy -diff
	@bin=$$(go env GOPATH)/bin/golangci-lint; \
	  "$$bin" version 2>/dev/null | grep -q "version $(GOLANGCI_LINT:v%=%) " || \
	  go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT); \
	  "$$bin" run ./... && "$$bin" fmt --diff ./...

imports: go ## what a service links when it imports database and migrate
	@.ci/imports

build: go ## build the command into bin/plinth
	@go build -o bin/plinth ./cmd/plinth

ci: ## everything that CI runs, on this machine
	@bash .ci/run

.PHONY: go gcc
go:
	@command -v go >/dev/null || { echo "Go 1.26 is missing: https://go.dev/dl"; exit 1; }
gcc:
	@test "$$(go env CGO_ENABLED)" = 1 && command -v "$$(go env CC)" >/dev/null || \
	  { echo "a C compiler is missing, which the race detector needs; on Debian: apt-get install gcc libc6-dev"; exit 1; }
