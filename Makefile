# SPDX-License-Identifier: MIT
# cgi-login: `make` builds what there is, `make test` installs what is missing and runs every test.

BUILD ?= build
CC ?= cc
PKG_CONFIG ?= pkg-config
VERSION := 0.1.0

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
LIBS := $(shell $(PKG_CONFIG) --libs libcurl sqlite3 libcjson libsodium) -lm

COMMON_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard common/*.c))
LIBRARY := $(BUILD)/libcgilogin.a
PROGRAM_SOURCES := $(wildcard cgi-bin/*.c)
PROGRAMS := $(PROGRAM_SOURCES:cgi-bin/%.c=%)
CGI_PROGRAMS := $(PROGRAMS:%=$(BUILD)/cgi-bin/%)
ADMIN_SOURCES := $(wildcard admin/*.c)
ADMIN_OBJECTS := $(ADMIN_SOURCES:%.c=$(BUILD)/%.o)
COMMAND := $(if $(ADMIN_SOURCES),$(BUILD)/bin/cgi-login)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all test unit clean
all: $(LIBRARY) $(CGI_PROGRAMS) $(COMMAND)

unit: $(UNIT_TESTS)
	@for test in $(UNIT_TESTS); do $$test || exit 1; done

test:
	@tests/support/packages.sh test
	@$(MAKE) --no-print-directory all unit
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/sanitize SANITIZE=1 unit

clean:
	rm -rf $(BUILD)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_OURS) $(CPPFLAGS) $(CFLAGS_OURS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(LIBRARY): $(COMMON_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

$(CGI_PROGRAMS): $(BUILD)/cgi-bin/%: $(BUILD)/cgi-bin/%.o $(LIBRARY)
	$(CC) $(CFLAGS_OURS) $(CFLAGS) $(LDFLAGS_OURS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/bin/cgi-login: $(ADMIN_OBJECTS) $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_OURS) $(CFLAGS) $(LDFLAGS_OURS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(UNIT_TESTS): $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_OURS) $(CFLAGS) $(LDFLAGS_OURS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)
