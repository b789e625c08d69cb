# All that is done to percolate by hand and in CI. Go, git and make are needed, and for
# the second opinion on GitHub Node.js with npm, or else EMULATE=skip; "go run" fetches
# the linter.

GO            ?= go
PACKAGES      ?= ./...
FUZZTIME      ?= 1m
HISTORIES     ?= 20000
TRACKER_HISTORIES ?= 1000
VERSION       ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
GOLANGCI_LINT  = $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK    = $(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0

.DEFAULT_GOAL := help
.PHONY: help check test race vet fmt lint vuln fuzz bench bench-sync cover golden mutants long redmine chaos chaos-guards build clean go-is-there

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: vet fmt lint test ## all that must be green before a change goes in

test: go-is-there ## run every test
	$(GO) test -timeout 25m $(PACKAGES)

race: go-is-there ## run every test under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -timeout 30m $(PACKAGES)

vet: go-is-there ## ask the compiler's own critic
	$(GO) vet $(PACKAGES)
	$(GO) vet -tags mutants $(PACKAGES)
	$(GO) vet -tags chaos ./cmd/percolate

fmt: go-is-there ## fail when a file is not as gofmt writes it
	@files=$$(gofmt -l .); test -z "$$files" || { echo "not as gofmt writes them:"; echo "$$files"; exit 1; }

lint: go-is-there ## run the linters (the first run builds them, about a minute and a half)
	$(GOLANGCI_LINT) run $(PACKAGES)

vuln: go-is-there ## look for known vulnerabilities in what is really called (asks vuln.go.dev)
	$(GOVULNCHECK) $(PACKAGES)

fuzz: go-is-there ## fuzz each target for FUZZTIME (1m)
	@grep -rno --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sort | while IFS=: read -r file _ target; do \
		echo "$$(dirname "$$file") $${target#func }"; \
		$(GO) test "$$(dirname "$$file")" -run '^$$' -fuzz "^$${target#func }\$$" -fuzztime $(FUZZTIME) || exit 1; \
	done

bench: go-is-there ## run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem $(PACKAGES)

bench-sync: build ## measure requests, time and memory against the simulators (BENCH="--trackers jira --rounds 20ms:10,100")
	dist/benchsync $(BENCH)

cover: go-is-there ## show how much of the code the tests run
	@mkdir -p dist
	$(GO) test -coverpkg=./... -coverprofile dist/cover.out $(PACKAGES)
	$(GO) tool cover -html dist/cover.out -o dist/cover.html
	@$(GO) tool cover -func dist/cover.out | tail -n 1

golden: go-is-there ## write what is read and mapped now as what is wanted; review the diff
	@grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u | xargs -I FOLDER $(GO) test FOLDER -update
	@git status --short -- '*/testdata/*'

mutants: go-is-there ## break the engine on purpose, one way at a time, and see each break caught
	@grep -rq 'func TestMutants' sync || { echo "there is no TestMutants in sync"; exit 1; }
	$(GO) test -tags mutants ./sync -run TestMutants -timeout 60m -v

long: go-is-there ## run HISTORIES (20000) random histories of the engine, and some over each tracker
	$(GO) test ./sync -run TestHistories -timeout 120m -v -histories $(HISTORIES)
	for tracker in memory files jira github rally; do \
		$(GO) test ./trackers/$$tracker -run TestHistories -timeout 120m -v -histories $(TRACKER_HISTORIES) || exit 1; \
	done

redmine: go-is-there ## run a real Redmine to play with, installed if it is missing (Ctrl-C ends it)
	$(GO) run ./cmd/trackersim redmine --addr 127.0.0.1:8083

chaos: go-is-there ## put percolate through N (30) runs of chaos from SEED on, with TRACKER (all)
	$(GO) run ./cmd/chaos -n $(or $(N),30) -seed $(or $(SEED),0) -tracker $(or $(TRACKER),all)

chaos-guards: go-is-there ## take the engine's guards out one at a time, and see chaos notice each
	$(GO) run ./cmd/chaos -guards -n $(or $(N),300) -seed $(or $(SEED),0) -tracker $(or $(TRACKER),jira)

build: go-is-there ## build the static program into dist/ (GOOS and GOARCH choose another machine)
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o dist/ ./cmd/...

clean: ## remove what build and cover made
	rm -rf dist

# A Go that is too old fails with riddles; this says what is the matter. From 1.21 on Go
# fetches the version that go.mod asks for by itself.
go-is-there:
	@command -v $(GO) >/dev/null || { echo "percolate needs Go $$(sed -n 's/^go //p' go.mod) or newer: https://go.dev/dl/"; exit 1; }
	@needs=$$(sed -n 's/^go 1\.\([0-9]*\).*/\1/p' go.mod); \
	has=$$($(GO) env GOVERSION 2>/dev/null | sed -n 's/.*go1\.\([0-9]*\).*/\1/p'); \
	test "$${has:-0}" -ge "$$needs" || { \
		echo "percolate needs Go 1.$$needs or newer, and this is $$(GOTOOLCHAIN=local $(GO) version 2>&1): https://go.dev/dl/"; exit 1; }
