#!/bin/sh
# SPDX-License-Identifier: MIT
#
# packages.sh build|check|fuzz [--tell]
#
# Sees to the packages that building (or building and testing, or fuzzing) needs: nothing to do costs a few
# milliseconds and prints nothing. On Debian and its kin what is missing is installed through
# apt-get, after saying so; elsewhere, and with --tell, it is named, and the status is 1.
# Everything is printed to standard error.

exec >&2

wanted=$1
missing=

# need PACKAGE TEST…: PACKAGE is missing when the command TEST fails
need() {
	package=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $package"
}

has_numpy() {
	[ -d /usr/lib/python3/dist-packages/numpy ] || python3 -c 'import numpy'
}

# Where clang 14 has it, and where it has it from 15 on.
has_fuzzer() {
	[ -e "$(clang -print-file-name="libclang_rt.fuzzer-$(uname -m).a")" ] || [ -e "$(clang -print-file-name=libclang_rt.fuzzer.a)" ]
}

# One question for all libraries; only when something is missing, one for each.
if ! pkg-config --exists ncursesw jansson md4c libdw libzstd libxxhash libmicrohttpd libcurl 2>/dev/null; then
	need pkg-config command -v pkg-config
	need libncurses-dev pkg-config --exists ncursesw
	need libjansson-dev pkg-config --exists jansson
	need libmd4c-dev pkg-config --exists md4c
	need libdw-dev pkg-config --exists libdw
	need libzstd-dev pkg-config --exists libzstd
	need libxxhash-dev pkg-config --exists libxxhash
	need libmicrohttpd-dev pkg-config --exists libmicrohttpd
	need libcurl4-openssl-dev pkg-config --exists libcurl
fi
need "gcc libc6-dev" command -v "${CC:-gcc}"
if [ "$wanted" = check ]; then
	need libcmocka-dev pkg-config --exists cmocka
	need libvterm-dev pkg-config --exists vterm
	need python3 command -v python3
	need python3-numpy has_numpy
	need tmux command -v tmux
	need asciinema command -v asciinema
fi
[ "$wanted" != fuzz ] || need "clang libclang-rt-dev" has_fuzzer
[ -n "$missing" ] || exit 0

if [ "$2" = --tell ] || ! command -v apt-get >/dev/null; then
	echo "lockstep: needed and not here:$missing"
	echo "lockstep: these are Debian's names; 'make run' and 'make check' install them where there is apt-get"
	exit 1
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "lockstep: needed and not here:$missing"
		echo "lockstep: only root can install them, and there is no sudo; as root: apt-get install$missing"
		exit 1
	fi
	as_root="sudo"
fi

echo "lockstep: installing through ${as_root:+$as_root }apt-get:$missing"
# shellcheck disable=SC2086 # both are lists of words
$as_root apt-get -q update &&
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing && exit 0
echo "lockstep: apt-get could not install:$missing"
exit 1
