/* SPDX-License-Identifier: MIT */
#include "lesson/folders.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/text.h"

enum { FOLDERS_MAX = 1000 }; /* in one folder */

char *folders_join(const char *folder, const char *name)
{
	struct text path = TEXT_INIT;

	text_add(&path, folder);
	text_add_char(&path, '/');
	text_add(&path, name);
	return text_detach(&path);
}

bool folders_may_be_called(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length > FOLDERS_NAME_MAX || !isalnum((unsigned char)name[0]))
		return false;
	for (; *name != '\0'; name++)
		if (!isalnum((unsigned char)*name) && *name != '-' && *name != '_')
			return false;
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_directory(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool is_folder_of(const char *path, const struct dirent *entry)
{
	if (entry->d_name[0] == '.' || (entry->d_type != DT_DIR && entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN))
		return false;
	if (entry->d_type == DT_DIR)
		return true;
	char *inner = folders_join(path, entry->d_name);
	bool is = is_directory(inner);

	free(inner);
	return is;
}

char **folders_list(const char *path)
{
	DIR *directory = opendir(path);
	char **names;
	size_t count = 0;

	if (directory == NULL)
		return NULL;
	names = memory_array(FOLDERS_MAX + 1, sizeof *names);
	for (struct dirent *entry; count < FOLDERS_MAX && (entry = readdir(directory)) != NULL;)
		if (is_folder_of(path, entry))
			names[count++] = memory_copy_string(entry->d_name);
	closedir(directory);
	qsort(names, count, sizeof *names, by_name);
	return names;
}

void folders_free(char **names)
{
	for (size_t i = 0; names[i] != NULL; i++)
		free(names[i]);
	free(names);
}
