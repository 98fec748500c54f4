# SPDX-License-Identifier: MIT
"""A lesson made for one test: written, built against the library, run, and looked for afterwards."""
import os
import pathlib
import subprocess
import textwrap

LOCKSTEP = os.environ.get("LOCKSTEP", "./lockstep")
BUILD = pathlib.Path(os.environ.get("LOCKSTEP_BUILD", "build/release"))

HEAD = """
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include "mp/mp.h"
"""


def compile_lesson(folder):
    """lesson.c to lesson, with the flags of the mode that is tested."""
    flags = os.environ.get("LOCKSTEP_CFLAGS", "").split()
    subprocess.run([os.environ.get("CC", "cc"), "-D_GNU_SOURCE", "-O1", "-g", "-fno-optimize-sibling-calls", "-Isrc", *flags,
                    str(folder / "lesson.c"), "-o", str(folder / "lesson"),
                    str(BUILD / "libmp.a"), "-ljansson", "-lm", "-pthread"], check=True)


class ScratchLesson:
    def __init__(self, root, name, source):
        self.name = name
        self.root = pathlib.Path(root)
        self.folder = self.root / "1-scratch" / name
        self.folder.mkdir(parents=True)
        (self.folder / "lesson.c").write_text(textwrap.dedent(HEAD) + textwrap.dedent(source))
        (self.folder / "lesson.md").write_text(f"# {name}\n")
        compile_lesson(self.folder)

    def start(self, *arguments):
        return subprocess.Popen([LOCKSTEP, "run", self.name, *arguments], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=dict(os.environ, LOCKSTEP_LESSONS=str(self.root)))

    def run(self, *arguments, limit=60):
        """The finished process; subprocess.TimeoutExpired when it does not end."""
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=limit)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def left(self):
        """Its processes that are still there."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and str(self.folder) in (entry / "cmdline").read_text():
                    found.append(entry.name)
            except OSError:
                pass  # it ended while we looked
        return found
