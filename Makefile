# SPDX-License-Identifier: MIT
# cgi-login. `make help` lists what can be made.

BUILD ?= build
CC ?= cc
PKG_CONFIG ?= pkg-config
VERSION := $(file <VERSION)
# Control-flow protection, as this processor has it.
CONTROL_FLOW := -fcf-protection

# Where `make install` puts things: PREFIX outside the web root, CGI_BIN the programs, HTML the document root.
PREFIX ?=
CGI_BIN ?=
HTML ?=
CGI_SUFFIX ?=

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
            -Wformat=2 -Wvla -Wundef -Wcast-qual -Wpointer-arith
# Our own runs fail on a warning (WERROR=1); a site owner's newer compiler must not.
ifeq ($(WERROR),1)
WARNINGS += -Werror
endif
CPPFLAGS_OURS := -D_GNU_SOURCE -DCGI_LOGIN_VERSION='"$(VERSION)"' -iquote common -iquote .
OPTIMISE ?= -O2 -g
# A static build (dist/build.sh writes the file): its compiler, its libraries, and MongoDB linked in.
ifdef STATIC
include $(STATIC)
endif
ifeq ($(SANITIZE),1)
HARDENING := -fPIC -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LINK_HARDENING := -fsanitize=address,undefined
PROGRAM_HARDENING :=
else
HARDENING := -fPIC -fstack-protector-strong -fstack-clash-protection $(CONTROL_FLOW) -D_FORTIFY_SOURCE=2 \
             -ffunction-sections -fdata-sections
LINK_HARDENING := -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--gc-sections
PROGRAM_HARDENING := -pie
endif
CFLAGS_OURS := -std=c11 $(WARNINGS) $(OPTIMISE) $(HARDENING)
# --as-needed: a program pays at start-up only for the libraries it calls.
LDFLAGS_OURS := $(LINK_HARDENING) -Wl,--as-needed
ifndef STATIC
SHARED_LIBS = $(shell $(PKG_CONFIG) --libs libcurl sqlite3 libcjson libsodium libcrypto) -lm -ldl -lpthread
# libsodium from its archive, where there is one: every request would pay 0.06 ms, a tenth of a start, for loading it.
LIBS = $(if $(findstring /,$(shell $(CC) -print-file-name=libsodium.a)),\
           $(patsubst -lsodium,-l:libsodium.a,$(SHARED_LIBS)),$(SHARED_LIBS))
# FastCGI's library is linked from its archive: as a shared one every CGI request would pay for loading it.
ifeq ($(shell $(PKG_CONFIG) --exists fcgi 2>/dev/null && echo yes),yes)
CPPFLAGS_OURS += -DCGI_LOGIN_FASTCGI
FCGI_LIBS := $(if $(findstring /,$(shell $(CC) -print-file-name=libfcgi.a)),-l:libfcgi.a,-lfcgi)
endif
MONGOC_CFLAGS = $(shell $(PKG_CONFIG) --cflags libmongoc-1.0 | sed 's/-I/-isystem /g')
MONGOC_LIBS = $(shell $(PKG_CONFIG) --libs libmongoc-1.0)
endif

COMPILE = $(CC) $(CPPFLAGS_OURS) $(CPPFLAGS) $(CFLAGS_OURS) $(CFLAGS)
LINK = $(CC) $(CFLAGS_OURS) $(CFLAGS) $(LDFLAGS_OURS) $(PROGRAM_HARDENING) $(LDFLAGS)
LINK_PLUGIN = $(CC) $(CFLAGS_OURS) $(CFLAGS) $(LDFLAGS_OURS) -shared $(LDFLAGS)
# A line a file; V=1 shows the whole commands.
SAY = $(if $(V),,@printf '  %-4s %s\n' $(1) $@;)

# libmongoc costs a process milliseconds only to be linked: common/program/mongodb_loader/mongodb_loader.h tells of the
# three ways a program gets at it. Each is an archive, and each program is linked with one of them.
LOADER := common/program/mongodb_loader
LOADERS := plugin linked full_program
MONGOC_SOURCES := $(wildcard common/store/mongodb/*.c)
MONGOC_OBJECTS := $(MONGOC_SOURCES:%.c=$(BUILD)/%.o)
ifdef STATIC
LOADED_BY := linked
# The programs that leave MongoDB to a full program: those whose common path asks no store.
LEAN := profile logout gate
else
LOADED_BY := plugin
# Where libmongoc is missing everything but MongoDB works; `make test` and `make run` install it.
PLUGIN := $(if $(shell $(PKG_CONFIG) --exists libmongoc-1.0 2>/dev/null && echo yes),$(BUILD)/lib/store_mongodb.so)
endif
WHOAMI := $(BUILD)/bin/cgi-login-whoami
ifdef STATIC
FULL_WHOAMI := $(BUILD)/lib/cgi-login-whoami
endif
FULL_PROGRAMS := $(LEAN:%=$(BUILD)/lib/%)
# What other programs start where they need libcurl, for which each that links it pays at its start.
HELPERS := $(patsubst helper/%.c,$(BUILD)/lib/%,$(wildcard helper/*.c))

COMMON_SOURCES := $(filter-out $(MONGOC_SOURCES) $(LOADERS:%=$(LOADER)/%.c),$(wildcard common/*/*.c common/*/*/*.c))
COMMON_OBJECTS := $(COMMON_SOURCES:%.c=$(BUILD)/%.o)
LIBRARY := $(BUILD)/libcgilogin.a
LOADER_LIBRARIES := $(LOADERS:%=$(BUILD)/libmongodb_%.a)
# The library and one of the loaders, which need each other.
LIBRARY_WITH = -Wl,--start-group $(LIBRARY) $(BUILD)/libmongodb_$(1).a -Wl,--end-group
PROGRAMS := $(patsubst cgi-bin/%.c,%,$(wildcard cgi-bin/*.c))
CGI_PROGRAMS := $(PROGRAMS:%=$(BUILD)/cgi-bin/%)
# All of the command-line program but its main function, for the programs of cgi-bin/ that need parts of it.
ADMIN_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out admin/main.c,$(wildcard admin/*.c admin/*/*.c)))
ADMIN_LIBRARY := $(BUILD)/libcgiloginadmin.a
WITH_ADMIN := console
CONSOLE_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard console/*.c))
COMMAND := $(BUILD)/bin/cgi-login
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help run test lint compiler-flags unit seeds fuzz memory load bench install dist package release bare clean
all: $(LIBRARY) $(CGI_PROGRAMS) $(FULL_PROGRAMS) $(HELPERS) $(COMMAND) $(WHOAMI) $(FULL_WHOAMI) $(PLUGIN)

help:
	@printf '%s\n' 'make            builds $(BUILD)/ (V=1 shows the commands)' \
	    'make run        a complete demo on http://localhost:$${PORT:-8080}/ [STORE=mongodb://HOST/NAME]' \
	    'make test       every test' \
	    'make unit       the unit tests alone' \
	    'make lint       style, and what static analysis finds' \
	    'make fuzz       looks for inputs that break the parsers, a minute each' \
	    'make memory     lets memory run out at each place of each program (a quarter of an hour)' \
	    'make load       the gate under load: 20,000 requests, 100 MB, 1,000 files, in each of its ways (minutes)' \
	    'make bench      each program against a trivial CGI program' \
	    'make install PREFIX=... CGI_BIN=... HTML=... [CGI_SUFFIX=.cgi]' \
	    '                copies the product into a hosting account' \
	    'make dist       static programs and all they need, as one tar file to upload (ARCH=aarch64 for ARM)' \
	    'make package    the Debian package, for a server of your own' \
	    'make release    all that a release page needs, of a tagged commit (RELEASE_KEY=FILE signs it)' \
	    'make bare       proves run, dist and the set-up of test on bare Debian 12 and 13 systems (as root, an hour)' \
	    'make clean      removes $(BUILD)/'

run:
	@tools/packages.sh run
	@$(MAKE) -s -j$$(nproc) --no-print-directory all
	@exec tests/demo.sh

test:
	@tools/packages.sh test
	@exec tests/run.sh

lint:
	@tools/packages.sh lint
	@tools/lint.sh

# What the tools of `make lint` read the sources with.
compiler-flags:
	@printf '%s\n' $(CPPFLAGS_OURS) $(MONGOC_CFLAGS) $(FULL_PROGRAMS_FLAG)

unit: $(UNIT_TESTS)
	@printf '%s\n' $(UNIT_TESTS) | xargs -P "$${JOBS:-$$(nproc)}" -I{} sh -c '$(UNIT_RUNNER) {} >{}.log 2>&1; \
	    status=$$?; cat {}.log; exit $$status'

# Each fuzz target runs its seeds as an ordinary test. Those of redirect are the payloads that other tests have, too.
SEEDS := $(FUZZERS:%=tests/fuzz/seeds/%)
SEEDS := $(SEEDS:%/redirect=$(BUILD)/fuzz/seeds/redirect)
seeds: $(FUZZERS:%=$(BUILD)/tests/seeds_%) $(BUILD)/fuzz/seeds/redirect
	@for seeds in $(SEEDS); do $(BUILD)/tests/seeds_$${seeds##*/} $$seeds || exit 1; done

$(BUILD)/fuzz/seeds/redirect: tests/payloads/open_redirect.txt tests/payloads/payloads.py
	@rm -rf $@
	@tests/payloads/payloads.py seeds $< $@

# Looks for new inputs, FUZZ_SECONDS for each target; what breaks a target belongs in its seeds once it is mended.
FUZZ_SECONDS ?= 60
fuzz: $(FUZZERS:%=$(BUILD)/fuzz/%) $(BUILD)/fuzz/seeds/redirect
	@for seeds in $(SEEDS); do name=$${seeds##*/}; mkdir -p $(BUILD)/fuzz/corpus_$$name; \
	    $(BUILD)/fuzz/$$name -max_total_time=$(FUZZ_SECONDS) -max_len=2048 -timeout=10 \
	        $(BUILD)/fuzz/corpus_$$name $$seeds || exit 1; done

# Fails each allocation of each program in turn; `make test` tries a fifth of them.
memory:
	@tools/packages.sh test
	@MEMORY_STEP=1 tests/e2e/run.sh memory.bats

# The gate as many use it at once, and with what is large.
load:
	@tools/packages.sh load
	@$(MAKE) -s -j$$(nproc) --no-print-directory all
	@exec tests/load/run.sh

bench:
	@tools/packages.sh bench
	@$(MAKE) -s -j$$(nproc) --no-print-directory all
	@exec tests/bench/run.sh

install: all
	@admin/install.sh '$(BUILD)' '$(PREFIX)' '$(CGI_BIN)' '$(HTML)' '$(CGI_SUFFIX)' $(PROGRAMS)

dist:
	@tools/packages.sh dist
	@dist/build.sh

release:
	@tools/packages.sh release
	@dist/release.sh

package:
	@tools/packages.sh package
	@packaging/build.sh

bare:
	@exec tests/bare/run.sh

clean:
	rm -rf $(BUILD)

# What is missing is told in one line, before the compiler tells of a header: looked for once in a build folder. A static
# build, and whoever names LIBS, brings the libraries.
ifeq ($(STATIC)$(filter command,$(origin LIBS)),)
UNIT_NEEDS := $(BUILD)/needs-unit
NEEDS := $(if $(filter unit,$(MAKECMDGOALS)),$(UNIT_NEEDS),$(BUILD)/needs-compile)
endif
$(BUILD)/needs-%: tools/packages.sh
	@CC='$(CC)' tools/packages.sh --check $*
	@mkdir -p $(@D) && touch $@

$(UNIT_TESTS:$(BUILD)/tests/%=$(BUILD)/tests/unit/%.o): | $(UNIT_NEEDS)

$(BUILD)/%.o: %.c Makefile VERSION | $(NEEDS)
	@mkdir -p $(@D)
	$(call SAY,CC)$(COMPILE) -MMD -MP -c -o $@ $<

$(LIBRARY): $(COMMON_OBJECTS)
$(LOADER_LIBRARIES): $(BUILD)/libmongodb_%.a: $(BUILD)/$(LOADER)/%.o
$(BUILD)/libmongodb_linked.a: $(MONGOC_OBJECTS)
$(ADMIN_LIBRARY): $(ADMIN_OBJECTS)
$(LIBRARY) $(LOADER_LIBRARIES) $(ADMIN_LIBRARY):
	@rm -f $@
	$(call SAY,AR)$(AR) rcs $@ $^

LINK_PROGRAM = $(LINK) -o $@ $(filter %.o,$^) $(filter $(ADMIN_LIBRARY),$^) $(call LIBRARY_WITH,$(LOADED_BY)) $(LIBS)

$(CGI_PROGRAMS): $(BUILD)/cgi-bin/%: $(BUILD)/cgi-bin/%.o
	$(call SAY,LD)$(LINK_PROGRAM) $(FCGI_LIBS)

$(LEAN:%=$(BUILD)/cgi-bin/%): private LOADED_BY := full_program
$(LEAN:%=$(BUILD)/cgi-bin/%): $(BUILD)/libmongodb_full_program.a

$(FULL_PROGRAMS): $(BUILD)/lib/%: $(BUILD)/cgi-bin/%.o
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK_PROGRAM) $(FCGI_LIBS)

ifdef STATIC
$(WHOAMI): private LOADED_BY := full_program
$(WHOAMI): $(BUILD)/libmongodb_full_program.a
endif
$(WHOAMI) $(FULL_WHOAMI): $(BUILD)/identity/whoami.o
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK_PROGRAM)

$(HELPERS): $(BUILD)/lib/%: $(BUILD)/helper/%.o
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK_PROGRAM) $(CRYPTO_LIBS)

$(WITH_ADMIN:%=$(BUILD)/cgi-bin/%): $(ADMIN_LIBRARY)
$(BUILD)/cgi-bin/console: $(CONSOLE_OBJECTS)

$(COMMAND): $(BUILD)/admin/main.o $(ADMIN_LIBRARY)
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK_PROGRAM)

$(CGI_PROGRAMS) $(FULL_PROGRAMS) $(HELPERS) $(COMMAND) $(WHOAMI) $(FULL_WHOAMI) $(UNIT_TESTS) $(FUZZERS:%=$(BUILD)/tests/seeds_%): $(LIBRARY) $(BUILD)/libmongodb_$(LOADED_BY).a

$(MONGOC_OBJECTS): CPPFLAGS_OURS += $(MONGOC_CFLAGS)

FULL_PROGRAMS_FLAG = -DMONGODB_FULL_PROGRAMS='$(LEAN:%="%",) "cgi-login-whoami"'
$(BUILD)/$(LOADER)/linked.o: CPPFLAGS_OURS += $(FULL_PROGRAMS_FLAG)

$(BUILD)/lib/store_mongodb.so: $(MONGOC_OBJECTS) $(LIBRARY) common/store/mongodb/store_mongodb.map
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK_PLUGIN) -Wl,--version-script=common/store/mongodb/store_mongodb.map -o $@ $(MONGOC_OBJECTS) $(LIBRARY) \
	    $(SHARED_LIBS) $(MONGOC_LIBS)

# The unit tests that need libmongoc and what is in the plugin.
MONGOC_TESTS := test_bson_json test_mongodb_remedy
$(MONGOC_TESTS:%=$(BUILD)/tests/unit/%.o): CPPFLAGS_OURS += $(MONGOC_CFLAGS)
$(MONGOC_TESTS:%=$(BUILD)/tests/%): UNIT_LIBS = $(MONGOC_LIBS)
$(MONGOC_TESTS:%=$(BUILD)/tests/%): $(MONGOC_OBJECTS)

# Those that test a part of the command-line program.
ADMIN_TESTS := test_ca_bundle test_config_text test_htaccess_block test_elf_file test_htaccess_merge test_htaccess_pattern test_htaccess_cases \
    test_site_plan
$(ADMIN_TESTS:%=$(BUILD)/tests/%): $(ADMIN_LIBRARY)

$(UNIT_TESTS): $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK_PROGRAM) $(UNIT_LIBS) -lcmocka

$(BUILD)/tests/seeds_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/run_seeds.o
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK_PROGRAM)

# What the words of a page cost (docs/performance.md).
$(BUILD)/tests/bench_words: $(BUILD)/tests/bench/words.o $(LIBRARY) $(BUILD)/libmongodb_$(LOADED_BY).a
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK_PROGRAM)

# Compiled as one with clang: libFuzzer wants the library's coverage too.
$(BUILD)/fuzz/%: tests/fuzz/fuzz_%.c $(COMMON_SOURCES) $(LOADER)/plugin.c
	@mkdir -p $(@D)
	$(call SAY,FUZZ)clang $(CPPFLAGS_OURS) -std=c11 $(WARNINGS) -g -O1 -fsanitize=fuzzer,address,undefined \
	    -fno-sanitize-recover=all -o $@ $^ $(LIBS) $(FCGI_LIBS)

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d)
