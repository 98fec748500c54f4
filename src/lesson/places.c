/* SPDX-License-Identifier: MIT */
/*
 * A place is an address as the linker laid the program out, for it is told less the load address
 * (dlpi_addr); libdwfl reports the file "offline" at an address of its own, its bias.
 */
#include "lesson/places.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

struct places {
	Dwfl *session;
	Dwfl_Module *module;
	GElf_Addr bias; /* of the program's own addresses in the session */
};

static const struct place UNKNOWN = {.file = "", .function = "", .line = 0};

/* Only what the program itself holds: nothing is looked for elsewhere on the disk or asked of a server. */
static int no_separate_debuginfo(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                                 const char *file, const char *link, GElf_Word crc, char **found)
{
	(void)module, (void)user, (void)name, (void)base, (void)file, (void)link, (void)crc, (void)found;
	return -1;
}

static const Dwfl_Callbacks CALLBACKS = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = no_separate_debuginfo,
	.section_address = dwfl_offline_section_address,
};

struct places *places_open(const char *program)
{
	struct places *places = memory_new(sizeof *places);
	int fd = open(program, O_RDONLY | O_NONBLOCK | O_CLOEXEC), error = 0;

	if (fd < 0)
		error = errno;
	else if ((places->session = dwfl_begin(&CALLBACKS)) == NULL)
		error = ENOMEM;
	else if ((places->module = dwfl_report_offline(places->session, "", program, fd)) == NULL)
		error = ENOEXEC;
	else
		fd = -1; /* the session's now */
	if (fd >= 0)
		close(fd);
	if (error == 0) {
		dwfl_report_end(places->session, NULL, NULL);
		if (dwfl_module_getelf(places->module, &places->bias) == NULL)
			error = ENOEXEC;
	}
	if (error == 0)
		return places;
	places_close(places);
	errno = error;
	return NULL;
}

void places_close(struct places *places)
{
	if (places == NULL)
		return;
	if (places->session != NULL)
		dwfl_end(places->session);
	free(places);
}

static const char *base_name(const char *path)
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;

	return slash != NULL ? slash + 1 : path != NULL ? path : "";
}

/* The name of the function that a scope belongs to: the first one outwards that is a function. */
static const char *function_name(Dwarf_Die *scopes, int count)
{
	for (int i = 0; i < count; i++) {
		int tag = dwarf_tag(&scopes[i]);

		if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine) {
			const char *name = dwarf_diename(&scopes[i]);
			return name != NULL ? name : "";
		}
	}
	return "";
}

/* From where the inlined function of `scope` was called. */
static struct place call_place(Dwarf_Die *unit, Dwarf_Die *scope)
{
	Dwarf_Attribute attribute;
	Dwarf_Word file = 0, line = 0;
	Dwarf_Files *files;
	size_t count;
	struct place found = UNKNOWN;

	if (dwarf_formudata(dwarf_attr(scope, DW_AT_call_file, &attribute), &file) == 0 &&
	    dwarf_formudata(dwarf_attr(scope, DW_AT_call_line, &attribute), &line) == 0 &&
	    dwarf_getsrcfiles(unit, &files, &count) == 0 && file < count) {
		found.file = base_name(dwarf_filesrc(files, file, NULL, NULL));
		found.line = (uint32_t)line;
	}
	return found;
}

/*
 * Where an inlined function was called, going outwards from the innermost until the place is
 * in the file that was compiled: a helper in a header is told as the lesson's own line that uses it.
 */
static struct place in_own_file(Dwarf_Die *unit, Dwarf_Die *scopes, int count, struct place innermost)
{
	const char *own = base_name(dwarf_diename(unit));

	if (strcmp(innermost.file, own) == 0)
		return innermost;
	for (int i = 0; i < count; i++) {
		if (dwarf_tag(&scopes[i]) != DW_TAG_inlined_subroutine)
			continue;
		struct place caller = call_place(unit, &scopes[i]);

		caller.function = function_name(scopes + i + 1, count - i - 1);
		if (caller.line > 0 && strcmp(caller.file, own) == 0)
			return caller;
	}
	return innermost;
}

/*
 * The scopes around an address, innermost first, callers of inlined functions included:
 * dwarf_getscopes() leaves them where the inlined function was *written*, so only its first counts.
 */
static int scopes_around(Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Die **chain)
{
	Dwarf_Die *scopes = NULL;
	int count = dwarf_getscopes(unit, address, &scopes);

	if (count > 0)
		count = dwarf_getscopes_die(&scopes[0], chain);
	free(scopes);
	return count;
}

struct place places_find(struct places *places, uint32_t place)
{
	Dwarf_Addr address = place - 1 + places->bias, unit_bias;
	struct place found = UNKNOWN;
	Dwarf_Die *unit, *chain = NULL;
	Dwfl_Line *source;
	int line = 0;

	if (place == 0 || (unit = dwfl_module_addrdie(places->module, address, &unit_bias)) == NULL ||
	    (source = dwfl_module_getsrc(places->module, address)) == NULL)
		return UNKNOWN;
	found.file = base_name(dwfl_lineinfo(source, NULL, &line, NULL, NULL, NULL));
	found.line = line > 0 ? (uint32_t)line : 0;
	int count = scopes_around(unit, address - unit_bias, &chain);
	if (count > 0) {
		found.function = function_name(chain, count);
		found = in_own_file(unit, chain, count, found);
	}
	free(chain);
	return found;
}
