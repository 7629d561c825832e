# SPDX-License-Identifier: MIT
# cgi-login. `make help` lists what can be made.

BUILD ?= build
CC ?= cc
PKG_CONFIG ?= pkg-config
VERSION := 0.1.0

# Where `make install` puts things: PREFIX outside the web root, CGI_BIN the programs, HTML the document root.
PREFIX ?=
CGI_BIN ?=
HTML ?=
CGI_SUFFIX ?=

WARNINGS := -Wall -Wextra -Wpedantic -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
            -Wformat=2 -Wvla -Wundef -Wcast-qual -Wpointer-arith
CPPFLAGS_OURS := -D_GNU_SOURCE -DCGI_LOGIN_VERSION='"$(VERSION)"' -iquote common
OPTIMISE ?= -O2 -g
ifeq ($(SANITIZE),1)
HARDENING := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LINK_HARDENING := -fsanitize=address,undefined
else
HARDENING := -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection -D_FORTIFY_SOURCE=2 \
             -ffunction-sections -fdata-sections
LINK_HARDENING := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--gc-sections
endif
CFLAGS_OURS := -std=c11 $(WARNINGS) $(OPTIMISE) $(HARDENING)
# --as-needed: a program pays at start-up only for the libraries it calls.
LDFLAGS_OURS := $(LINK_HARDENING) -Wl,--as-needed
LIBS = $(shell $(PKG_CONFIG) --libs libcurl sqlite3 libcjson libsodium) -lm

COMPILE = $(CC) $(CPPFLAGS_OURS) $(CPPFLAGS) $(CFLAGS_OURS) $(CFLAGS)
LINK = $(CC) $(CFLAGS_OURS) $(CFLAGS) $(LDFLAGS_OURS) $(LDFLAGS)
# A line a file; V=1 shows the whole commands.
SAY = $(if $(V),,@printf '  %-4s %s\n' $(1) $@;)

COMMON_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard common/*.c))
LIBRARY := $(BUILD)/libcgilogin.a
PROGRAMS := $(patsubst cgi-bin/%.c,%,$(wildcard cgi-bin/*.c))
CGI_PROGRAMS := $(PROGRAMS:%=$(BUILD)/cgi-bin/%)
ADMIN_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard admin/*.c))
COMMAND := $(BUILD)/bin/cgi-login
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help run test unit bench install clean
all: $(LIBRARY) $(CGI_PROGRAMS) $(COMMAND)

help:
	@printf '%s\n' 'make            builds $(BUILD)/ (V=1 shows the commands)' \
	    'make run        a complete demo on http://localhost:$${PORT:-8080}/' \
	    'make test       every test' \
	    'make unit       the unit tests alone' \
	    'make bench      each program against a trivial CGI program' \
	    'make install PREFIX=... CGI_BIN=... HTML=... [CGI_SUFFIX=.cgi]' \
	    '                copies the product into a hosting account' \
	    'make clean      removes $(BUILD)/'

run:
	@tests/support/packages.sh run
	@$(MAKE) -s -j$$(nproc) --no-print-directory all
	@exec tests/demo.sh

test:
	@tests/support/packages.sh test
	@exec tests/run.sh

unit: $(UNIT_TESTS)
	@for test in $(UNIT_TESTS); do $$test || exit 1; done

bench:
	@tests/support/packages.sh bench
	@$(MAKE) -s -j$$(nproc) --no-print-directory all
	@exec tests/bench/run.sh

install: all
	@admin/install.sh '$(BUILD)' '$(PREFIX)' '$(CGI_BIN)' '$(HTML)' '$(CGI_SUFFIX)' $(PROGRAMS)

clean:
	rm -rf $(BUILD)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call SAY,CC)$(COMPILE) -MMD -MP -c -o $@ $<

$(LIBRARY): $(COMMON_OBJECTS)
	@rm -f $@
	$(call SAY,AR)$(AR) rcs $@ $^

$(CGI_PROGRAMS): $(BUILD)/cgi-bin/%: $(BUILD)/cgi-bin/%.o $(LIBRARY)
	$(call SAY,LD)$(LINK) -o $@ $^ $(LIBS)

$(COMMAND): $(ADMIN_OBJECTS) $(LIBRARY)
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK) -o $@ $^ $(LIBS)

$(UNIT_TESTS): $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK) -o $@ $^ $(LIBS) -lcmocka

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)
