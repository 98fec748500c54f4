# SPDX-License-Identifier: MIT
"""The Python side of the pairs; see pairs.h. A class's module holds functions of the pairs' names, helpers
start with an underscore:

    from pairs import line

    def fresh_lock_is_free():
        line('taken', Lock().acquire(block=False))

`python3 pairs.py CLASS PAIR` runs one, `python3 pairs.py CLASS --list` lists them.
"""

import sys

# A class's queue.py is not Python's: modules of this folder are loaded by their paths.
sys.path[:] = [folder for folder in sys.path if not __file__.startswith(folder + '/')]

import ast
import importlib.util
import fcntl
import os

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = 9  # as in pairs.c


def line(*words):
    """One line that is compared: print(*words) in one write, with standard output closed too."""
    os.write(OUT, (' '.join(map(str, words)) + '\n').encode())


def names(group):
    """The pairs of a class, in the order of its module."""
    with open(os.path.join(HERE, group + '.py'), encoding='utf-8') as file:
        tree = ast.parse(file.read())
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != '_']


def run(group, name):
    os.dup2(1, OUT, inheritable=False)
    fcntl.fcntl(OUT, fcntl.F_SETFL, fcntl.fcntl(OUT, fcntl.F_GETFL) | os.O_APPEND)  # as in pairs.c
    sys.modules['pairs'] = sys.modules[__name__]
    spec = importlib.util.spec_from_file_location('pairs_of_' + group, os.path.join(HERE, group + '.py'))
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module  # so that its functions can be passed to workers
    spec.loader.exec_module(module)
    getattr(module, name)()


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in names(sys.argv[1]) + ['--list']:
        sys.exit('usage: pairs.py CLASS PAIR | pairs.py CLASS --list')
    if sys.argv[2] == '--list':
        print(*names(sys.argv[1]), sep='\n')
    else:
        run(*sys.argv[1:])


if __name__ == '__main__':
    main()
