#!/usr/bin/python3
"""Runs programs that can never go on, and programs that only seem so.

Each file of stuck/ gets stuck and must be found stuck, whatever its threads wait
for. Each file of alive/ waits, and must come to its end: to call one of them
stuck would accuse its author wrongly. How it ends is "finishes", unless its first
line says `# ends: ...`. A file whose first line is `# python: >=X.Y` is left out
on older Pythons.

All files of a folder become one document, and proctor runs it, several at once.
Programs in stuck/ call step() before anything that may be their last step; it
prints the time since the program's begin, from which --latency computes how
long after the last step a program was stopped and reaped.

Where the kernel does not show what threads wait for, nothing can be proven and
nothing is tested; where it does not give us descriptors of other processes,
event loops cannot be: the programs asyncio_* of stuck/ are left out.

  --latency     print the figures
  --load        keep every core busy meanwhile
  --repeat N    run everything N times
"""

import argparse
import collections
import ctypes
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PIDFD_GETFD = 438  # its number on every architecture
STUCK = re.compile(r"deadlocks|never ends: all its threads wait")
STEP = ("import time as _time; _begin = _time.monotonic(); "
        "step = lambda: print(f'{_time.monotonic() - _begin:.6f}', flush=True)\n")

Program = collections.namedtuple("Program", "name source ends")


def may_take_descriptors():
    """Whether pidfd_getfd is allowed; a container's rules may refuse it."""
    process = os.pidfd_open(os.getpid())
    copy = ctypes.CDLL(None).syscall(PIDFD_GETFD, process, 0, 0)
    os.close(process)
    if copy >= 0:
        os.close(copy)
    return copy >= 0


def read_programs(folder, version):
    programs = []
    leaves_out = "asyncio_" if folder == "stuck" and not may_take_descriptors() else "-"
    for name in sorted(os.listdir(os.path.join(HERE, folder))):
        if name.startswith(leaves_out):
            continue
        with open(os.path.join(HERE, folder, name), encoding="utf-8") as file:
            source = file.read()
        directive, text = re.match(r"(?:# (ends|python): (.*)\n)?", source).groups()
        if directive == "python" and version < tuple(map(int, text.lstrip(">=").split("."))):
            continue
        ends = text if directive == "ends" else "finishes"
        programs.append(Program(name.removesuffix(".py"), source, ends))
    return programs


def check(arguments, programs, prefix, jobs):
    """Each program with its entry in proctor's report."""
    with tempfile.TemporaryDirectory(prefix="proctor-deadlock-") as folder:
        document = os.path.join(folder, "programs.md")
        with open(document, "w", encoding="utf-8") as file:
            for program in programs:
                file.write(f"## {program.name}\n\n```python\n{prefix}{program.source}```\n\n")
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("PYTHON")}
        environment["XDG_CACHE_HOME"] = folder
        result = subprocess.run(
            [arguments.proctor, "check", "--json", "-", "-j", str(jobs), "--timeout", "20",
             "--python", arguments.python, document],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment, check=False)
    if result.returncode not in (0, 1):
        sys.exit(f"proctor ended with status {result.returncode}\n{result.stderr[-2000:]}")
    snippets = json.loads(result.stdout)["snippets"]
    if len(snippets) != len(programs):
        sys.exit(f"{len(programs)} programs, but {len(snippets)} in the report")
    return list(zip(programs, snippets))


def complain(program, snippet, expected):
    print(f"{program.name}: {snippet['outcome']}, expected: {expected}\n{snippet['stderr']}")


def check_stuck(arguments, version, latencies):
    failed = 0
    for program, snippet in check(arguments, read_programs("stuck", version), STEP, 1):
        steps = re.findall(r"^\d+\.\d+$", snippet["stdout"], re.MULTILINE)
        if not STUCK.match(snippet["outcome"]) or not steps:
            complain(program, snippet, "stuck")
            failed += 1
            continue
        latency = snippet["timing"]["wall"] - max(map(float, steps))
        latencies.append((latency * 1e3, program.name))
    return failed


def check_alive(arguments, version):
    failed = 0
    for program, snippet in check(arguments, read_programs("alive", version), "", 8):
        if snippet["outcome"] != program.ends:
            complain(program, snippet, program.ends)
            failed += 1
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proctor", required=True)
    parser.add_argument("--python", required=True, metavar="X.Y")
    parser.add_argument("--latency", action="store_true")
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--repeat", type=int, default=1, metavar="N")
    arguments = parser.parse_args()
    version = tuple(map(int, arguments.python.split(".")))
    if not os.path.exists("/proc/self/syscall"):
        print("skipped: /proc/PID/syscall is absent")
        return 0
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
            for _ in range(os.cpu_count() if arguments.load else 0)]
    failed, latencies = 0, []
    try:
        for _ in range(arguments.repeat):
            failed += check_stuck(arguments, version, latencies)
            failed += check_alive(arguments, version)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    if arguments.latency and latencies:
        times = sorted(latencies)
        print(f"{arguments.python}: {len(times)} found, from the last step to the end: median "
              f"{statistics.median(time for time, _ in times):.1f} ms, "
              f"most {times[-1][0]:.1f} ms ({times[-1][1]})")
    print(f"{len(read_programs('stuck', version))} stuck, {len(read_programs('alive', version))} "
          f"alive, {arguments.repeat} times: {failed} wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
