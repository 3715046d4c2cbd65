# Two commands for a newcomer: `make run` and `make test`. Both install the packages that are missing.

CARGO ?= cargo

.PHONY: run test build lint doc unit features lab lab-short packages-run packages-test install-udev uninstall-udev udev-files figures

run: packages-run build
	@tools/start-pcscd
	@exec target/release/countertop run

test: packages-test lint doc unit features lab-short
	@echo "all passed"

build: rust
	$(CARGO) build --release --package countertop-cli

.PHONY: rust
rust:
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing: install it from https://rustup.rs"; exit 1; }

packages-run: rust
	@tools/install-packages run

packages-test: rust
	@tools/install-packages lab

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features -- --deny warnings

doc:
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --workspace --no-deps --quiet

unit:
	tools/run-tests --no-fail-fast

# Each driver crate builds alone, and the facade with each feature alone.
features:
	tools/check-features

# Drivers and virtual devices against real kernel drivers, in a QEMU guest: tests/lab/README.md.
lab: packages-test
	tests/lab/run

lab-short: packages-test
	tests/lab/run --short

# Measures the figures of docs/performance.md again.
figures: build
	benches/figures

# Lets the group `countertop` open the devices. Works as root too, who may have no Rust: then what is
# built already does it.
COUNTERTOP := target/release/countertop
AS_ROOT := $(if $(filter-out 0,$(shell id -u)),sudo)
BUILT := $(if $(shell command -v $(CARGO)),build,$(COUNTERTOP))

install-udev: $(BUILT)
	$(AS_ROOT) $(COUNTERTOP) udev-rules --install

uninstall-udev: $(BUILT)
	$(AS_ROOT) $(COUNTERTOP) udev-rules --uninstall

$(COUNTERTOP):
	@echo "there is no $@: run \`make build\` as a user who has Rust"; exit 1

# Writes the files of udev/ again, from the drivers' tables.
udev-files: build
	$(COUNTERTOP) udev-rules > udev/70-countertop.rules
	$(COUNTERTOP) udev-rules --modprobe > udev/countertop-modprobe.conf
