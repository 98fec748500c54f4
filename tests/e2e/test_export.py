#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every lesson is recorded, stepped, and exported in every format; what comes out is what others can read.

Wall limit: 300 s

Lines equal those that the run printed. Casts are played by asciinema, on a terminal. Traces
and drawings go through readers that are not ours. Then the verb itself: what it is asked for, what
it says, and that no half file is ever left.
"""
import csv
import json
import math
import os
import pathlib
import pty
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

LOCKSTEP = os.path.abspath(os.environ["LOCKSTEP"])
FORMATS = {"cast": ".cast", "svg": ".svg", "html": ".html", "chrome": ".trace.json", "csv": ".csv", "json": ".jsonl", "text": ".txt"}
PATIENCE = 120  # seconds; nothing takes one

failures = []


def check(what, ok, details=""):
    if not ok:
        failures.append(f"{what}{': ' if details else ''}{details}")
    return ok


def run(*arguments, **options):
    return subprocess.run([LOCKSTEP, *arguments], capture_output=True, timeout=PATIENCE, **options)


def lessons():
    lines = run("list", "--json").stdout.decode().splitlines()
    return [entry["name"] for entry in map(json.loads, lines) if entry["type"] == "lesson"]


# ---- casts ----

def read_cast(path):
    """Our own reader of both versions, by docs.asciinema.org: (header, [(seconds from the beginning, code, data)])."""
    header, *events = [json.loads(line) for line in path.read_text().splitlines()]
    clock, out = 0.0, []
    for moment, code, data in events:
        clock = clock + moment if header["version"] == 3 else moment
        out.append((clock, code, data))
    return header, out


def check_cast(what, path, version):
    header, events = read_cast(path)
    size = (header["term"]["cols"], header["term"]["rows"]) if version == 3 else (header["width"], header["height"])
    check(f"{what}: version and size", header["version"] == version and size == (100, 30), str(header))
    check(f"{what}: times go on", all(a[0] <= b[0] for a, b in zip(events, events[1:])))
    check(f"{what}: codes", {code for _, code, _ in events} <= {"o", "m"})
    check(f"{what}: the end has a marker", events[-2][1] == "m", str(events[-2]))
    check(f"{what}: a last frame that stays", events[-1][0] - events[-2][0] >= 2)
    return events


def play(path):
    """asciinema on a terminal; its exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execvp("asciinema", ["asciinema", "play", "-s", "1000000", str(path)])
    shown = 0
    while True:
        try:
            got = os.read(terminal, 65536)
        except OSError:
            break
        if not got:
            break
        shown += len(got)
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown


# ---- traces ----

class Perfetto:
    """How Perfetto's trace processor reads a trace (json_trace_tokenizer.cc, trace_sorter.h, slice_tracker.cc,
    flow_tracker.cc, as of 2025); `problems` are what it would list as import errors, or draw as it was not meant.

    It goes by time; at one time ends come first, then complete slices, the longest first, then all else, begins
    too. Each track has a stack of slices. An end of a flow belongs to the slice that was begun last.
    """
    def __init__(self, trace, nanoseconds):
        self.stacks, self.slices, self.sources, self.flows, self.problems = {}, {}, {}, [], []
        self.nanoseconds = nanoseconds
        if "displayTimeUnit" in trace:
            self.problems.append("displayTimeUnit has a note of its own in the list")
        for _, event in sorted(enumerate(trace["traceEvents"]), key=self.order):
            self.read(event)
        for track, stack in self.stacks.items():
            self.problems += [f"{slice['name']} on {track} never ends" for slice in stack if slice["end"] is None]

    def order(self, numbered):
        number, event = numbered
        phase = event["ph"]
        rank = -math.inf if phase == "E" else -event["dur"] if phase == "X" else 1
        return self.nanoseconds(event.get("ts", 0)), rank, number

    def read(self, event):
        phase, time = event["ph"], self.nanoseconds(event.get("ts", 0))
        stack = self.stacks.setdefault((event["pid"], event["tid"]), [])
        if phase in "BXi":
            end = None if phase == "B" else time + self.nanoseconds(event.get("dur", 0))
            self.leave(stack, time, end)
            stack.append({"name": event["name"], "begin": time, "end": end})
            self.slices.setdefault((event["pid"], event["tid"], len(stack)), []).append(stack[-1])
        elif phase == "E":
            self.leave(stack, time, None)
            if not stack or stack[-1]["end"] is not None:
                self.problems.append(f"an end at {time} that is not that of the last slice")
            else:
                stack.pop()["end"] = time
        elif phase in "sf":
            self.read_flow(event, stack, time)

    def leave(self, stack, time, end):
        while stack and stack[-1]["end"] is not None and stack[-1]["end"] <= time:
            if stack[-1]["begin"] == time == end:
                return  # moments lie upon each other
            stack.pop()
        for slice in stack:
            if slice["end"] is not None and (slice["end"] < time or end is None or end > slice["end"]):
                self.problems.append(f"{slice['name']} ends in the midst of another one that begins at {time}")

    def read_flow(self, event, stack, time):
        if not stack:
            self.problems.append(f"a flow at {time} belongs to no slice")
        elif event["ph"] == "s":
            self.sources[event["id"]] = stack[-1]["name"]
        elif event["id"] not in self.sources:
            self.problems.append(f"a flow ends at {time} that has not begun")
        else:
            self.flows.append((event["cat"], self.sources[event["id"]], stack[-1]["name"]))
            self.check_alone(event, len(stack), time)

    def check_alone(self, event, depth, time):
        """chrome://tracing takes any slice that reaches there, its end included."""
        there = [slice for slice in self.slices[(event["pid"], event["tid"], depth)]
                 if slice["begin"] <= time and (slice["end"] is None or time <= slice["end"])]
        if len(there) != 1:
            self.problems.append(f"the flow that ends at {time} may belong to any of {there}")


def check_readers(what, trace):
    """Older readers cut what is below a nanosecond, newer ones round it."""
    for nanoseconds in (lambda us: round(us * 1000), lambda us: int(us * 1000)):
        read = Perfetto(trace, nanoseconds)
        check(f"{what}: Perfetto takes it as it is", not read.problems, str(read.problems[:3]))
        for kind, cause, effect in read.flows:
            check(f"{what}: an arrow between operations", "." in cause and "." in effect and not effect.split()[0].endswith("wait"),
                  f"{kind} from {cause} to {effect}")
    return read.flows


def check_trace(what, path):
    trace = json.loads(path.read_text())
    check_readers(what, trace)
    times, stacks, flows = {}, {}, {}
    for event in trace["traceEvents"]:
        track = (event["pid"], event["tid"])
        phase = event["ph"]
        if phase in "BEXi":
            check(f"{what}: time goes back on {track}", event["ts"] >= times.get(track, 0) - 1e-6, str(event))
            times[track] = event["ts"] + event.get("dur", 0)
        if phase == "B":
            stacks.setdefault(track, []).append(event["name"])
        elif phase == "E":
            check(f"{what}: ends what did not begin", bool(stacks.get(track)), str(event))
            if stacks.get(track):
                stacks[track].pop()
        elif phase in "sf":
            flows.setdefault(event["id"], []).append(event)
    check(f"{what}: what begins ends", not any(stacks.values()), str(stacks))
    for both in flows.values():
        check(f"{what}: a flow has both ends", [end["ph"] for end in both] == ["s", "f"] and both[0]["ts"] <= both[1]["ts"], str(both))
    named = {event["pid"] for event in trace["traceEvents"] if event["ph"] == "M" and event["name"] == "process_name"}
    check(f"{what}: every process has a name", {event["pid"] for event in trace["traceEvents"]} <= named)
    return trace


# ---- drawings ----

SVG = "{http://www.w3.org/2000/svg}"
CHARACTER = 8.4


def check_drawing(what, drawing, most):
    """Nothing lies beyond its edge; what is folded is folded where nothing is."""
    root = xml.etree.ElementTree.fromstring(drawing)
    width = float(root.get("width"))
    check(f"{what}: not wider than {most}", width <= most, str(width))
    for text in root.findall(f"{SVG}text"):
        check(f"{what}: words have room", float(text.get("x")) + len(text.text) * CHARACTER <= width, text.text)
    bands = [(float(rect.get("x")), float(rect.get("x")) + float(rect.get("width"))) for rect in root.findall(f".//{SVG}clipPath/{SVG}rect")]
    shown = [use.get("href") for use in root.findall(f".//{SVG}use")]
    check(f"{what}: every band is shown, with names", sorted(shown) == sorted(["#names", "#time"] * len(bands)), str(shown))
    check(f"{what}: bands go on where the one before ends", all(abs(a[1] - b[0]) < 0.2 for a, b in zip(bands, bands[1:])), str(bands))
    for rect in root.findall(f".//{SVG}g[@id='time']/{SVG}rect"):
        left, right = float(rect.get("x")), float(rect.get("x")) + float(rect.get("width"))
        check(f"{what}: no mark is cut", not any(left < edge - 0.2 and right > edge + 0.2 for edge, _ in bands), f"{left} to {right} in {bands}")
    return len(bands)


def check_widths(folder):
    recording = folder / "pool-schedule.lockstep"
    bands = {}
    for width in ("500", "850", "1200", "100000"):
        done = run("export", str(recording), "--format", "svg", "--width", width, "-o", "-")
        bands[width] = check_drawing(f"--width {width}", done.stdout, float(width))
    check("narrow drawings are folded, wide ones are not", bands["500"] > bands["850"] > bands["1200"] > bands["100000"] == 0, str(bands))
    wide, folded = (run("export", str(recording), "--format", "svg", "--width", width, "-o", "-").stdout for width in ("100000", "850"))
    marks = [re.findall(rb'<text [^>]*class="f\d+ b"[^>]*>[^<]*</text>', drawing) for drawing in (wide, folded)]
    check("the same marks, folded or not", [len(marks[0])] == [len(marks[1])] and len(marks[0]) > 40, str([len(part) for part in marks]))
    page = run("export", str(recording), "--format", "html", "-o", "-").stdout
    check("in a page, that scrolls, nothing is folded", b"clipPath" not in page)


# ---- every lesson in every format ----

def check_lesson(folder, lesson):
    recording = folder / f"{lesson}.lockstep"
    printed = run("run", lesson, "--step", "--seed", "3", "--json", "--record", str(recording))
    if not check(f"{lesson}: recorded", recording.exists(), printed.stderr.decode()):
        return
    files = {}
    for name, extension in FORMATS.items():
        done = run("export", str(recording), "--format", name)
        files[name] = recording.with_suffix(extension)
        check(f"{lesson}: {name}", done.returncode == 0 and done.stdout == b"" and done.stderr == b"", done.stderr.decode())
        check(f"{lesson}: {name} is where it belongs", files[name].exists())
    check(f"{lesson}: json is what the run printed", files["json"].read_bytes() == printed.stdout)
    rows = list(csv.DictReader(files["csv"].open(newline="")))
    events = [entry for entry in map(json.loads, printed.stdout.decode().splitlines()) if entry["type"] in ("event", "output")]
    check(f"{lesson}: a row an event", [(row["op"], row["text"].removeprefix("'")) for row in rows] ==
          [(event.get("op", ""), event.get("text", "")) for event in events])
    check_drawing(f"{lesson}: drawing", files["svg"].read_text(), 850)
    check(f"{lesson}: the page loads nothing", not re.search(r'(src|href)=|url\(|https?://(?!www\.w3\.org/2000/svg)', files["html"].read_text()
                                                             .split('<script type="application/json"')[0]))
    check_trace(f"{lesson}: trace", files["chrome"])
    check_cast(f"{lesson}: cast", files["cast"], 2)
    status, shown = play(files["cast"])
    check(f"{lesson}: asciinema plays it", status == 0 and shown > 1000, f"status {status}, {shown} bytes")


def check_text(folder):
    recording = folder / "text.lockstep"
    printed = run("run", "ping-pong-queue", "--step", "--seed", "3", "--text", "--record", str(recording)).stdout
    done = run("export", str(recording), "--format", "text", "-o", "-")
    check("text is what the run printed", done.stdout == printed and printed != b"")


# ---- traces and tables of what is known ----

def check_contents(folder):
    recording = folder / "bank.lockstep"
    run("run", "bank-race", "--schedule", "seed=7,0x2,1,2,1,2", "--json", "--set", "rounds=1", "--record", str(recording))
    run("export", str(recording), "--format", "chrome", "-o", str(folder / "bank.trace"))
    trace = check_trace("bank-race", folder / "bank.trace")["traceEvents"]
    counted = [event["args"]["value"] for event in trace if event["ph"] == "C" and event["name"] == "balance"]
    check("the balance is counted, up to the end", counted == [200, 201, 199, 199], str(counted))
    lost = [event for event in trace if event["ph"] == "X" and event["name"] == "value.write balance"]
    check("writes are told in words", "199" in lost[1]["args"]["what"] and lost[1]["args"]["file"] == "lesson.c", str(lost))
    run("export", str(recording), "--format", "cast", "-o", str(folder / "bank.cast"))
    markers = [data for _, code, data in read_cast(folder / "bank.cast")[1] if code == "m"]
    check("the lost update has a marker", len(markers) == 2 and "loses an update of balance" in markers[0] and "199" in markers[1], str(markers))

    locked = folder / "locked.lockstep"
    run("run", "bank-race", "--step", "--seed", "3", "--set", "lock=on", "--json", "--record", str(locked))
    run("export", str(locked), "--format", "chrome", "-o", str(folder / "locked.trace"))
    trace = check_trace("bank-race with its lock", folder / "locked.trace")["traceEvents"]
    held = [event["name"] for event in trace if event["ph"] == "B" and event.get("cat") == "held"]
    check("who holds the lock", set(held) == {"deposit", "withdraw"} and len(held) == 4, str(held))
    wake_ups = [flow for flow in check_readers("bank-race with its lock", {"traceEvents": trace}) if flow[0] == "wake-up"]
    check("who is woken has an arrow", wake_ups and set(wake_ups) == {("wake-up", "lock.release lock", "lock.acquire lock")}, str(wake_ups))

    queue = folder / "queue.lockstep"
    run("run", "queue-results", "--step", "--seed", "3", "--json", "--record", str(queue))
    run("export", str(queue), "--format", "chrome", "-o", str(folder / "queue.trace"))
    trace = check_trace("queue-results", folder / "queue.trace")["traceEvents"]
    messages = sum(1 for event in trace if event["ph"] == "s" and event["cat"] == "message")
    got = sum(1 for event in trace if event["ph"] == "X" and event["name"].startswith("queue.get ") and "nothing" not in event["args"]["what"])
    check("every message that arrives has its arrow", messages == got > 0, f"{messages} of {got}")

    free = folder / "free.lockstep"
    run("run", "queue-results", "--speed", "20", "--json", "--record", str(free))
    run("export", str(free), "--format", "chrome", "-o", str(folder / "free.trace"))
    trace = check_trace("a free run", folder / "free.trace")["traceEvents"]
    starts = sum(1 for event in trace if event["ph"] == "s" and event["cat"] == "start")
    begun = sum(1 for event in trace if event["ph"] == "X" and event["name"].split()[0] in ("process.begin", "thread.begin")) - 1
    check("everybody who begins, but for the first, has an arrow", starts == begun > 0, f"{starts} of {begun}")


def check_moments(folder):
    recording = folder / "bank.lockstep"
    shown = {}
    for moment in ("0", "step=3", "event=5", "0s", "end"):
        done = run("export", str(recording), "--format", "svg", "--at", moment, "--size", "80x24", "-o", "-")
        check(f"--at {moment}", done.returncode == 0, done.stderr.decode())
        xml.etree.ElementTree.fromstring(done.stdout)
        shown[moment] = done.stdout
    check("moments differ", len(set(shown.values())) >= 4)
    light, dark, both = (run("export", str(recording), "--format", "svg", "--theme", theme, "-o", "-").stdout.decode()
                         for theme in ("light", "dark", "auto"))
    check("themes", "@media" not in light + dark and "@media (prefers-color-scheme:dark)" in both and light != dark)
    text = run("export", str(recording), "--format", "svg", "--at", "end", "--ascii", "-o", "-").stdout.decode()
    check("--ascii", re.sub(r"<style>.*?</style>", "", text, flags=re.S).isascii())


def check_page(folder):
    recording = folder / "bank.lockstep"
    page = run("export", str(recording), "--format", "html", "-o", "-").stdout.decode()
    run_of = json.loads(page.split('<script type="application/json" id="frames">')[1].split("</script>")[0])
    steps = len(run_of["frames"]) - 1
    labels = [frame["label"] for frame in run_of["frames"]]
    check("a frame a step, and each says which", labels == [f"step {step} of {steps}" for step in range(steps + 1)] and steps > 5, str(labels))
    check("the cursor goes on", all(a["x"] <= b["x"] for a, b in zip(run_of["frames"], run_of["frames"][1:])))
    ends = ["end of the recording" in json.dumps(frame["rows"]) for frame in run_of["frames"]]
    check("no frame says too early that it is the end", not any(ends))
    run("run", "pool-schedule", "--speed", "50", "--json", "--record", str(folder / "quiet.lockstep"))
    run("export", str(folder / "quiet.lockstep"), "--format", "html", "-o", str(folder / "quiet.html"))
    page = (folder / "quiet.html").read_text()
    run_of = json.loads(page.split('<script type="application/json" id="frames">')[1].split("</script>")[0])
    gaps = [b["x"] - a["x"] for a, b in zip(run_of["frames"], run_of["frames"][1:])]
    check("the cursor goes on while nothing happens", min(gaps) >= 0 and max(gaps) < 3 * sum(gaps) / len(gaps), f"{min(gaps)} to {max(gaps)}")
    check("buttons are dark in the dark", all(f":root{{color-scheme:{scheme}}}" in page for scheme in ("light", "dark")))


def check_version_3(folder):
    recording = folder / "bank.lockstep"
    casts = {}
    for version in (2, 3):
        path = folder / f"v{version}.cast"
        done = run("export", str(recording), "--format", "cast", "--cast-version", str(version), "-o", str(path))
        check(f"cast {version}", done.returncode == 0, done.stderr.decode())
        casts[version] = check_cast(f"cast {version}", path, version)
    check("both versions say the same", [(round(t, 6), c, d) for t, c, d in casts[2]] == [(round(t, 6), c, d) for t, c, d in casts[3]])
    before = len(casts[2])
    run("export", str(recording), "--format", "cast", "--pace", "8", "-o", str(folder / "fast.cast"))
    fast = read_cast(folder / "fast.cast")[1]
    check("--pace", fast[-1][0] < casts[2][-1][0] and len(fast) == before)


# ---- the verb ----

def refused(what, status, words, *arguments, **options):
    done = run("export", *arguments, **options)
    said = done.stderr.decode()
    check(what, done.returncode == status and all(word in said for word in words), f"status {done.returncode}: {said}")


def check_mistakes(folder):
    bank = str(folder / "bank.lockstep")
    (folder / "no").write_text("no recording\n")
    names = "cast, svg, html, chrome, csv, json, text"
    refused("no file", 2, ["needs a recording"], "--format", "svg")
    refused("no format", 2, ["--format"], bank)
    refused("a misspelt format", 2, ["did you mean 'chrome'", names], bank, "--format", "chrom")
    refused("a wrong format", 2, [names], bank, "--format", "quicktime")
    refused("two files", 2, ["one recording"], bank, bank, "--format", "svg")
    refused("an option that has no use", 2, ["csv", "--pace"], bank, "--format", "csv", "--pace", "2")
    refused("a wrong size", 2, ["--size", "columns x rows"], bank, "--format", "cast", "--size", "80")
    refused("a size that shows nothing", 2, ["--size", "60x20"], bank, "--format", "cast", "--size", "40x10")
    refused("a wrong width", 2, ["--width", "pixels"], bank, "--format", "svg", "--width", "12")
    refused("a width of a moment", 2, ["--at", "--width"], bank, "--format", "svg", "--width", "800", "--at", "end")
    refused("a wrong theme", 2, ["auto, light, dark"], bank, "--format", "svg", "--theme", "pink")
    refused("a wrong pace", 2, ["--pace"], bank, "--format", "cast", "--pace", "0")
    refused("a wrong version", 2, ["2, 3"], bank, "--format", "cast", "--cast-version", "4")
    refused("a moment behind the end", 2, ["behind the end"], bank, "--format", "svg", "--at", "5000")
    refused("a moment that is none", 2, ["no moment"], bank, "--format", "svg", "--at", "noon")
    refused("a recording over itself", 2, ["the recording itself"], bank, "--format", "svg", "-o", bank)
    refused("no recording", 1, ["none.lockstep"], str(folder / "none.lockstep"), "--format", "svg")
    refused("no recording, but a file", 1, ["no"], str(folder / "no"), "--format", "svg")
    refused("a folder that is not there", 1, ["cannot write", "No such file"], bank, "--format", "svg", "-o", str(folder / "a/b.svg"))
    refused("a folder as the file", 1, ["cannot write", "directory"], bank, "--format", "svg", "-o", str(folder))
    refused("a full device", 1, ["cannot write", "No space"], bank, "--format", "html", "-o", "/dev/full")


def check_damage(folder):
    whole = (folder / "bank.lockstep").read_bytes()
    cut = folder / "cut.lockstep"
    cut.write_bytes(whole[:-20])
    done = run("export", str(cut), "--format", "json", "-o", "-")
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    check("a recording that was cut", done.returncode == 0 and "cut" in done.stderr.decode() and lines[0]["type"] == "run" and
          lines[-1]["type"] == "event", done.stderr.decode())


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def limit_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def check_nothing_half(folder):
    big = folder / "big.lockstep"
    run("run", "thread-race", "--speed", "100", "--set", "rounds=1", "--json", "--record", str(big))
    out = folder / "out"
    out.mkdir()
    (out / "kept.html").write_text("what was there")
    refused("no room", 1, ["cannot write", "too large"], str(folder / "bank.lockstep"), "--format", "html", "-o", str(out / "kept.html"),
            preexec_fn=limit_files)
    check("no room leaves what was there", left_in(out) == ["kept.html"] and (out / "kept.html").read_text() == "what was there", str(left_in(out)))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        process = subprocess.Popen([LOCKSTEP, "export", str(big), "--format", "chrome", "-o", str(out / "big.json")], stderr=subprocess.PIPE)
        wait_for_work(out, process)
        process.send_signal(number)
        process.communicate(timeout=PATIENCE)
        check(f"interrupted by {number.name}", process.returncode == 128 + number and left_in(out) == ["kept.html"],
              f"status {process.returncode}, left: {left_in(out)}")
    process = subprocess.Popen([LOCKSTEP, "export", str(big), "--format", "chrome", "-o", str(out / "kept.html")])
    wait_for_work(out, process)
    process.kill()
    process.wait()
    check("killed, it leaves what was there, and nothing else", (out / "kept.html").read_text() == "what was there" and
          left_in(out) == ["kept.html"], str(left_in(out)))
    check_progress(big, folder / "told")


def writes(folder, process):
    """Into a file of that folder, which need not have a name."""
    descriptors = pathlib.Path(f"/proc/{process.pid}/fd")
    try:
        return any(os.readlink(fd).startswith(f"{folder}/") and fd.stat().st_size > 0 for fd in descriptors.iterdir() if
                   not os.readlink(fd).endswith(".lockstep"))
    except OSError:
        return False


def wait_for_work(folder, process):
    deadline = time.monotonic() + PATIENCE
    while not writes(folder, process) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.001)


def check_progress(big, folder):
    """On a terminal what takes long says how far it is; here a second passes while it is stopped."""
    folder.mkdir()
    terminal, line = pty.openpty()
    process = subprocess.Popen([LOCKSTEP, "export", str(big), "--format", "chrome", "-o", str(folder / "big.json")], stderr=line)
    os.close(line)
    wait_for_work(folder, process)
    process.send_signal(signal.SIGSTOP)
    time.sleep(1.1)
    process.send_signal(signal.SIGCONT)
    told = b""
    try:
        while part := os.read(terminal, 4096):
            told += part
    except OSError:
        pass
    check("progress is told, and gone at the end", process.wait() == 0 and re.search(rb"exporting +\d+ %", told) and
          told.endswith(b"\r" + b" " * 20 + b"\r"), repr(told[-80:]))
    os.close(terminal)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        all_lessons = lessons()
        check("there are lessons", len(all_lessons) > 30)
        for lesson in all_lessons:
            check_lesson(folder, lesson)
        for part in (check_text, check_contents, check_widths, check_moments, check_page, check_version_3, check_mistakes, check_damage, check_nothing_half):
            part(folder)
    print(f"{len(all_lessons)} lessons in {len(FORMATS)} formats")
    if failures:
        sys.exit("\n".join(failures[:20]))


main()
