# Two commands for a newcomer: `make run` and `make test`. Both install the packages that are missing.

CARGO ?= cargo

.PHONY: run test build lint doc unit features fuzz fuzz-short long strangers lab lab-short packages-run packages-test \
    install-udev uninstall-udev udev-files figures

run: packages-run build
	@tools/start-pcscd
	@exec target/release/countertop run

test: packages-test lint doc unit features fuzz-short lab-short
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

# Every parser against made-up bytes: an hour for the printer's, some minutes for each of the others.
fuzz: packages-test
	tools/fuzz 3600 escpos_parser
	tools/fuzz 300

fuzz-short: packages-test
	tools/fuzz 60 escpos_parser
	tools/fuzz 3 escpos_replies text apdu tlv dol emv_readers ndef pn532 ccid t1 iso8583

# The long forms of tests whose short ones are among the others: values that were never tried before, faults
# of printers, cards pulled at each command, changed answers of cards, every combination of card and reader; and
# strangers' programs from PyPI.
long: packages-test strangers
	PROPTEST_CASES=5000 PROPTEST_RNG_SEED=$$(date +%s) tools/run-tests --lib
	COUNTERTOP_FAULT_RUNS=10000 $(CARGO) test --package countertop-printer --test fault_matrix -- --nocapture
	COUNTERTOP_EMV_FUZZ_RUNS=20000 $(CARGO) test --package countertop-emv --test fuzz -- --nocapture
	COUNTERTOP_EXHAUSTIVE=1 $(CARGO) test --package countertop-emv --test matrix --test contactless -- --nocapture
	COUNTERTOP_PULLS=5000 COUNTERTOP_LANES=16 tools/run-tests --test pcscd pulled -- --nocapture

# Strangers' programs from PyPI against the virtual devices: tests/strangers/README.md.
strangers: packages-test
	tools/strangers

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
