# SPDX-License-Identifier: MIT
# make: build/headroom. `make help` lists the goals.

BUILD    ?= build
PREFIX   ?= /usr/local
CFLAGS   ?= -O2 -g
ifeq ($(origin CC),default)
CC       := gcc
endif
PACKAGES := libpq jansson yajl libcurl libmicrohttpd sqlite3 xlsxwriter libcrypto zlib

# ---- what is missing is said before the first file is compiled ----

GOALS := $(or $(MAKECMDGOALS),all)
NEEDS_BUILD := $(filter-out clean help,$(GOALS))
ifneq ($(NEEDS_BUILD),)
MISSING := $(shell for p in $(firstword $(CC)) pkg-config awk ar; do command -v "$$p" >/dev/null || echo "$$p"; done; \
    for p in $(PACKAGES); do pkg-config --exists "$$p" 2>/dev/null || echo "$$p"; done; \
    printf '\043include <uthash.h>\n' | $(CC) $(CPPFLAGS) -E -x c - >/dev/null 2>&1 || echo uthash.h)
ifneq ($(MISSING),)
$(error missing for the build: $(MISSING). Run ./scripts/bootstrap, which installs or names them)
endif
endif
ifneq ($(filter tests check asan tsan coverage,$(GOALS)),)
ifneq ($(shell pkg-config --exists criterion || echo missing),)
$(error missing for the tests: criterion. Run ./scripts/bootstrap --test, which installs or names them)
endif
endif

# ---- flags ----

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wvla -Werror -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
            -Wcast-qual -Wformat=2 -Wundef
# gcc follows values well enough for this one only with -O2; clang must be told that it need not know the name.
WARNINGS += $(if $(filter -O2,$(CFLAGS)),,-Wno-unknown-warning-option -Wno-maybe-uninitialized)
# glibc's fortification warns without optimisation, and hides accesses from the address sanitizer.
FORTIFY  := $(if $(findstring -fsanitize,$(CFLAGS)),,$(if $(filter-out -O0,$(filter -O%,$(CFLAGS))),-D_FORTIFY_SOURCE=2))
HARDENING := -fstack-protector-strong -U_FORTIFY_SOURCE $(FORTIFY) -fPIE -fno-strict-overflow -ffp-contract=off
LINKING  := -pie -Wl,-z,relro,-z,now
INCLUDES := -Iinclude -Isrc -I$(BUILD)/gen -D_GNU_SOURCE
ifneq ($(NEEDS_BUILD),)
COMPILE  := $(CC) $(CPPFLAGS) $(INCLUDES) -std=c17 $(WARNINGS) $(HARDENING) -pthread $(CFLAGS) \
            $(shell pkg-config --cflags $(PACKAGES))
LINK     := $(CC) $(CFLAGS) $(HARDENING) -pthread $(LDFLAGS) $(LINKING)
LIBS     := $(shell pkg-config --libs $(PACKAGES)) -pthread -lm
TEST_LIBS := $(shell pkg-config --libs criterion 2>/dev/null)
endif

# ---- what there is ----

SOURCES    := $(sort $(wildcard src/*/*.c))
OBJECTS    := $(SOURCES:src/%.c=$(BUILD)/obj/%.o)
MAIN       := $(BUILD)/obj/cli/main.o
STATEMENTS := $(sort $(wildcard sql/statements/*.sql))
SCHEMA     := $(sort $(wildcard sql/schema/*.sql))
ROUTINES   := $(sort $(wildcard sql/routines/*.sql))
SPOOL      := $(sort $(wildcard sql/spool/*.sql))
REPORTS    := $(sort $(wildcard reports/*/*.sql reports/*/*.json))
SCHEMAS    := $(sort $(wildcard src/gateway/*.schema.json))
GEN        := $(BUILD)/gen
GEN_OBJECTS := $(addprefix $(GEN)/,statements.o schema.o routines.o spool.o reports.o schemas.o)
GEN_HEADERS := $(GEN)/statements.h $(GEN)/embedded.h
LIBRARY    := $(BUILD)/libheadroom.a
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZ       := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
DRIVERS    := $(patsubst tests/lib/%.c,$(BUILD)/tests/lib/%,$(sort $(wildcard tests/lib/*_driver.c)))
BENCH      := $(patsubst tests/bench/%.c,$(BUILD)/tests/bench/%,$(sort $(wildcard tests/bench/*.c)))

# Files below $(BUILD) that change only when their text does: the flags and the lists of files. What depends on one is
# made again when flags change, or when a file is added or taken away. (Read by cmp: $(file <…) of make 4.3 errs at times.)
ifneq ($(NEEDS_BUILD),)
remember = $(file >$(BUILD)/$(1).new,$(strip $(2)))$(1)
$(shell mkdir -p '$(GEN)')
REMEMBERED := $(call remember,flags,$(COMPILE)) \
    $(call remember,link,$(LINK) $(LIBS)) \
    $(call remember,objects.list,$(OBJECTS) $(GEN_OBJECTS)) \
    $(call remember,gen/statements.list,$(STATEMENTS)) \
    $(call remember,gen/schema.list,$(SCHEMA)) \
    $(call remember,gen/routines.list,$(ROUTINES)) \
    $(call remember,gen/spool.list,$(SPOOL)) \
    $(call remember,gen/reports.list,$(REPORTS)) \
    $(call remember,gen/schemas.list,$(SCHEMAS))
$(shell cd '$(BUILD)' && for f in $(REMEMBERED); do if cmp -s $$f.new $$f; then rm $$f.new; else mv $$f.new $$f; fi; done)
endif

# V=1 shows the commands as they are, -s nothing.
Q    := $(if $(V),,@)
QUIET := $(V)$(findstring s,$(firstword -$(MAKEFLAGS)))
show = $(if $(QUIET),,@printf '  %-5s %s\n' $(1) '$(2)')

# ---- the program ----

all: $(BUILD)/headroom ## the program (this is what plain `make` does)

$(BUILD)/headroom: $(MAIN) $(LIBRARY) $(BUILD)/link
	$(call show,LINK,$@)
	$(Q)$(LINK) -o $@ $(MAIN) $(LIBRARY) $(LIBS)

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS)) $(GEN_OBJECTS) $(BUILD)/objects.list
	$(call show,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $(filter %.o,$^)

$(BUILD)/obj/%.o: src/%.c src/banned.h $(BUILD)/flags | $(GEN_HEADERS)
	$(call show,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -include src/banned.h -MMD -MP -c -o $@ $<

$(GEN)/%.o: $(GEN)/%.c $(BUILD)/flags | $(GEN_HEADERS)
	$(call show,CC,$<)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# ---- SQL and reports, as C ----

EMBED = awk -v kind=$(1) -v symbol=embedded_$(2) -v strip=$(3) -f scripts/embed.awk

$(GEN)/statements.h: $(GEN)/statements.list Makefile
	$(call show,EMBED,$@)
	$(Q){ echo '/* Generated: one symbol a file of sql/statements. */'; echo '#pragma once'; echo '#include "headroom/db.h"'; \
	  for f in $(basename $(notdir $(STATEMENTS))); do echo "extern const struct sql sql_$$f;"; done; } > $@
$(GEN)/embedded.h: $(GEN)/schema.list Makefile
	$(call show,EMBED,$@)
	$(Q){ echo '/* Generated: the files embedded from sql/schema, sql/routines, sql/spool, reports and src/gateway. */'; echo '#pragma once'; \
	  echo '#include "headroom/base.h"'; \
	  for s in schema routines spool reports schemas; do echo "extern const struct embedded embedded_$$s[];"; done; } > $@
$(GEN)/statements.c: $(STATEMENTS) $(GEN)/statements.list scripts/embed.awk Makefile
	$(call show,EMBED,$@)
	$(Q)$(call EMBED,statements) $(STATEMENTS) </dev/null > $@
$(GEN)/schema.c: $(SCHEMA) $(GEN)/schema.list scripts/embed.awk Makefile
	$(call show,EMBED,$@)
	$(Q)$(call EMBED,list,schema,sql/schema/) $(SCHEMA) </dev/null > $@
$(GEN)/routines.c: $(ROUTINES) $(GEN)/routines.list scripts/embed.awk Makefile
	$(call show,EMBED,$@)
	$(Q)$(call EMBED,list,routines,sql/routines/) $(ROUTINES) </dev/null > $@
$(GEN)/spool.c: $(SPOOL) $(GEN)/spool.list scripts/embed.awk Makefile
	$(call show,EMBED,$@)
	$(Q)$(call EMBED,list,spool,sql/spool/) $(SPOOL) </dev/null > $@
$(GEN)/reports.c: $(REPORTS) $(GEN)/reports.list scripts/embed.awk Makefile
	$(call show,EMBED,$@)
	$(Q)$(call EMBED,list,reports,reports/) $(REPORTS) </dev/null > $@
$(GEN)/schemas.c: $(SCHEMAS) $(GEN)/schemas.list scripts/embed.awk Makefile
	$(call show,EMBED,$@)
	$(Q)$(call EMBED,list,schemas,src/gateway/) $(SCHEMAS) </dev/null > $@

# ---- tests ----

tests: $(UNIT_TESTS) $(DRIVERS) ## the tests' programs, not run

$(BUILD)/tests/unit/%: tests/unit/%.c $(LIBRARY) $(BUILD)/flags $(BUILD)/link
	@mkdir -p $(@D)
	$(call show,TEST,$@)
	$(Q)$(COMPILE) -MMD -MP -MF $@.d $(LINKING) $(LDFLAGS) -o $@ $< $(LIBRARY) $(TEST_LIBS) $(LIBS)

$(BUILD)/tests/bench/%: tests/bench/%.c $(LIBRARY) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call show,TEST,$@)
	$(Q)$(COMPILE) -MMD -MP -MF $@.d $(LINKING) $(LDFLAGS) -o $@ $< $(LIBRARY) $(LIBS)

# What a test in shell drives a part of the program with.
$(BUILD)/tests/lib/%: tests/lib/%.c $(LIBRARY) $(BUILD)/flags $(BUILD)/link
	@mkdir -p $(@D)
	$(call show,TEST,$@)
	$(Q)$(COMPILE) -MMD -MP -MF $@.d $(LINKING) $(LDFLAGS) -o $@ $< $(LIBRARY) $(LIBS)

# A fuzz target on its corpus: with -fsanitize=fuzzer it is the fuzzer that runs it, else replay.c.
FUZZER := $(findstring -fsanitize=fuzzer,$(CFLAGS))
$(BUILD)/tests/fuzz/%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(LIBRARY) $(BUILD)/flags $(BUILD)/link
	@mkdir -p $(@D)
	$(call show,TEST,$@)
	$(Q)$(COMPILE) $(if $(FUZZER),-fsanitize=fuzzer) -MMD -MP -MF $@.d $(LINKING) $(LDFLAGS) -o $@ $< \
	    $(if $(FUZZER),,tests/fuzz/replay.c) $(LIBRARY) $(LIBS)

fuzz-programs: $(FUZZ)

FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= $(notdir $(FUZZ))
fuzz: ## each fuzz target for FUZZ_SECONDS (60) from its corpus, under the sanitizers (FUZZ_TARGETS="json csv" chooses)
	$(MAKE) BUILD='$(BUILD)/fuzz' CC=clang CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' \
	    fuzz-programs
	for t in $(FUZZ_TARGETS); do \
	    mkdir -p '$(BUILD)/fuzz/found/'$$t && \
	    '$(BUILD)/fuzz/tests/fuzz/'$$t -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -timeout=10 -print_final_stats=1 \
	        -artifact_prefix='$(BUILD)/fuzz/found/'$$t/bad- '$(BUILD)/fuzz/found/'$$t tests/fuzz/corpus/$$t || exit 1; \
	done

check: all tests ## the everyday tests, installing nothing (TESTS="unit cli/ingest" chooses)
	HEADROOM_BUILD='$(BUILD)' MAKE='$(MAKE)' ./scripts/test --no-bootstrap $(TESTS)

SANITIZE := -fsanitize=address,undefined,float-divide-by-zero,float-cast-overflow -fno-sanitize-recover=all -fno-omit-frame-pointer
asan: ## a build with the address and undefined behaviour sanitizers in $(BUILD)/asan, and the tests on it
	$(MAKE) BUILD='$(BUILD)/asan' CFLAGS='-O1 -g $(SANITIZE)' check
# Those that run the threads of the gateway, the event endpoint and the loader. Criterion does not start under this one.
TSAN_TESTS := cli/drain cli/gate cli/gateway_transparent cli/gateway_limits cli/gateway_loops cli/gateway_admin \
              cli/serve fault/gateway_kill fault/gateway_upstream fault/gateway_clients_leave
tsan: ## a build with the thread sanitizer in $(BUILD)/tsan, and the tests of what has threads on it
	$(MAKE) BUILD='$(BUILD)/tsan' CFLAGS='-O1 -g -fsanitize=thread' TESTS='$(or $(TESTS),$(TSAN_TESTS))' check
# Both run whole suites and measure nothing in common: one after the other, also under -j.
ifneq ($(filter asan,$(GOALS)),)
check: | asan
endif

coverage: ## the tests with gcov: the line rate, and pages in $(BUILD)/coverage/html
	MAKE='$(MAKE)' ./scripts/coverage '$(BUILD)/coverage'

bench: all $(BENCH) ## take-in against psql \copy, as ratios (see scripts/bench --help)
	HEADROOM_BUILD='$(BUILD)' ./scripts/bench

bench-programs: $(BENCH)

lint: $(GEN_HEADERS) ## formatting, static analysis, lengths, words that are not allowed
	HEADROOM_BUILD='$(BUILD)' ./scripts/lint

# ---- installing ----

install: all ## into $(DESTDIR)$(PREFIX): the program, its man page and completion, log formats, the event's schema and snippets, the CA maker, systemd's units
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/man/man1' \
	    '$(DESTDIR)$(PREFIX)/share/bash-completion/completions' '$(DESTDIR)$(PREFIX)/share/headroom' \
	    '$(DESTDIR)$(PREFIX)/lib/systemd/system' '$(DESTDIR)$(PREFIX)/lib/sysusers.d'
	install -m 755 $(BUILD)/headroom '$(DESTDIR)$(PREFIX)/bin/headroom'
	$(BUILD)/headroom help --man > $(BUILD)/headroom.1
	install -m 644 $(BUILD)/headroom.1 '$(DESTDIR)$(PREFIX)/share/man/man1/headroom.1'
	$(BUILD)/headroom completion bash > $(BUILD)/headroom.bash
	install -m 644 $(BUILD)/headroom.bash '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/headroom'
	install -m 644 scripts/nginx-headroom.conf scripts/apache-headroom.conf $(SCHEMAS) scripts/snippets/* \
	    '$(DESTDIR)$(PREFIX)/share/headroom'
	install -m 755 scripts/make-ca '$(DESTDIR)$(PREFIX)/share/headroom/make-ca'
	install -m 644 scripts/systemd/headroom.sysusers '$(DESTDIR)$(PREFIX)/lib/sysusers.d/headroom.conf'
	for f in scripts/systemd/headroom-*; do \
	    sed 's|/usr/local/|$(PREFIX)/|' "$$f" > '$(BUILD)/unit' && \
	    install -m 644 '$(BUILD)/unit' "$(DESTDIR)$(PREFIX)/lib/systemd/system/$${f##*/}" || exit 1; \
	done

uninstall: ## takes away what install has put into $(DESTDIR)$(PREFIX); no ledger, no settings
	rm -rf '$(DESTDIR)$(PREFIX)/share/headroom'
	rm -f '$(DESTDIR)$(PREFIX)/bin/headroom' '$(DESTDIR)$(PREFIX)/share/man/man1/headroom.1' \
	    '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/headroom' '$(DESTDIR)$(PREFIX)/lib/sysusers.d/headroom.conf' \
	    $(patsubst scripts/systemd/%,'$(DESTDIR)$(PREFIX)/lib/systemd/system/%',$(wildcard scripts/systemd/headroom-*))

clean: ## takes $(BUILD) away; a demo's cluster in it is stopped first
	@if [ -x '$(BUILD)/headroom' ] && [ -d '$(BUILD)/demo/home' ]; then env -u HEADROOM_HOME ./scripts/demo --stop; fi
	rm -rf '$(BUILD)'

help: ## this list
	@echo 'make GOAL… [BUILD=build] [CC=gcc] [CFLAGS="-O2 -g"] [PREFIX=/usr/local] [DESTDIR=]'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | awk -F '\t' '{ printf "  %-9s %s\n", $$1, $$2 }'

-include $(OBJECTS:.o=.d) $(GEN_OBJECTS:.o=.d) $(addsuffix .d,$(UNIT_TESTS) $(DRIVERS) $(BENCH) $(FUZZ))
.PHONY: all tests check asan tsan coverage bench bench-programs fuzz fuzz-programs lint install uninstall clean help
.DELETE_ON_ERROR:
