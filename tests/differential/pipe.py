# SPDX-License-Identifier: MIT
import time
from multiprocessing import Event, Pipe, Process

from pairs import line


def _tried(call, *args):
    try:
        line(repr(call(*args)))
    except (EOFError, OSError) as error:
        line('EOFError' if isinstance(error, EOFError) else
             'BrokenPipeError' if isinstance(error, BrokenPipeError) else 'OSError')


def both_ways():
    a, b = Pipe()
    a.send('there')
    line(b.recv())
    b.send('back')
    line(a.recv())


def one_way():
    reader, writer = Pipe(False)
    writer.send(1)
    line(reader.recv())
    _tried(reader.send, 1)
    _tried(writer.recv)


def bounds_are_kept():
    a, b = Pipe()
    for message in b'a', b'bb', b'', b'cccc':
        a.send_bytes(message)
    for _ in range(4):
        line(len(b.recv_bytes()))


def zero_length():
    a, b = Pipe()
    a.send_bytes(b'')
    line(b.poll(), len(b.recv_bytes()), b.poll())


def order():
    a, b = Pipe(False)
    for i in range(100):
        b.send(i)
    line([a.recv() for _ in range(100)] == list(range(100)))


def _send_big(connection, length):
    connection.send_bytes(b'x' * length)


def sixteen_megabytes():
    a, b = Pipe()
    child = Process(target=_send_big, args=(b, 16 << 20))
    child.start()
    line(len(a.recv_bytes()))
    child.join()
    line(child.exitcode)


def end_of_file():
    a, b = Pipe()
    b.send('last')
    b.close()
    line(a.recv())
    line(a.poll())
    _tried(a.recv)
    _tried(a.recv)


def _hold(go):
    go.wait()


def end_of_file_needs_all_copies():
    a, b = Pipe(False)
    go = Event()
    child = Process(target=_hold, args=(go,))
    child.start()
    b.close()
    line('there', a.poll(0.2))
    go.set()
    child.join()
    line('there', a.poll(0))
    _tried(a.recv)


def nobody_reads():
    a, b = Pipe(False)
    a.close()
    _tried(b.send, 1)


def closed_refuses():
    a, b = Pipe()
    a.close()
    _tried(a.send, 1)
    _tried(a.recv)


def poll_is_not_early():
    a, b = Pipe()
    began = time.monotonic()
    line(a.poll(0.15), time.monotonic() - began >= 0.15)
    b.send(1)
    line(a.poll(0), a.poll(5), a.recv(), a.poll(0))


def _answer(connection):
    while (number := connection.recv()) is not None:
        connection.send(number * 2)


def there_and_back():
    a, b = Pipe()
    child = Process(target=_answer, args=(b,))
    child.start()
    for i in range(20):
        a.send(i)
        line(a.recv())
    a.send(None)
    child.join()
    line(child.exitcode)


def send_waits_for_room():
    a, b = Pipe()
    child = Process(target=_send_big, args=(b, 1 << 20))
    child.start()
    child.join(0.3)
    line('alive', child.is_alive())
    line(len(a.recv_bytes()))
    child.join()
    line(child.exitcode)
