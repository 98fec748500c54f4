#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files of recordings in the hands of the whole program: runs that are killed, disks that are full or
cannot be written, files that are cut, changed, or no recordings. The run goes on; what is whole is
shown; what is not is named; no control byte of a file reaches the terminal.

Wall limit: 300 s
"""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

LOCKSTEP = os.path.abspath(os.environ.get('LOCKSTEP', './lockstep'))
PATIENCE = 60
FLIPS = 60
CONTROL = re.compile(rb'[\x00-\x09\x0b-\x1f\x7f]')
# A block's size depends on how even the times are, so that few bytes may be few events where much else runs.
ENDLESS = ['thread-race', '--set', 'rounds=100', '--set', 'increments=1000000']
SHORT = ['bank-race', '--step', '--seed', '7', '--set', 'rounds=3']


def check(condition, *what):
    if not condition:
        print('FAILED:', *what)
        sys.exit(1)


def lockstep(*arguments, before=()):
    done = subprocess.run([*before, LOCKSTEP, *arguments], capture_output=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
    for stream in (done.stdout, done.stderr):
        check(not CONTROL.search(stream), 'a control byte', arguments, CONTROL.search(stream))
    check(done.returncode in (0, 1), done)
    return done


def children(pid):
    with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as file:
        return [int(word) for word in file.read().split()]


def wait_for(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        check(time.monotonic() < end, what, 'never happened')
        time.sleep(0.02)


def size(path):
    return os.path.getsize(path) if os.path.exists(path) else 0


def events(done):
    return sum(line.startswith(b'{"type":"event"') for line in done.stdout.splitlines())


def a_run_that_is_killed(folder):
    """Whoever dies, the file holds what was told up to a second before."""
    for whom in ('supervisor', 'front'):
        path = os.path.join(folder, whom)
        run = subprocess.Popen([LOCKSTEP, 'run', *ENDLESS, '--record', path, '--json'],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for('a block', lambda: size(path) > 20000)
        # The front is the child that runs the same program; the lesson is another one.
        program = os.path.realpath(LOCKSTEP)
        front = [pid for pid in children(run.pid) if os.path.realpath(f'/proc/{pid}/exe') == program]
        check(len(front) == 1, 'fronts:', front)
        os.kill(run.pid if whom == 'supervisor' else front[0], signal.SIGKILL)
        run.wait(PATIENCE)
        wait_for('the end of the front', lambda: not os.path.exists(f'/proc/{front[0]}'))
        done = lockstep('replay', path, '--json')
        check(events(done) > 1000, whom, 'killed:', events(done), 'events', done.stderr)
        check(b'before the run did' in done.stderr, whom, done.stderr)
        os.unlink(path)


def a_disk_that_is_full(folder):
    """Without the right to mount, /dev/full alone must do."""
    done = lockstep('run', *SHORT, '--text', '--record', '/dev/full')
    check(done.returncode == 0 and b'No space left' in done.stderr and b'verdict' in done.stdout, done)
    mount = os.path.join(folder, 'small')
    os.mkdir(mount)
    script = (f'mount -t tmpfs -o size=64k lockstep-test {mount} && '
              '"$0" run thread-race --set rounds=1 --set increments=40000 --set lock=on --json --record "$1"/run >/dev/null; echo status $?; '
              'stat -c "size %s" "$1"/run; exec "$0" replay "$1"/run --json')
    done = subprocess.run(['unshare', '-rm', 'sh', '-c', script, LOCKSTEP, mount], capture_output=True, timeout=PATIENCE,
                          stdin=subprocess.DEVNULL)
    if b'status' not in done.stdout or b'permission' in done.stderr.lower() or b'unshare' in done.stderr:
        print('no file system could be mounted here: a full disk was tried on /dev/full alone')
        return
    check(b'status 0' in done.stdout, done.stdout[-500:], done.stderr)
    check(b'No space left' in done.stderr and b'the run goes on' in done.stderr, done.stderr)
    check(b'no whole block' not in done.stderr, 'a torn tail was left:', done.stderr)
    check(events(done) > 1000, events(done))


def what_cannot_be_written(folder):
    mount = os.path.join(folder, 'read-only')
    os.mkdir(mount)
    before = ['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o ro lockstep-test "$0" && exec "$@"', mount]
    if subprocess.run([*before, 'true'], capture_output=True, check=False).returncode != 0:
        print('no file system could be mounted here: a read-only one was not tried')
        before = []
        mount = '/proc'
    done = lockstep('run', *SHORT, '--text', '--record', os.path.join(mount, 'run'), before=before)
    check(done.returncode == 0 and b'--record' in done.stderr and b'verdict' in done.stdout, done)
    kept = os.path.join(folder, 'essay')
    with open(kept, 'w', encoding='utf-8') as file:
        file.write('not a recording, but somebody\'s work\n')
    done = lockstep('run', *SHORT, '--text', '--record', kept)
    check(done.returncode == 0 and b'is no recording' in done.stderr, done)
    with open(kept, encoding='utf-8') as file:
        check('somebody' in file.read(), 'it was written over')


def what_is_no_recording(folder):
    for path in (os.path.join(folder, 'missing'), folder, '/dev/null', '/dev/zero', LOCKSTEP, os.path.join(folder, 'essay')):
        done = lockstep('replay', path, '--text')
        check(done.returncode == 1 and done.stderr.startswith(b'lockstep: '), path, done)


def damaged_files(folder):
    path, bad = os.path.join(folder, 'whole'), os.path.join(folder, 'bad')
    lockstep('run', *SHORT, '--text', '--record', path)
    whole = lockstep('replay', path, '--json')
    check(whole.returncode == 0 and whole.stderr == b'' and events(whole) > 10, whole)
    with open(path, 'rb') as file:
        content = file.read()

    def replay(damaged):
        with open(bad, 'wb') as file:
            file.write(damaged)
        done = lockstep('replay', bad, '--json')
        check(done.stderr != b'', 'nothing is said of the damage')
        check(events(done) <= events(whole), 'more events than there were')

    for i in range(FLIPS):
        at = i * len(content) // FLIPS
        replay(content[:at] + bytes([content[at] ^ (1 << i % 8)]) + content[at + 1:])
        replay(content[:at])


def main():
    with tempfile.TemporaryDirectory() as folder:
        a_run_that_is_killed(folder)
        a_disk_that_is_full(folder)
        what_cannot_be_written(folder)
        what_is_no_recording(folder)
        damaged_files(folder)


main()
