# Two commands matter: `make run` (use it) and `make test` (trust it). Everything else is a step of those.

# One set of build flags for all steps, so that they share the build cache; -trimpath keeps machine paths out.
export GOFLAGS := -mod=readonly -trimpath
BIN       := bin/greenshield
WORKSPACE ?= workspace
ADDRESS   ?= 127.0.0.1:8080
VERSION   := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
BUILD     := CGO_ENABLED=0 go build -ldflags "-s -w -X main.version=$(VERSION)"
PLATFORMS := linux/amd64 linux/arm64 linux/loong64
GO_FILES  := $(shell find cmd geo layers api data web -name '*.go' -not -path '*/node_modules/*' 2>/dev/null)
WEB_FILES := $(shell find web/src web/public web/index.html web/vite.config.ts web/package.json -type f -not -name schema.d.ts 2>/dev/null)

.PHONY: run test build web lint unit web-test e2e cross bench setup clean

## run: build everything, make the demo city when there is no workspace yet, serve it
run: build
	@test -e $(WORKSPACE)/greenshield.gpkg || $(BIN) demo --workspace $(WORKSPACE)
	$(BIN) serve --workspace $(WORKSPACE) --address $(ADDRESS)

## test: everything that must hold before a change lands
test: setup lint cross build unit web-test e2e

setup:
	bash .ci/setup

build: $(BIN)

$(BIN): $(GO_FILES) web/dist/index.html go.mod go.sum $(shell find data -type f 2>/dev/null)
	$(BUILD) -o $@ ./cmd/greenshield

web: web/dist/index.html

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund

# The API types of the web application come from the OpenAPI document, which the program itself writes.
web/openapi.json: $(GO_FILES)
	CGO_ENABLED=0 go run ./cmd/greenshield openapi > $@.new && mv $@.new $@

web/dist/index.html: web/node_modules/.package-lock.json web/openapi.json $(WEB_FILES)
	cd web && npm run types && npm run build

lint:
	@unformatted=$$(go tool gofumpt -l cmd geo layers api data web/*.go); \
	  test -z "$$unformatted" || { echo "not gofumpt-formatted:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go tool staticcheck ./...

# -race needs cgo; the program itself is built and cross-built without it. The readers of file formats start no goroutines
# and are slow under it; layers/ingest and api read every format from several goroutines with it.
unit:
	@if grep -rnE '\.Go\(|^[[:space:]]*go (func|[a-z])' --include='*.go' --exclude='*_test.go' geo/format; then \
	  echo "a reader starts goroutines: test it with -race"; exit 1; fi
	CGO_ENABLED=0 go test ./geo/format/... -count=1 -timeout 40m
	CGO_ENABLED=1 go test $$(go list ./... | grep -v /geo/format/) -race -count=1 -timeout 40m

web-test: web/dist/index.html
	cd web && npm run check && npm test

e2e: build
	bash .ci/e2e

cross:
	@for p in $(PLATFORMS); do echo "cross-build $$p"; \
	  CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} go build -o /dev/null ./cmd/greenshield || exit 1; done

bench:
	go test ./... -run '^$$' -bench . -benchmem
	bash .ci/bench/run

clean:
	rm -rf bin web/node_modules web/dist/assets web/dist/index.html web/openapi.json web/src/lib/schema.d.ts
