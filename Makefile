# SPDX-License-Identifier: MIT
#
# Lockstep. `make help` lists the targets.
#
# Sources are found by wildcard: a new file, lesson or test needs no line here. A mode (release, asan,
# tsan, coverage, fuzz) is a folder build/<mode>/ with flags of its own; nothing of one is used by another.

VERSION = 0.1.0

PREFIX  = /usr/local
DESTDIR =
BUILD   = build
MODE    = release
B       = $(BUILD)/$(MODE)

.DEFAULT_GOAL = all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory
Q   := $(if $(V),,@)
say  = $(if $(V),,@printf '  %-8s %s\n' '$(1)' '$(2)')
# For targets that start make again: all processors, unless -j was given.
jobs = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

# ---- compiler and flags ----

ifeq ($(origin CC),default)
CC = gcc
endif
AR = ar
MACHINE := $(shell $(CC) -dumpmachine 2>/dev/null)
ifneq ($(MACHINE),)
ifeq ($(findstring linux-gnu,$(MACHINE)),)
$(error Lockstep needs Linux with glibc (futex, memfd, pidfd); $(CC) makes programs for $(MACHINE))
endif
endif

WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wcast-qual -Wvla \
	-Wpointer-arith -Wwrite-strings -Wundef $(if $(WERROR),-Werror)
HARDENING = -fstack-protector-strong -fstack-clash-protection $(if $(filter x86_64-%,$(MACHINE)),-fcf-protection)

MODE_release  = -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
MODE_asan     = -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
MODE_tsan     = -O1 -fno-omit-frame-pointer -fsanitize=thread
MODE_coverage = -O0 --coverage -fprofile-update=atomic -DLOCKSTEP_COVERAGE
MODE_fuzz     = -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined

CPPFLAGS = -Isrc -D_GNU_SOURCE -DLOCKSTEP_VERSION='"$(VERSION)"'
CFLAGS   = -std=gnu11 -g -fPIE -pthread $(MODE_$(MODE)) $(HARDENING) $(WARNINGS)
# A call that ends a function keeps its frame: its return address says which line made it.
LESSON_CFLAGS = -fno-optimize-sibling-calls
# A lesson that crashes can name the functions that it is in.
LESSON_LDFLAGS = -rdynamic
LDFLAGS  = -pie -pthread $(filter -fsanitize=% --coverage,$(MODE_$(MODE))) -Wl,-z,relro,-z,now,--as-needed

# pkg-config is asked when the first thing is compiled, and once.
LIBRARIES      = ncursesw jansson md4c libdw libzstd libxxhash
package        = $(shell pkg-config $(1) 2>/dev/null)
LIBRARY_CFLAGS = $(eval LIBRARY_CFLAGS := $$(call package,--cflags $(LIBRARIES)))$(LIBRARY_CFLAGS)
LOCKSTEP_LIBS  = $(eval LOCKSTEP_LIBS := $$(call package,--libs $(LIBRARIES)) -lm)$(LOCKSTEP_LIBS)
MP_LIBS        = $(eval MP_LIBS := $$(call package,--libs jansson) -lm)$(MP_LIBS)
TEST_LIBS      = $(eval TEST_LIBS := $$(call package,--libs cmocka vterm))$(TEST_LIBS)
# A lesson may need libraries of its own: its file `libraries` names their pkg-config packages.
LESSON_LIBRARIES = $(sort $(foreach file,$(wildcard lessons/*/*/libraries),$(file <$(file))))
lesson_package = $(foreach file,$(wildcard $(2)/libraries),$(call package,$(1) $(file <$(file))))
HAVE_LIBRARIES = $(shell pkg-config --exists $(LIBRARIES) $(LESSON_LIBRARIES) 2>/dev/null && echo yes)

# ---- what there is to build ----

# What a lesson links, and what the program is made of.
MP_ROOMS       = base wire probe mp
LOCKSTEP_ROOMS = base wire director lesson world view term screen recording export verbs

MP_SOURCES       := $(sort $(foreach room,$(MP_ROOMS),$(wildcard src/$(room)/*.c)))
LOCKSTEP_SOURCES := $(sort $(foreach room,$(LOCKSTEP_ROOMS),$(wildcard src/$(room)/*.c)))
MAIN             := $(wildcard src/main.c)
LESSON_SOURCES   := $(sort $(wildcard lessons/*/*/lesson.c))
TEMPLATE         := $(wildcard lessons/template/lesson.c)

# A test is tests/<floor>/test_*: a cmocka program, or a script. Other C files there help all tests.
FLOORS         = unit view lessons e2e
# Pairs are programs for the script there, see tests/differential/pairs.h.
PAIR_MAIN       = tests/differential/pairs.c
PAIR_SOURCES   := $(filter-out $(PAIR_MAIN),$(sort $(wildcard tests/differential/*.c)))
PAIRS           = $(if $(filter differential,$(MAKECMDGOALS)),$(call class,$(T)),$(call class))
class           = $(if $(1),$(B)/tests/differential/$(firstword $(subst /, ,$(1))),$(PAIR_SOURCES:%.c=$(B)/%))
TEST_SOURCES   := $(sort $(foreach floor,$(FLOORS),$(wildcard tests/$(floor)/test_*.c)))
HELPER_SOURCES := $(filter-out $(TEST_SOURCES),$(sort $(foreach room,support $(FLOORS),$(wildcard tests/$(room)/*.c))))
BENCH_SOURCES  := $(sort $(wildcard tests/bench/*.c))
BENCH_PEERS    := $(sort $(wildcard tests/bench/peers/*.c))
FUZZ_SOURCES   := $(sort $(wildcard tests/fuzz/*.c))
SOURCES         = $(sort $(MP_SOURCES) $(LOCKSTEP_SOURCES)) $(MAIN) $(LESSON_SOURCES) $(TEMPLATE) \
	$(TEST_SOURCES) $(HELPER_SOURCES) $(PAIR_SOURCES) $(PAIR_MAIN) $(BENCH_SOURCES) $(BENCH_PEERS) $(FUZZ_SOURCES)

PROGRAM  = $(if $(MAIN),$(B)/lockstep)
LESSONS  = $(LESSON_SOURCES:%/lesson.c=$(B)/%/lesson) $(LESSON_SOURCES:%/lesson.c=$(B)/%/lesson.json) \
	$(patsubst %,$(B)/%,$(LESSON_SOURCES) $(wildcard $(LESSON_SOURCES:.c=.md) lessons/*/*/libraries lessons/*/*/tour \
	lessons/*/*/schedules/*.schedule lessons/*/*/hints.md lessons/*/*/solution.c lessons/*/title))
PROGRAMS = $(TEST_SOURCES:%.c=$(B)/%)
SCRIPTS  = $(sort $(foreach floor,$(FLOORS) differential lint,$(filter-out %.c,$(wildcard tests/$(floor)/test_*))))

objects = $(patsubst %.c,$(B)/obj/%.o,$(1))

# ---- building ----

.PHONY: all clean FORCE
FORCE:

all: ## build everything (the default)
all: $(B)/libmp.a $(B)/include $(B)/liblockstep.a $(PROGRAM) $(LESSONS) $(TEMPLATE:lessons/%/lesson.c=$(B)/%/lesson) \
	$(if $(filter build/release,$(B)),compile_commands.json $(if $(MAIN),lockstep))

# Every object depends on the flags that it was made with, every archive on the list of its members.
keep = printf '%s\n' $(1) | cmp -s - $@ || printf '%s\n' $(1) >$@

$(B)/flags: export FLAGS = $(CC) $(CPPFLAGS) $(LIBRARY_CFLAGS) $(CFLAGS)
$(B)/flags: FORCE
	$(if $(HAVE_LIBRARIES),,@tests/support/packages.sh build --tell)
	@mkdir -p $(@D)
	@$(call keep,"$$FLAGS")

$(B)/%.list: FORCE
	@mkdir -p $(@D)
	@$(call keep,$(MEMBERS))

$(B)/obj/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(if $(filter tests/%,$<),-Itests) $(LIBRARY_CFLAGS) $(CFLAGS) $(if $(filter lessons/%,$<),$(LESSON_CFLAGS) $(call lesson_package,--cflags,$(<D))) -MMD -MP -c -o $@ $<

$(B)/libmp.list: MEMBERS = $(MP_SOURCES)
$(B)/liblockstep.list: MEMBERS = $(LOCKSTEP_SOURCES)
$(B)/libtests.list: MEMBERS = $(HELPER_SOURCES)
$(B)/sources.list: MEMBERS = $(SOURCES)
$(B)/libmp.a: $(call objects,$(MP_SOURCES))
$(B)/liblockstep.a: $(call objects,$(LOCKSTEP_SOURCES))
$(B)/libtests.a: $(call objects,$(HELPER_SOURCES))
$(B)/lib%.a: $(B)/lib%.list
	$(call say,AR,$@)
	$(Q)rm -f $@.new && $(AR) rcs $@.new $(filter %.o,$^) && mv $@.new $@

link = $(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)

$(B)/lockstep: $(B)/obj/src/main.o $(B)/liblockstep.a
	$(call say,LINK,$@)
	$(link) $(LOCKSTEP_LIBS)

# Learners' own lessons are built with what lies beside the program: the library and its headers.
$(B)/include:
	@mkdir -p $(@D) && ln -sfn '$(CURDIR)/src' $@

lockstep: $(B)/lockstep
	@ln -sfn $< $@

# A lesson: the program, what it says of itself, and beside it its source and its text.
$(B)/lessons/%/lesson: $(B)/obj/lessons/%/lesson.o $(B)/libmp.a
	@mkdir -p $(@D)
	$(call say,LESSON,$*)
	$(link) $(LESSON_LDFLAGS) $(call lesson_package,--libs,lessons/$*) $(MP_LIBS)
$(patsubst %/libraries,$(B)/%/lesson,$(wildcard lessons/*/*/libraries)): $(B)/lessons/%/lesson: lessons/%/libraries

$(B)/template/lesson: $(B)/obj/lessons/template/lesson.o $(B)/libmp.a
	@mkdir -p $(@D)
	$(call say,LESSON,template)
	$(link) $(LESSON_LDFLAGS) $(MP_LIBS)

$(B)/lessons/%/lesson.json: $(B)/lessons/%/lesson
	$(Q)timeout 20 $< --describe >$@ || { echo '$<: main begins with lesson_begin(), which answers --describe' >&2; false; }

$(B)/lessons/%: lessons/%
	@mkdir -p $(@D)
	@cp $< $@

$(B)/tests/%: $(B)/obj/tests/%.o $(B)/libtests.a $(B)/liblockstep.a $(B)/libmp.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(link) $(LOCKSTEP_LIBS) $(TEST_LIBS)

$(B)/tests/differential/%: $(B)/obj/tests/differential/%.o $(call objects,$(PAIR_MAIN)) $(B)/libmp.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(link) $(MP_LIBS)

tests/differential/test_differential.py: $(PAIRS)

compile_commands.json: $(B)/sources.list $(B)/flags
	@{ for source in $(SOURCES); do \
		printf '%s {"directory": "%s", "file": "%s", "command": "%s"}\n' "$${comma-[}" "$(CURDIR)" "$$source" \
			"$$(printf '%s -Itests -c %s' "$$FLAGS" "$$source" | sed 's/["\\]/\\&/g')"; \
		comma=,; done; echo ']'; } >$@
compile_commands.json: export FLAGS = $(CC) $(CPPFLAGS) $(LIBRARY_CFLAGS) $(CFLAGS)

clean: ## remove what was built
	rm -rf $(BUILD) lockstep compile_commands.json

# ---- running ----

.PHONY: run
run: ## build and start; packages that are missing are installed first
	@tests/support/packages.sh build
	@$(MAKE) $(jobs) all >&2
	@if [ -t 0 ] && [ -t 1 ]; then exec ./lockstep; else exec ./lockstep run bank-race --step --seed 7 --text; fi

# ---- testing ----

# MAKE_COMMAND, not MAKE: tests are no part of `make -n`.
RUN_TESTS = @LOCKSTEP_MAKE='$(MAKE_COMMAND) $(MAKEOVERRIDES)' LOCKSTEP_CFLAGS='$(filter -fsanitize=% --coverage,$(MODE_$(MODE)))' \
	tests/support/run_tests.py --build $(B) $(PATIENCE_$(MODE))
PATIENCE_asan     = --patience 4
PATIENCE_tsan     = --patience 4
PATIENCE_coverage = --patience 4

# T=text takes only the tests with that in their name; but `make lessons T=text` runs all those of
# lessons on the lesson T, and `make differential T=text` takes the class or the pair T (CLASS/PAIR).
of_floor = $(filter tests/$(1)/% $(B)/tests/$(1)/%,$(PROGRAMS) $(SCRIPTS))
named    = $(if $(T),$(foreach test,$(1),$(if $(findstring $(T),$(notdir $(test))),$(test))),$(1))
unnamed  = $(filter lessons differential,$(MAKECMDGOALS))
tests_of = $(foreach floor,$(1),$(if $(filter $(unnamed),$(floor)),$(call of_floor,$(floor)),$(call named,$(call of_floor,$(floor)))))

.PHONY: check check-built $(FLOORS) differential lint
check: ## build everything and run all tests; packages that are missing are installed first
	@tests/support/packages.sh check
	@$(MAKE) $(jobs) check-built

# What each mode checks.
CHECKED_release  = $(FLOORS) differential lint
CHECKED_asan     = $(FLOORS)
CHECKED_tsan     = unit
CHECKED_coverage = $(FLOORS)
CHECKED = $(CHECKED_$(MODE))
check-built: all $(call tests_of,$(CHECKED))
	$(RUN_TESTS) $(call tests_of,$(CHECKED))

unit: ## run the unit tests (T=text: those with that in their name)
view: ## run the tests of what is drawn
lessons: ## run every lesson through its tests (T=text: that lesson)
e2e: ## run the tests of the whole program
differential: ## run the same small programs in Python and compare (T=text: that class, or CLASS/PAIR)
lint: ## check the laws of the tree, and that clang has nothing to say either
view lessons e2e lint: all
$(foreach floor,$(FLOORS) differential lint,$(eval $(floor): $(call tests_of,$(floor))))
$(FLOORS) differential lint:
	$(RUN_TESTS) $(if $(filter $(unnamed),$@),$(T:%=--argument %)) $(call tests_of,$@)

mutations: ## break the library in a hundred ways and see that every pair notices (T=text: of that class)
mutations: $(B)/libmp.a $(call class,$(T))
	@LOCKSTEP_BUILD=$(B) LOCKSTEP_LINK='$(CC) $(CFLAGS) $(LDFLAGS)' LOCKSTEP_LIBRARIES='$(MP_LIBS)' \
		tests/differential/mutate.py $(T)
.PHONY: mutations

lint: lint-clang
.PHONY: lint-clang
lint-clang: $(SOURCES:%=lint-clang/%)
lint-clang/%: FORCE
	$(call say,CLANG,$*)
	$(Q)clang $(CPPFLAGS) -Itests $(LIBRARY_CFLAGS) $(filter-out -W%,$(CFLAGS)) $(filter -W%,$(WARNINGS)) -Werror \
		$(call lesson_package,--cflags,$(dir $*)) -fsyntax-only $*

.PHONY: asan tsan coverage fuzz bench format
asan: ## all tests under the address and undefined behaviour sanitizers, in build/asan
	@ASAN_OPTIONS=allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 $(MAKE) $(jobs) MODE=asan check-built

tsan: ## the unit tests under the thread sanitizer, in build/tsan
	@TSAN_OPTIONS=die_after_fork=0:allocator_may_return_null=1 $(MAKE) $(jobs) MODE=tsan check-built

coverage: ## all tests with line coverage, in build/coverage
	@find $(BUILD)/coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) $(jobs) MODE=coverage check-built
	@tests/support/coverage.py $(BUILD)/coverage

FUZZ_SECONDS = 60
fuzz: ## every fuzzer of tests/fuzz for FUZZ_SECONDS=60 each (clang), in build/fuzz
	@tests/support/packages.sh fuzz
	@$(MAKE) $(jobs) MODE=fuzz CC=clang fuzz-built
.PHONY: fuzz-built
fuzz-built: $(FUZZ_SOURCES:tests/fuzz/%.c=$(B)/fuzz/%)
	$(if $(FUZZ_SOURCES),,@echo 'no fuzzers: tests/fuzz holds no C file')
	@for fuzzer in $^; do \
		name=$${fuzzer##*/}; seeds=$$(ls -d tests/fuzz/$$name 2>/dev/null); mkdir -p $(B)/corpus/$$name; \
		echo "fuzz $$name, $(FUZZ_SECONDS) s"; \
		$$fuzzer -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -verbosity=0 \
			-artifact_prefix=$(B)/$$name- $(B)/corpus/$$name $$seeds || exit 1; done

$(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(B)/liblockstep.a $(B)/libmp.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(link) -fsanitize=fuzzer $(LOCKSTEP_LIBS)

bench: all $(if $(BENCH_SOURCES),$(B)/bench) $(BENCH_PEERS:tests/bench/peers/%.c=$(B)/bench-peers/%) ## measure (T="P9 pool": those rows or files of tests/bench)
	$(if $(BENCH_SOURCES),@LOCKSTEP=$(B)/lockstep LOCKSTEP_BUILD=$(B) $(B)/bench $(T))

$(B)/bench-peers/%: $(B)/obj/tests/bench/peers/%.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(link) $(call package,--libs ncursesw)

$(B)/bench: $(call objects,$(BENCH_SOURCES)) $(B)/liblockstep.a $(B)/libmp.a
	$(call say,LINK,$@)
	$(link) $(LOCKSTEP_LIBS)

format: ## lay out all C files by .clang-format
	clang-format -i $(SOURCES) $(wildcard src/*/*.h tests/*/*.h)

# ---- pictures ----

# LESSON-CAPTION: what a lesson's tour shows when it says its caption of that number.
PICTURES = bank-race-5 pool-schedule-6

.PHONY: pictures
pictures: all ## draw the pictures of the README anew, from the lessons' tours
	$(Q)set -e; for picture in $(PICTURES); do \
		$(B)/lockstep tour $${picture%-*} --svg lessons/pictures/$${picture%-*}.svg --at $${picture##*-} --size 100x26; done

# ---- installing ----

BINDIR     = $(DESTDIR)$(PREFIX)/bin
LIBDIR     = $(DESTDIR)$(PREFIX)/lib
INCLUDEDIR = $(DESTDIR)$(PREFIX)/include/lockstep
MANDIR     = $(DESTDIR)$(PREFIX)/share/man
DOCDIR     = $(DESTDIR)$(PREFIX)/share/doc/lockstep

# The public headers are those that mp.h includes.
PUBLIC_HEADERS = src/mp/mp.h $(shell sed -n 's|^\#include "\(mp/.*\)"|src/\1|p' src/mp/mp.h)
# Each of them is a manual page too: lockstep-lock(3) and so on.
CLASSES        = $(filter-out mp,$(PUBLIC_HEADERS:src/mp/%.h=%))
MANUAL_PAGES   = $(CLASSES:%=$(B)/man/lockstep-%.3)
MANUAL_DATE    = $(shell sed -n 's/^\.Dd //p' src/lockstep.1)
# The description goes after the program, or it would be older.
LESSON_FILES   = $(LESSONS:$(B)/lessons/%=%)

$(B)/man/lockstep-%.3: src/mp/%.h src/mp/manual.awk
	@mkdir -p $(@D)
	$(Q)awk -v name=$* -v date='$(MANUAL_DATE)' -f src/mp/manual.awk $< >$@

.PHONY: install uninstall dist
install: all $(MANUAL_PAGES) ## install under PREFIX=/usr/local (DESTDIR= for packagers)
	install -d $(BINDIR) $(LIBDIR)/pkgconfig $(INCLUDEDIR)/mp $(MANDIR)/man1 $(MANDIR)/man3 $(DOCDIR)/template
	install -m 755 $(B)/lockstep $(BINDIR)/lockstep
	$(Q)set -e; for file in $(LESSON_FILES); do \
		install -d $(LIBDIR)/lockstep/lessons/$${file%/*}; mode=644; [ $${file##*/} = lesson ] && mode=755; \
		install -m $$mode $(B)/lessons/$$file $(LIBDIR)/lockstep/lessons/$$file; done
	install -m 644 $(B)/libmp.a $(LIBDIR)/liblockstep-mp.a
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' src/mp/lockstep-mp.pc.in >$(LIBDIR)/pkgconfig/lockstep-mp.pc
	install -m 644 $(PUBLIC_HEADERS) $(INCLUDEDIR)/mp
	install -m 644 src/lockstep.1 $(MANDIR)/man1
	install -m 644 $(MANUAL_PAGES) $(MANDIR)/man3
	install -m 644 LICENSE README.md $(DOCDIR)
	install -m 644 $(wildcard lessons/template/*) $(DOCDIR)/template

uninstall: ## remove what install put there
	rm -f $(BINDIR)/lockstep $(LIBDIR)/liblockstep-mp.a $(LIBDIR)/pkgconfig/lockstep-mp.pc $(MANDIR)/man1/lockstep.1 \
		$(CLASSES:%=$(MANDIR)/man3/lockstep-%.3)
	rm -rf $(LIBDIR)/lockstep $(INCLUDEDIR) $(DOCDIR)

dist: ## pack what is committed into build/lockstep-VERSION.tar.gz
	@mkdir -p $(BUILD)
	git archive --prefix=lockstep-$(VERSION)/ -o $(BUILD)/lockstep-$(VERSION).tar.gz HEAD

# ---- help ----

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):.*## /\1|/p' Makefile | sort | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'
	@echo '  V=1 shows commands, WERROR=1 makes warnings errors, BUILD=folder builds elsewhere.'

.PRECIOUS: $(B)/obj/%.o
-include $(shell [ -d $(B)/obj ] && find $(B)/obj -name '*.d')
