# SPDX-License-Identifier: MIT
import os
import sys
from multiprocessing import Process

from pairs import line

os.environ['OPENBLAS_NUM_THREADS'] = '1'
try:
    import numpy as np
except ImportError:
    sys.path.append('/usr/lib/python3/dist-packages')  # Debian's, under a python3 that is not
    import numpy as np


def _numbers(state, count):
    for _ in range(count):
        line(f'{state.random_sample():.17g}')


def _state(bits):
    """What draws as RandomState does, from any generator of bits."""
    return np.random.RandomState(bits)


def _twister(seed):
    bits = np.random.MT19937()
    bits._legacy_seeding(seed)
    return bits


# ---- MT19937 ----

def seeds():
    for seed in range(20):
        line(f'{np.random.RandomState(seed).uniform():.17g}')
    _numbers(np.random.RandomState(2**32 - 1), 3)
    _numbers(np.random.RandomState(123456789), 700)


def words():
    for word in _twister(5489).random_raw(1300):
        line(word)


def uniform():
    state = np.random.RandomState(7)
    line(f'{state.uniform(-3, 12.5):.17g}')
    for number in state.uniform(100, 1000, 5):
        line(f'{number:.17g}')


def fork_repeats():
    np.random.seed(42)
    np.random.random_sample()
    for _ in range(3):
        process = Process(target=_numbers, args=(np.random, 3))
        process.start()
        process.join()
    _numbers(np.random, 1)


def _reseed():
    np.random.seed(9)
    _numbers(np.random, 2)


def reseeded():
    np.random.seed(42)
    process = Process(target=_reseed)
    process.start()
    process.join()
    _numbers(np.random, 2)
    np.random.seed(42)
    _numbers(np.random, 2)


def skipped():
    for count in 0, 1, 311, 312, 1000, 300000, 1000003:
        state = np.random.RandomState(3)
        state.random_sample()
        state.random_sample(count)
        _numbers(state, 2)


def _drawn_block(seed):
    """With a whole block of 624 words drawn: from there numpy jumps as ours does, see differences.md."""
    bits = _twister(seed)
    bits.random_raw(624)
    return bits


def jumped():
    _numbers(_state(_drawn_block(5).jumped()), 17)
    _numbers(_state(_drawn_block(5).jumped(2)), 2)


def jumped_inside_a_block():
    bits = _twister(5)
    bits.random_raw(2)
    _numbers(_state(bits.jumped()), 2)


# ---- Philox ----

def _philox(*key):
    return np.random.Philox(key=np.array(key, dtype=np.uint64))


def streams():
    for key in (0, 0), (1, 0), (0, 1), (12345, 6789), (2**64 - 1, 2**64 - 1):
        _numbers(_state(_philox(*key)), 9)


def stream_skipped():
    for before in range(6):
        for count in 0, 1, 2, 3, 4, 5, 7, 1000, 100001:
            bits = _philox(1, 2)
            bits.random_raw(before)
            bits.random_raw(count)
            _numbers(_state(bits), 2)


def stream_far_away():
    drawn = 0
    for count, shown in (2**64 - 1, 5), (2 * (2**64 - 1), 5):
        drawn += count
        bits = _philox(1, 2).advance(drawn // 4)
        bits.random_raw(drawn % 4)
        _numbers(_state(bits), shown)
        drawn += shown


def stream_jumped():
    bits = _philox(1, 2)
    _numbers(_state(bits), 2)
    for _ in range(2):
        bits = bits.jumped()
        _numbers(_state(bits), 5)


def pi_of_a_seed():
    state = np.random.RandomState(0)
    x, y = state.uniform(0, 1, 20000), state.uniform(0, 1, 20000)
    line(f'{4 * np.count_nonzero(x * x + y * y < 1) / 20000:.10f}')
