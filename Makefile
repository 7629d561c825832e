# SPDX-License-Identifier: MIT
# cgi-login: `make` builds the library, `make test` runs the tests.

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
LIBRARIES := libcurl sqlite3 libsodium libcjson libcjson_utils
LIBS = $(shell $(PKG_CONFIG) --libs $(LIBRARIES)) -lm

COMMON_OBJECTS := $(patsubst %.c,$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_OURS) $(CPPFLAGS) $(CFLAGS_OURS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(LIBRARY): $(COMMON_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(UNIT_TESTS): $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_OURS) $(CFLAGS) $(LDFLAGS_OURS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)
