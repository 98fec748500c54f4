#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The verb tour without a terminal: what it prints and writes, what it refuses, what it leaves behind."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, 'tests/support')
from scratch_lesson import BUILD, LOCKSTEP, ScratchLesson  # noqa: E402

TWO = """
    static const struct lesson_parameter parameters[] = {{0}};
    static const struct lesson_variant variants[] = {{0}};
    static const struct lesson lesson = {.title = "Two", .summary = "Two.", .parameters = parameters,
        .variants = variants, .outcome = "none", .right = "none"};
    static void child(void *argument)
    {
        print("a child with %p on its stack", (void *)&argument);
        for (volatile long left = SPIN; left > 0; left--)
            ;
    }
    int main(int argc, char **argv)
    {
        lesson_begin(&lesson, argc, argv);
        for (volatile long left = START; left > 0; left--)
            ;
        struct process *p = process_new("child", child, NULL);
        process_start(p);
        process_join(p);
        lesson_outcome(true, "done", json_object(), NULL);
        return lesson_end();
    }
"""


def check(condition, *what):
    if not condition:
        print('FAILED:', *what)
        sys.exit(1)


def two(spin='0', start='0'):
    return TWO.replace('SPIN', spin).replace('START', start)


def tour(*arguments, lessons=None, stdout=subprocess.PIPE):
    # Through a pipe, as from a script: standard input is no terminal.
    return subprocess.run([LOCKSTEP, 'tour', *arguments], stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
                          text=True, timeout=60, env=dict(os.environ, LOCKSTEP_LESSONS=str(lessons or BUILD / 'lessons')))


def refused(words, *arguments):
    done = tour(*arguments)
    check(done.returncode == 2 and words in done.stderr and done.stdout == '', arguments, done)


def test_usage():
    refused('needs the name of a lesson')
    refused("did you mean 'bank-race'", 'bank-rac')
    refused("not 'bank-race' and 'deadlock'", 'bank-race', 'deadlock')
    for size in '100', '10x10', '100x', '9999x30', '100x30x', '-80x24':
        refused('is no size', 'bank-race', '--cast', '-', '--size', size)
    refused('--cast-version is 2 or 3', 'bank-race', '--cast', '-', '--cast-version', '4')
    for speed in 'fast', '0', '1e9', 'nan', ' ':
        refused('is no number', 'bank-race', '--speed', speed)
    refused('needs the screen', 'bank-race', '--by-key')
    refused('cannot both', 'bank-race', '--cast', '-', '--svg', '-')
    refused('--at needs --svg', 'bank-race', '--cast', '-', '--at', '2')
    refused('--at needs --svg', 'bank-race', '--svg', '-', '--at', '0')
    refused('captions', 'bank-race', '--svg', '-', '--at', '99')


def test_text():
    done = tour('bank-race')
    check(done.returncode == 0 and done.stderr == '', done)
    told = [line for line in done.stdout.splitlines() if line.startswith('» ')]
    check(len(told) == 11 and told[0].startswith('» Two processes share one balance'), told)
    before, after = done.stdout.split('» 199: the deposit is gone')
    check('withdraw writes balance: 199' in before and 'withdraw writes balance: 199' not in after, done.stdout)
    check(done.stdout.count('verdict:') == 2 and 'verdict:  lost update' in done.stdout, done.stdout)


def test_cast(folder):
    path = folder / 'out.cast'
    for version in '2', '3':
        done = tour('bank-race', '--cast', str(path), '--size', '100x30', '--cast-version', version)
        check(done.returncode == 0 and done.stdout == '', done)
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        check(lines[0]['version'] == int(version) and lines[0]['title'] == 'Two processes, one balance', lines[0])
        check(sum(line[1] == 'm' for line in lines[1:]) == 11, 'a marker at each caption')
    first = path.read_bytes()
    check(tour('bank-race', '--cast', str(path), '--size', '100x30', '--cast-version', '3').returncode == 0, 'again')
    check(path.read_bytes() == first, 'the same bytes twice')
    check(tour('bank-race', '--cast', '-', '--size', '100x30', '--cast-version', '3').stdout.encode() == first, 'on standard output')
    check(b'4711' in first, 'its processes have PIDs of their own')
    check(sorted(folder.iterdir()) == [path], 'nothing else is left', list(folder.iterdir()))
    stage = tour('bank-race', '--cast', '-', '--size', '100x30', '--stage').stdout
    check('lesson.c' not in stage and 'Two processes, one balance' in stage, 'the stage has no source')


def test_speed():
    def last(*arguments):
        return json.loads(tour('bank-race', '--cast', '-', *arguments).stdout.splitlines()[-1])[0]
    check(last() > 60 and last('--speed', '10') < 15, 'ten times as fast', last('--speed', '10'))


def test_no_namespace():
    """Where the machine refuses a PID namespace the cast is made all the same, and that is said."""
    refuse = 'echo 0 >/proc/sys/user/max_pid_namespaces 2>/dev/null || exit 77; exec "$@"'
    done = subprocess.run(['unshare', '-Ur', 'sh', '-c', refuse, 'sh', LOCKSTEP, 'tour', 'bank-race', '--cast', '-'],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, LOCKSTEP_LESSONS=str(BUILD / 'lessons')))
    if done.returncode == 77 or 'unshare' in done.stderr:
        return  # no user namespaces for us here, so nothing to take away
    check(done.returncode == 0 and 'the PIDs will be other ones each time' in done.stderr, done.stderr)
    check(done.stdout.count('"m"') == 11, 'the cast is whole')


def test_picture(folder):
    path = folder / 'lost.svg'
    check(tour('bank-race', '--svg', str(path), '--at', '6').returncode == 0, 'a picture')
    words = path.read_text()
    check(words.startswith('<svg') and words.rstrip().endswith('</svg>') and words.count('<svg') == 1, words[:100])
    check('the deposit is gone' in words, 'of caption 6')
    check(tour('bank-race', '--svg', str(path)).returncode == 0 and 'whatever the order' in path.read_text(), 'of the end')
    path.unlink()


def test_nothing_half(folder):
    done = tour('bank-race', '--cast', str(folder / 'no' / 'out.cast'))
    check(done.returncode == 1 and 'out.cast' in done.stderr and 'No such file' in done.stderr, done)
    with open('/dev/full', 'w', encoding='utf-8') as full:
        done = tour('bank-race', '--cast', '-', stdout=full)
    check(done.returncode == 1 and 'No space left' in done.stderr, done)


def test_scripts(folder):
    lesson = ScratchLesson(folder / 'lessons', 'two', two())
    script, path = lesson.folder / 'tour', folder / 'two.cast'

    done = tour('two', lessons=lesson.root)
    check(done.returncode == 1 and 'two has no tour' in done.stderr, done)
    script.mkdir()
    done = tour('two', lessons=lesson.root)
    check(done.returncode == 1 and 'tour: not a regular file' in done.stderr, done)
    script.rmdir()
    script.write_text('# ' + 'x' * 70000)
    check('tour: File too large' in tour('two', lessons=lesson.root).stderr, 'a script of any length')
    for words, told in (('say Hello.\nstep main\nstep nobody\n', 'line 3: there is no nobody yet; there are: MainProcess, child'),
                        ('say Hello.\nstep main 9\n', 'line 2: MainProcess cannot move: waits until child ends'),
                        ('say Hello.\nrun\nstep child\n', 'line 3: child cannot move: the run has ended'),
                        ('say Hello.\nrun until lock.acquire\n', 'line 2: nobody can move any more, and it has not happened'),
                        ('say Hello.\nback\n', 'line 2: this is the beginning'),
                        ('say Hello.\npress nokey\n', "line 2: there is no key 'nokey'"),
                        ('say Hello.\npress F\n', 'line 2: F is not for tours: a free run is never the same twice'),
                        ('say Hello.\npress esc\nstep main\n', 'line 2: there is no run any more'),
                        ('say Hello.\npress v q\n', 'line 2: q is not for tours'),
                        ('say Hello.\nfocus attic\n', "line 2: there is no pane 'attic'"),
                        ('strategy wild\nsay Hello.\n', "line 1: there is no strategy 'wild'"),
                        ('say Hello.\nfollow 0,7\n', 'line 2: '),
                        ('say Hello.\nfollow x\n', 'line 2: '),
                        ('say Hello.\nanswer A\n', "line 2: the lesson's question has no choice A"),
                        ('say Hello.\nstepp main\n', 'line 2: a tour has no command')):
        script.write_text(words)
        done = tour('two', '--cast', str(path), lessons=lesson.root)
        check(done.returncode == 1 and told in done.stderr, words, done)
        check(not path.exists(), words, 'a tour that cannot go on leaves no cast')
    script.write_text('say Hello.\nstep main\nstep 2 until print\nback\nagain\nfollow 0,1x2\nrun\nsay Bye.\n')
    done = tour('two', '--cast', str(path), lessons=lesson.root)
    check(done.returncode == 0, done)
    check(lesson.left() == [], 'no process is left')
    first = path.read_bytes()
    check(b'with 0x' in first and tour('two', '--cast', str(path), lessons=lesson.root).returncode == 0, 'once more')
    check(path.read_bytes() == first, 'addresses, too, are the same each time')


def test_out_of_sight(folder):
    """Who computes for longer than a step is waited for, and no picture shows that it took long."""
    lesson = ScratchLesson(folder / 'lessons', 'slow', two('atol(getenv("SPIN"))', 'atol(getenv("SPIN"))'))
    (lesson.folder / 'tour').write_text('say Hello.\nstep main\nstep child\nstep child\nsay Done.\n')
    os.environ['SPIN'] = '300000000'
    slow = tour('slow', '--cast', '-', lessons=lesson.root)
    check(slow.returncode == 0 and slow.stdout.count('"m"') == 2 and 'computing' not in slow.stdout, slow)
    os.environ['SPIN'] = '000000000'
    quick = tour('slow', '--cast', '-', lessons=lesson.root)
    del os.environ['SPIN']
    check(slow.stdout == quick.stdout, 'the same, however long it took')


def test_own(folder):
    """A learner's own program in place of an exercise is not what the exercise's tour speaks of."""
    os.environ['XDG_DATA_HOME'] = str(folder)
    own = folder / 'lockstep' / 'lessons' / 'pool-exercise'
    own.mkdir(parents=True)
    (own / 'lesson.c').write_text(pathlib.Path('lessons/5-pools/pool-exercise/lesson.c').read_text())
    done = tour('pool-exercise')
    check(done.returncode == 1 and f'has no tour: {own}/tour' in done.stderr, done)
    del os.environ['XDG_DATA_HOME']


def test_killed(folder):
    """In the middle of a tour that computes for ever: whatever is killed, nothing is left."""
    lesson = ScratchLesson(folder / 'spinning', 'spin', two('1L << 60'))
    (lesson.folder / 'tour').write_text('say Hello.\nstep main\nstep child\nstep child\nsay Never.\n')
    for number in signal.SIGTERM, signal.SIGINT:
        path = folder / 'spin.cast'
        process = subprocess.Popen([LOCKSTEP, 'tour', 'spin', '--cast', str(path)], stdin=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, env=dict(os.environ, LOCKSTEP_LESSONS=str(lesson.root)))
        limit = time.monotonic() + 20
        while len(lesson.left()) < 2:
            check(time.monotonic() < limit and process.poll() is None, 'the child does not spin')
            time.sleep(0.01)
        process.send_signal(number)
        process.communicate(timeout=20)
        check(process.returncode != 0, 'status', process.returncode)
        while lesson.left():
            check(time.monotonic() < limit + 20, 'left:', lesson.left())
            time.sleep(0.01)
        check([entry.name for entry in folder.iterdir() if 'spin.cast' in entry.name or 'lockstep' in entry.name] == [],
              'no file is left')


with tempfile.TemporaryDirectory() as name:
    here = pathlib.Path(name)
    test_usage()
    test_text()
    test_speed()
    test_no_namespace()
    for test in test_cast, test_picture, test_nothing_half, test_scripts, test_out_of_sight, test_own, test_killed:
        (here / test.__name__).mkdir()
        test(here / test.__name__)
