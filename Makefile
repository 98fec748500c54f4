# SPDX-License-Identifier: MIT
#
# Lockstep. `make help` lists the targets.
#
# A mode (release, asan, tsan, coverage, fuzz) is a folder build/<mode>/ with its own flags; nothing
# of one is used by another. Sources are found by wildcard: a new file, lesson or test needs no line here.

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
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' '$(1)' '$(2)')

# ---- compiler and flags ----

ifeq ($(origin CC),default)
CC = gcc
endif
AR = ar
LIBRARIES  = ncursesw jansson md4c libdw
MACHINE   := $(shell $(CC) -dumpmachine 2>/dev/null)

WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wcast-qual -Wvla \
	-Wpointer-arith -Wwrite-strings -Wundef $(if $(WERROR),-Werror)
HARDENING = -fstack-protector-strong -fstack-clash-protection $(if $(filter x86_64-%,$(MACHINE)),-fcf-protection)

OPTIMIZE_release  = -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
OPTIMIZE_asan     = -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
OPTIMIZE_tsan     = -O1 -fno-omit-frame-pointer -fsanitize=thread
OPTIMIZE_coverage = -O0 --coverage -DLOCKSTEP_COVERAGE
OPTIMIZE_fuzz     = -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined

CFLAGS  = -std=gnu11 -g -fPIE -pthread $(OPTIMIZE_$(MODE)) $(HARDENING) $(WARNINGS)
LDFLAGS = -pie -pthread $(filter -fsanitize=% --coverage,$(OPTIMIZE_$(MODE))) -Wl,-z,relro,-z,now,--as-needed
CPPFLAGS = -Isrc -D_GNU_SOURCE -DLOCKSTEP_VERSION='"$(VERSION)"'

# pkg-config is asked once, and only when something is compiled.
package = $(shell pkg-config $(1) 2>/dev/null)
LIBRARY_CFLAGS = $(eval LIBRARY_CFLAGS := $$(call package,--cflags $(LIBRARIES)))$(LIBRARY_CFLAGS)
MP_LIBS        = $(eval MP_LIBS := $$(call package,--libs jansson) -lm)$(MP_LIBS)
LOCKSTEP_LIBS  = $(eval LOCKSTEP_LIBS := $$(call package,--libs $(LIBRARIES)) -lm)$(LOCKSTEP_LIBS)
TEST_LIBS      = $(eval TEST_LIBS := $$(call package,--libs cmocka vterm) -lutil)$(TEST_LIBS)

# ---- what there is to build ----

MP_ROOMS       = base wire probe mp
LOCKSTEP_ROOMS = base wire director lesson world view term screen recording export verbs

sources = $(sort $(foreach room,$(1),$(wildcard src/$(room)/*.c)))
objects = $(patsubst %.c,$(B)/obj/%.o,$(1))

MP_SOURCES       := $(call sources,$(MP_ROOMS))
LOCKSTEP_SOURCES := $(call sources,$(LOCKSTEP_ROOMS))
MAIN             := $(wildcard src/main.c)
LESSON_SOURCES   := $(sort $(wildcard lessons/*/*/lesson.c))
TEMPLATE         := $(wildcard lessons/template/lesson.c)

FLOORS = unit view lessons e2e
TEST_SOURCES   := $(sort $(foreach floor,$(FLOORS),$(wildcard tests/$(floor)/test_*.c)))
HELPER_SOURCES := $(sort $(filter-out $(TEST_SOURCES),$(foreach floor,support $(FLOORS),$(wildcard tests/$(floor)/*.c))))

# Each lesson's folder in the build: program, description, source, text.
LESSONS  = $(LESSON_SOURCES:%/lesson.c=$(B)/%/lesson) $(LESSON_SOURCES:%/lesson.c=$(B)/%/lesson.json) \
	$(patsubst %,$(B)/%,$(LESSON_SOURCES) $(wildcard $(LESSON_SOURCES:.c=.md)))
PROGRAM  = $(if $(MAIN),$(B)/lockstep)
PROGRAMS = $(TEST_SOURCES:%.c=$(B)/%)
SCRIPTS  = $(sort $(foreach floor,$(FLOORS) lint,$(filter-out %.c,$(wildcard tests/$(floor)/test_*))))

# ---- targets ----

.PHONY: all unit view lessons e2e clean FORCE
FORCE:

all: $(B)/libmp.a $(B)/liblockstep.a $(PROGRAM) $(LESSONS) $(if $(MAIN),lockstep)

lockstep: $(PROGRAM)
	$(Q)ln -sfn $< $@

# Every object depends on the flags that it was made with, every archive on the list of its members.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$$FLAGS" | cmp -s - $@ || printf '%s\n' "$$FLAGS" >$@
$(B)/flags: export FLAGS = $(CC) $(CPPFLAGS) $(LIBRARY_CFLAGS) $(CFLAGS)

$(B)/obj/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(if $(filter tests/%,$<),-Itests) $(LIBRARY_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

define archive
$(B)/$(1).list: FORCE
	@mkdir -p $$(@D)
	@echo '$(2)' | cmp -s - $$@ || echo '$(2)' >$$@
$(B)/$(1).a: $(call objects,$(2)) $(B)/$(1).list
	$$(call say,AR,$$@)
	$(Q)rm -f $$@ && $(AR) rcs $$@ $$(filter %.o,$$^)
endef
$(eval $(call archive,libmp,$(MP_SOURCES)))
$(eval $(call archive,liblockstep,$(LOCKSTEP_SOURCES)))
$(eval $(call archive,libtests,$(HELPER_SOURCES)))

$(B)/lockstep: $(B)/obj/src/main.o $(B)/liblockstep.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LOCKSTEP_LIBS)

# A lesson: the program, what it says of itself, and its text and source beside it.
$(B)/lessons/%/lesson: $(B)/obj/lessons/%/lesson.o $(B)/libmp.a
	@mkdir -p $(@D)
	$(call say,LESSON,$*)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(MP_LIBS)

$(B)/lessons/%/lesson.json: $(B)/lessons/%/lesson
	$(Q)$< --describe >$@

$(B)/lessons/%: lessons/%
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(B)/tests/%: $(B)/obj/tests/%.o $(B)/libtests.a $(B)/liblockstep.a $(B)/libmp.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LOCKSTEP_LIBS) $(TEST_LIBS)

# One floor; T=text takes only the tests whose name contains it.
of_floor = $(foreach test,$(PROGRAMS) $(SCRIPTS),$(if $(findstring tests/$(1)/,$(test)),$(if $(findstring $(T),$(test)),$(test))))
$(foreach floor,$(FLOORS),$(eval $(floor): $(call of_floor,$(floor))))
view lessons e2e: all
$(FLOORS):
	$(Q)for test in $(call of_floor,$@); do \
		LOCKSTEP=$(B)/lockstep LOCKSTEP_BUILD=$(B) $$test || exit 1; done

.PRECIOUS: $(B)/obj/%.o

clean:
	rm -rf $(BUILD) lockstep compile_commands.json

-include $(shell test -d $(B)/obj && find $(B)/obj -name '*.d')
