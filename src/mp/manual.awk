# SPDX-License-Identifier: MIT
#
# A public header becomes a manual page, so that both always say the same: the comment at its head
# is the description, the declarations and their comments are the synopsis. For mandoc and groff.
#
#     awk -v name=lock -v date="June 1, 2026" -f manual.awk src/mp/lock.h >lockstep-lock.3

function escape(line)
{
	gsub(/\\/, "\\e", line)
	gsub(/—/, "\\(em", line)
	gsub(/–/, "\\(en", line)
	gsub(/…/, "...", line)
	gsub(/→/, "->", line)
	if (line ~ /^[.']/)
		line = "\\&" line
	return line
}

function end_of_head(    first, rest)
{
	first = head
	sub(/[.:].*/, "", first)
	rest = head
	print ".Dd " date
	print ".Dt LOCKSTEP-" toupper(name) " 3"
	print ".Os"
	print ".Sh NAME"
	print ".Nm lockstep-" name
	print ".Nd " escape(first) ", as in Python"
	print ".Sh LIBRARY"
	print "Lockstep (lockstep-mp, see"
	print ".Xr pkg-config 1 )"
	print ".Sh SYNOPSIS"
	print ".In mp/" name ".h"
	print ".Sh DESCRIPTION"
	print rest
	print ".Sh DECLARATIONS"
	print ".Bd -literal"
}

/SPDX-License-Identifier/ && !state { next }
!state && /^\/\*/ { state = "head"; sub(/^\/\* ?/, ""); sub(/ ?\*\/$/, ""); one_line = ($0 != ""); head = one_line ? escape($0) : ""; if (!one_line) next }
state == "head" && one_line { end_of_head(); state = "guard"; one_line = 0; next }
state == "head" && /^ ?\*\/$/ { end_of_head(); state = "guard"; next }
state == "head" {
	sub(/^ \* ?/, "")
	head = head (head == "" ? "" : "\n") ($0 == "" ? ".Pp" : ($0 ~ /^ / ? ".Dl " escape(substr($0, 2)) : escape($0)))
	next
}
state == "guard" && /^#define/ { state = "body"; next }
state == "guard" { next }
state == "body" { lines[++count] = $0 }

END {
	while (count > 0 && (lines[count] == "" || lines[count] == "#endif"))
		count--
	for (i = 1; i <= count; i++)
		if (lines[i] !~ /^#include/ && !(lines[i] == "" && (i == 1 || lines[i - 1] ~ /^#include/ || lines[i - 1] == "")))
			print escape(lines[i])
	print ".Ed"
	print ".Sh SEE ALSO"
	print ".Xr lockstep 1"
}
