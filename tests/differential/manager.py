# SPDX-License-Identifier: MIT
import json
import time
from multiprocessing import Manager, Process

from pairs import line


def _show(value):
    line(json.dumps(value, separators=(',', ':')))


def _tried(call, *args):
    try:
        _show(call(*args))
    except (KeyError, IndexError, AttributeError) as error:
        line(type(error).__name__)
    except (OSError, EOFError):
        line('server gone')


def _start(target, *args):
    process = Process(target=target, args=args)
    process.start()
    return process


def _end(process):
    process.join()
    line('exit code', process.exitcode)


def dict_of_all_kinds():
    d = Manager().dict()
    d['a'] = 1
    d['b'] = [1, None, {'x': 2.5}]
    line(len(d), 'a' in d, 'z' in d)
    _show(d['b'])
    d.update({'c': True, 'a': 7})
    _show(d.copy())
    _show(list(d.keys()))
    _show(list(d.values()))
    _show([list(item) for item in d.items()])
    del d['b']
    _show(d.pop('a'))
    _show(d.copy())
    d.clear()
    line(len(d))


def dict_without_the_key():
    d = Manager().dict()
    _tried(d.__getitem__, 'x')
    _tried(d.__delitem__, 'x')
    _tried(d.pop, 'x')
    line(len(d))


def keys_keep_their_order():
    d = Manager().dict()
    for key in 'zebra':
        d[key] = 1
    d['e'] = 2
    del d['b']
    d['b'] = 3
    _show(d.copy())


def list_of_all_kinds():
    v = Manager().list()
    v.append(1)
    v.extend([2, 'three', [4]])
    v.insert(0, 0)
    v.insert(99, 'end')
    v.insert(-1, 'before the end')
    _show(v[:])
    line(len(v), 2 in v, 99 in v)
    _show(v[-1])
    v[1] = 'one'
    del v[0]
    _show(v.pop(-1))
    _show(v.pop(0))
    v.reverse()
    _show(v[:])


def list_without_the_index():
    v = Manager().list()
    v.append(1)
    _tried(v.__getitem__, 1)
    _tried(v.__getitem__, -2)
    _tried(v.__setitem__, 5, 0)
    _tried(v.__delitem__, 1)
    v.pop()
    _tried(v.pop)


def namespace():
    ns = Manager().Namespace()
    ns.x = 10
    ns.x = [ns.x]
    _show(ns.x)
    del ns.x
    _tried(getattr, ns, 'x')
    _tried(delattr, ns, 'x')


def what_was_read_is_a_copy():
    d = Manager().dict()
    d['a'] = [1]
    copy = d['a']
    copy.append(2)
    _show(d['a'])
    d['a'] = copy
    _show(d['a'])


def _write(shared, job):
    shared.tracker[str(job)] = job * job


def nested_in_a_namespace():
    manager = Manager()
    shared = manager.Namespace()
    tracker = shared.tracker = manager.dict()
    line(len(tracker))
    jobs = [_start(_write, shared, i) for i in range(5)]
    for job in jobs:
        _end(job)
    line(len(tracker))
    for i in range(5):
        _show(tracker[str(i)])


def nested_in_a_list():
    manager = Manager()
    outer, inner = manager.list(), manager.dict()
    outer.append(inner)
    inner['late'] = 1
    _show(outer[0]['late'])
    outer[0]['there'] = 2
    _show(inner.copy())


def _append(v, first, count):
    for i in range(first, first + count):
        v.append(i)


def nothing_is_lost_in_appends():
    v = Manager().list()
    children = [_start(_append, v, 100 * i, 30) for i in range(4)]
    for child in children:
        _end(child)
    line(len(v))
    for number in v[:]:
        line('set:', number)


def _ask_for_own(d, number):
    for i in range(100):
        d[str(number)] = [number, i]
        if d[str(number)] != [number, i]:
            raise SystemExit(9)


def answers_come_to_who_asked():
    d = Manager().dict()
    d['here'] = 1
    children = [_start(_ask_for_own, d, i) for i in range(4)]
    for child in children:
        _end(child)
    _show(d['here'])


def _append_for_ever(v):
    while True:
        v.append(1)


def client_killed():
    v = Manager().list()
    for _ in range(3):
        child = _start(_append_for_ever, v)
        while len(v) == 0:
            time.sleep(0.01)
        child.kill()
        _end(child)
        while len(v) > 0:
            v.pop()
    v.append('well')
    _show(v[:])


def big_value():
    d = Manager().dict()
    d['big'] = 'x' * 8000000
    line(len(d['big']))


def after_shutdown():
    manager = Manager()
    d = manager.dict()
    d['a'] = 1
    manager.shutdown()
    manager.shutdown()
    _tried(d.__getitem__, 'a')


def two_managers():
    a, b = Manager(), Manager()
    da, db = a.dict(), b.dict()
    da['x'] = 'a'
    db['x'] = 'b'
    a.shutdown()
    _tried(da.__getitem__, 'x')
    _tried(db.__getitem__, 'x')
