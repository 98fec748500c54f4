# SPDX-License-Identifier: MIT
from multiprocessing import current_process
from threading import Thread

from pairs import line


def _nothing():
    pass


def thread_names():
    line(Thread(target=_nothing).name)


def current_name():
    line(current_process().name)
