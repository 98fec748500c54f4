#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What single lessons promise beyond the contract: their numbers.

Wall limit: 200 s
"""

from contract import Run, check, finish, wanted

# numpy 1.24.2: [np.random.RandomState(seed).uniform() for seed in range(20)]
NUMPY_UNIFORM = [
    0.5488135039273248, 0.417022004702574, 0.43599490214200376, 0.5507979025745755, 0.9670298390136767,
    0.22199317108973948, 0.8928601514360016, 0.07630828937395717, 0.8734294027918162, 0.010374153885699955,
    0.771320643266746, 0.1802696888767692, 0.15416284237967237, 0.7777024105738202, 0.5139433437726902,
    0.8488176972685787, 0.22329107915353885, 0.2946650026871097, 0.6503742417395917, 0.09753360174945158]

# numpy 1.24.2: 1 / (1 + np.exp(-np.arange(0.1, 1, 0.1)))
NUMPY_SIGMOID = [
    0.52497918747894, 0.549833997312478, 0.574442516811659, 0.5986876601124521, 0.6224593312018546,
    0.6456563062257954, 0.6681877721681662, 0.6899744811276125, 0.7109495026250039]


def twister(seed):
    """numpy's first uniform() of a seed, worked out here (Matsumoto and Nishimura, mt19937ar, init_genrand)."""
    words = [seed]
    for i in range(1, 624):
        words.append((1812433253 * (words[-1] ^ (words[-1] >> 30)) + i) & 0xffffffff)

    def output(k):
        y = (words[k] & 0x80000000) | (words[k + 1] & 0x7fffffff)
        y = words[k + 397] ^ (y >> 1) ^ (0x9908b0df if y & 1 else 0)
        y ^= y >> 11
        y ^= (y << 7) & 0x9d2c5680
        y ^= (y << 15) & 0xefc60000
        return y ^ (y >> 18)
    return ((output(0) >> 5) * 67108864 + (output(1) >> 6)) / 9007199254740992


def run(lesson, *arguments):
    done = Run(lesson, *arguments)
    check(done.good, done)
    check(done.lost == 0, f'{done}: {done.lost} events lost')
    return done


def bank_race():
    ends = [run('bank-race', '--speed', '100').outcome.get('balance') for _ in range(20)]
    check(sum(end != 200 for end in ends) > 10, f'bank-race loses in few free runs: {ends}')
    for _ in range(4):
        done = run('bank-race', '--speed', '100', '--set', 'lock=on')
        check(done.outcome == {'balance': 200}, done)
        writes = [e['value'] for e in done.events if e['op'] == 'value.write' and e['object'] == 'balance']
        check(len(writes) == 200 and writes[-1] == 200, f'bank-race: {len(writes)} writes, the last {writes[-1:]}')
    stepped = {run('bank-race', '--step', '--seed', str(seed)).outcome.get('balance') for seed in range(30)}
    check(200 in stepped and len(stepped) > 1, f'bank-race stepped ends only at {stepped}')


def thread_race():
    # Each round adds one write (x = 0) and one read (the total) by main.
    done = run('thread-race', '--set', 'rounds=3')
    check(any(total < 200000 for total in done.outcome.get('rounds', [])), f'thread-race never loses: {done}')
    for op in (b'value.read', b'value.write'):
        count = sum(b'"op":"%s"' % op in line for line in done.lines)
        check(count == 3 * 200001, f'thread-race: {count} times {op} in the trace, 600003 were made')
    done = run('thread-race', '--set', 'rounds=2', '--set', 'increments=30000', '--set', 'lock=on')
    check(done.outcome == {'rounds': [60000] * 2}, done)


def barrier():
    for variant, outcome in (((), {'passed_before_full': 0, 'passed': 3, 'broken': 0}),
                             (('--set', 'fault=dies', '--set', 'abort=on'),
                              {'passed_before_full': 0, 'passed': 0, 'broken': 2}),
                             (('--set', 'fault=dies', '--set', 'abort=off', '--set', 'patience=10'),
                              {'passed_before_full': 0, 'passed': 0, 'broken': 2})):
        for mode in (('--step', '--seed', '3'), ('--speed', '50')):
            done = run('barrier', *mode, *variant)
            check(done.outcome == outcome, done)
    alone = Run('barrier', '--step', '--set', 'fault=dies', '--set', 'abort=off')
    check(not alone.good and alone.result.get('verdict') == 'deadlock',
          f'a barrier that nobody breaks must be told as a deadlock: {alone}')


def ping_pong_pipe():
    for mode in (('--step',), ('--speed', '100')):
        done = run('ping-pong-pipe', *mode, '--set', 'rounds=3')
        check(done.outcome == {'messages': ['Ping', 'Pong'] * 3}, done)


def producer_consumer():
    for mode in (('--step',), ('--speed', '100'), ('--step', '--set', 'slots=2')):
        done = run('producer-consumer', *mode)
        results = done.outcome.get('results', [])
        check(len(results) == 9 and all(abs(a - b) <= 1e-15 for a, b in zip(results, NUMPY_SIGMOID)), done)


def pool_schedule():
    for settings, makespan, order in (
            ((), 12, ['Jennifer', 'Juan', 'Ibrahim', 'Andrew', 'Anna']),
            (('workers=1',), 18, ['Ibrahim', 'Jennifer', 'Juan', 'Andrew', 'Anna']),
            (('order=longest',), 9, None),
            (('workers=3',), 9, None),
            (('workers=5',), 7, ['Juan', 'Jennifer', 'Andrew', 'Ibrahim', 'Anna'])):
        chosen = [word for setting in settings for word in ('--set', setting)]
        for seed in range(5):
            done = run('pool-schedule', '--step', '--seed', str(seed), *chosen)
            check(done.outcome.get('makespan') == makespan, f'makespan {makespan} s is right: {done}')
            check(order is None or done.outcome.get('order') == order, f'{order} is the order: {done}')
    done = run('pool-schedule', '--speed', '20')
    check(12 <= done.outcome.get('makespan', 0) < 18, f'two workers did not work at once: {done}')


def rng_fork():
    for mode in (('--step', '--set', 'tasks=20'), ('--speed', '20')):
        done = run('rng-fork', *mode)
        draws = done.outcome.get('draws', [])
        by_pid = {}
        for draw in draws:
            by_pid.setdefault(draw['pid'], []).append(draw['value'])
        check(len(draws) == 20 and len(by_pid) > 1, f'all draws in one process: {done}')
        longest = max(by_pid.values(), key=len, default=[])
        check(all(values == longest[:len(values)] for values in by_pid.values()), f'not one stream: {by_pid}')
        drew = [(e['pid'], e['value']) for e in done.events
                if e['op'] == 'random.random' and e['pid'] in by_pid]
        check(sorted(drew) == sorted((d['pid'], d['value']) for d in draws),
              f'the PIDs told are not those that drew: {drew} against {draws}')
        mended = run('rng-fork', *mode, '--set', 'reseed=on')
        check(len({draw['value'] for draw in mended.outcome.get('draws', [])}) == 20, mended)


def rng_seed():
    for mode in ((), ('--step', '--set', 'tasks=20'), ('--set', 'workers=1')):
        done = run('rng-seed', *mode)
        check(done.outcome.get('draws') == NUMPY_UNIFORM, done)
    check([twister(seed) for seed in range(20)] == NUMPY_UNIFORM, 'the twister of this test is wrong')
    done = run('rng-seed', '--set', 'tasks=1000')
    wrong = [seed for seed, value in enumerate(done.outcome.get('draws', [])) if value != twister(seed)]
    check(len(done.outcome.get('draws', [])) == 1000 and not wrong, f'wrong for seeds {wrong[:10]}: {done}')


for promise in (bank_race, thread_race, barrier, ping_pong_pipe, producer_consumer, pool_schedule, rng_fork, rng_seed):
    if wanted(promise.__name__.replace('_', '-')):
        promise()
finish()
