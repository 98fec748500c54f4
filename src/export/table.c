/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "export/exporters.h"

const struct exporter *const EXPORTERS[] = {
	&exporter_cast, &exporter_svg, &exporter_html, &exporter_chrome, &exporter_csv, &exporter_json, &exporter_text, NULL,
};

const struct exporter *exporter_find(const char *name)
{
	for (const struct exporter *const *exporter = EXPORTERS; *exporter != NULL; exporter++)
		if (strcmp((*exporter)->name, name) == 0)
			return *exporter;
	return NULL;
}
