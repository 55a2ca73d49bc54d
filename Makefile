# SPDX-License-Identifier: MIT
# make: build/headroom. See `make help`.

BUILD    ?= build
CC       ?= gcc
PREFIX   ?= /usr/local
PACKAGES := libpq jansson xlsxwriter libcrypto zlib

CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wvla -Werror -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
            -Wcast-qual -Wformat=2 -Wundef
HARDENING := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -fno-strict-overflow -ffp-contract=off
LINKING  := -pie -Wl,-z,relro,-z,now
CPPFLAGS += -Iinclude -Isrc -I$(BUILD)/gen -D_GNU_SOURCE
ALL_CFLAGS = -std=c17 $(WARNINGS) $(HARDENING) -pthread $(CFLAGS) $(shell pkg-config --cflags $(PACKAGES))
LIBS     = $(shell pkg-config --libs $(PACKAGES)) -pthread -lm

SOURCES  := $(wildcard src/*/*.c)
OBJECTS  := $(SOURCES:src/%.c=$(BUILD)/obj/%.o)
GENERATED := $(BUILD)/gen/statements.c $(BUILD)/gen/schema.c $(BUILD)/gen/routines.c $(BUILD)/gen/reports.c
GEN_OBJECTS := $(GENERATED:.c=.o)
GEN_HEADERS := $(BUILD)/gen/statements.h $(BUILD)/gen/embedded.h
LIBRARY  := $(BUILD)/libheadroom.a

all: $(BUILD)/headroom

$(BUILD)/headroom: $(BUILD)/obj/cli/main.o $(LIBRARY)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(LINKING) -o $@ $^ $(LIBS)

$(LIBRARY): $(filter-out $(BUILD)/obj/cli/main.o,$(OBJECTS)) $(GEN_OBJECTS)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/obj/%.o: src/%.c | $(GEN_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c $(GEN_HEADERS)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

STATEMENTS := $(sort $(wildcard sql/statements/*.sql))
SCHEMA     := $(sort $(wildcard sql/schema/*.sql))
ROUTINES   := $(sort $(wildcard sql/routines/*.sql))
REPORTS    := $(sort $(wildcard reports/*/*.sql reports/*/*.json))

$(BUILD)/gen/statements.h: $(STATEMENTS) sql/statements
	@mkdir -p $(@D)
	{ echo '/* Generated: one symbol a file of sql/statements. */'; echo '#pragma once'; echo '#include "headroom/db.h"'; \
	  for f in $(STATEMENTS); do echo "extern const struct sql sql_$$(basename $$f .sql);"; done; } > $@
$(BUILD)/gen/embedded.h:
	@mkdir -p $(@D)
	{ echo '/* Generated: the files embedded from sql/schema, sql/routines and reports. */'; echo '#pragma once'; \
	  echo '#include "headroom/base.h"'; \
	  for s in schema routines reports; do echo "extern const struct embedded embedded_$$s[];"; done; } > $@
$(BUILD)/gen/statements.c: $(STATEMENTS) scripts/embed.awk $(BUILD)/gen/statements.h
	awk -v kind=statements -f scripts/embed.awk $(STATEMENTS) > $@
$(BUILD)/gen/schema.c: $(SCHEMA) sql/schema scripts/embed.awk | $(GEN_HEADERS)
	awk -v kind=list -v symbol=embedded_schema -v strip=sql/schema/ -f scripts/embed.awk $(SCHEMA) > $@
$(BUILD)/gen/routines.c: $(ROUTINES) sql/routines scripts/embed.awk | $(GEN_HEADERS)
	awk -v kind=list -v symbol=embedded_routines -v strip=sql/routines/ -f scripts/embed.awk $(ROUTINES) > $@
$(BUILD)/gen/reports.c: $(REPORTS) $(wildcard reports reports/*) scripts/embed.awk | $(GEN_HEADERS)
	awk -v kind=list -v symbol=embedded_reports -v strip=reports/ -f scripts/embed.awk $(REPORTS) > $@

clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d)
.PHONY: all clean
.DELETE_ON_ERROR:
