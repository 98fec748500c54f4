/* SPDX-License-Identifier: MIT */
#include "lesson/installed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

char *installed_folder(void)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

	if (length <= 0)
		return memory_copy_string(".");
	path[length] = '\0';
	char *slash = strrchr(path, '/');
	if (slash != NULL)
		*slash = '\0';
	return memory_copy_string(path);
}

static char *beside(const char *folder, const char *name)
{
	struct text path = TEXT_INIT;

	text_printf(&path, "%s/%s", folder, name);
	return text_detach(&path);
}

int installed_library(char **archive, char **headers)
{
	static const struct {
		const char *archive, *headers;
	} places[] = {{"libmp.a", "include"}, {"../lib/liblockstep-mp.a", "../include/lockstep"}};
	char *folder = installed_folder();

	*archive = *headers = NULL;
	for (size_t i = 0; i < sizeof places / sizeof *places && *archive == NULL; i++) {
		*archive = beside(folder, places[i].archive);
		*headers = beside(folder, places[i].headers);
		if (access(*archive, R_OK) == 0 && access(*headers, R_OK) == 0)
			break;
		free(*archive);
		free(*headers);
		*archive = *headers = NULL;
	}
	free(folder);
	return *archive != NULL ? 0 : -ENOENT;
}
