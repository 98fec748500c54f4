#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints src/base/unicode_ranges.h from the Unicode 15.0 that Python 3.12 carries.

    python3.12 tests/support/unicode_ranges.py >src/base/unicode_ranges.h
"""

import sys
import unicodedata

# Default_Ignorable_Code_Point (DerivedCoreProperties.txt) that are not of category Cf: fillers,
# variation selectors, and what is reserved for more of the same.
IGNORABLE = [(0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2060, 0x206F),
             (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF)]

# Hangul vowels and final consonants join the consonant before them.
JOINING = [(0x1161, 0x11FF), (0xD7B0, 0xD7C6), (0xD7CB, 0xD7FB)]

# EastAsianWidth.txt: wide also where nothing is assigned yet.
WIDE_BLOCKS = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD)]


def within(code, blocks):
    return any(first <= code <= last for first, last in blocks)


def hidden(code):
    noncharacter = (code & 0xFFFE) == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return noncharacter or unicodedata.category(chr(code)) in ('Cf', 'Zl', 'Zp') or within(code, IGNORABLE)


def joining(code):
    return not hidden(code) and (unicodedata.category(chr(code)) in ('Mn', 'Me') or within(code, JOINING))


def wide(code):
    if hidden(code) or joining(code):
        return False
    return unicodedata.east_asian_width(chr(code)) in 'WF' or within(code, WIDE_BLOCKS)


def table(name, says, member):
    ranges = []
    for code in range(0x80, 0x110000):
        if not member(code):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    print(f'\n/* {says} */\nstatic const struct unicode_range {name}[] = {{')
    for start in range(0, len(ranges), 6):
        print('\t' + ' '.join(f'{{0x{first:04x}, 0x{last:04x}}},' for first, last in ranges[start:start + 6]))
    print('};')


if unicodedata.unidata_version != '15.0.0':
    sys.exit(f'{sys.argv[0]}: needs Python 3.12 (Unicode 15.0.0), this one has {unicodedata.unidata_version}')
print('''/* SPDX-License-Identifier: MIT */
/*
 * Which characters are not one column wide, and which may not be shown: Unicode 15.0, made by
 * tests/support/unicode_ranges.py. Do not edit. Each table is sorted; no two of them overlap.
 *
 * Runs in: both.
 */
#ifndef LOCKSTEP_BASE_UNICODE_RANGES_H
#define LOCKSTEP_BASE_UNICODE_RANGES_H

#include <stdint.h>

struct unicode_range {
	uint32_t first, last;
};''')
table('unicode_hidden', 'Format characters (bidirectional controls, zero width, tags, …), separators, noncharacters.', hidden)
table('unicode_joining', 'Combining marks and what else joins the character before it: no column of its own.', joining)
table('unicode_wide', 'Two columns: East Asian wide and full width, emoji.', wide)
print('\n#endif')
