/* SPDX-License-Identifier: MIT */
#include "mp/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *number_text(char text[NUMBER_TEXT], double number)
{
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(text, NUMBER_TEXT, "%.*g", precision, number);
		if (strtod(text, NULL) == number)
			break;
	}
	if (strpbrk(text, ".enai") == NULL) /* neither point, exponent, nan nor inf */
		strcat(text, ".0"); /* at most 17 digits so far */
	return text;
}
