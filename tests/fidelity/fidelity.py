#!/usr/bin/python3
"""Compares proctor with `python3 file.py`, byte for byte.

Each script under scripts/ is run by the Python itself and by the program under
test, once with standard output and standard error in a pipe each and once with
both in the same pipe. Both streams and the exit status must be equal.

  self     the Python against itself, in the layout of each mode below: proves
           that a difference is not the script's or this driver's own
  file     `proctor run SCRIPT.py`: same folder, same path, same status
  snippet  `proctor run doc.md:LINE`, the script in a fence of a document.
           proctor calls it snippet.py in a private folder that is its current
           one; the reference is `python3 snippet.py` in a folder of its own.
           A death by signal N is the status 128+N, as in a shell.

What must differ is made equal in both before they are compared: addresses, the
pid in a warning about os.fork, and in the snippet mode the private folder.

A script whose first line is `# python: >=X.Y` is left out on older Pythons.
known-differences.txt lists the accepted differences with their reason. The
test fails on a difference that is not listed, and on a listed one that has
vanished.
"""

import argparse
import concurrent.futures
import difflib
import fnmatch
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = os.path.join(HERE, "scripts")
KNOWN = os.path.join(HERE, "known-differences.txt")
KNOWN_MOST = 2  # for the default Python
TIMEOUT = 60
# Settings of the caller that change what python3 does stay outside.
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": os.environ.get("HOME", "/"),
}


class Run:
    """What one process did."""

    def __init__(self, status, output, errors):
        self.status, self.output, self.errors = status, output, errors


def run(command, folder, merged):
    process = subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merged else subprocess.PIPE, start_new_session=True)
    try:
        output, errors = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, errors = process.communicate()
        errors = (errors or b"") + b"\n[still running after %d s, killed]\n" % TIMEOUT
    return Run(process.returncode, output, errors or b"")


def normalised(data, folder):
    """Addresses, the pid in a warning, and where it is given the folder."""
    data = re.sub(rb"0x[0-9a-f]{6,16}\b", b"0xADDRESS", data)
    data = re.sub(rb"\(pid=\d+\)", b"(pid=PID)", data)
    if folder is not None:
        data = data.replace(os.fsencode(folder) + b"/", b"FOLDER/")
        data = re.sub(rb"/[^\s\"':]*/(?=(snippet|fidelity_\w+)\.py)", b"FOLDER/", data)
    return data


def difference(name, expected, actual):
    """Lines that say how two byte strings differ, or none."""
    if expected == actual:
        return []
    left, right = ([ascii(line)[2:-1] for line in data.splitlines(keepends=True)]
                   for data in (expected, actual))
    lines = list(difflib.unified_diff(left, right, name + " of python3", name + " of proctor",
                                      n=1, lineterm=""))
    return [line[:300] for line in lines[:40]] + ["..."] * (len(lines) > 40)


def compare(expected, actual, shell_status, folders):
    wanted = expected.status
    if shell_status and wanted < 0:
        wanted = 128 - wanted
    lines = []
    if wanted != actual.status:
        lines.append("exit status %d, python3's is %d" % (actual.status, wanted))
    for name in ("output", "errors"):
        lines += difference(name, normalised(getattr(expected, name), folders[0]),
                            normalised(getattr(actual, name), folders[1]))
    return lines


def fresh(folder, name, text):
    """Empties the folder but for this file. Returns the file's path."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(text)
    return path


def document(script):
    """The script in a fence, and the line on which its code begins."""
    longest = max((len(ticks) for ticks in re.findall(rb"`+", script)), default=0)
    fence = b"`" * max(3, longest + 1)
    before = b"# Fidelity\n\n## 1. A script\n\n" + fence + b"python\n"
    return before + script + fence + b"\n", before.count(b"\n") + 1


class Suite:
    def __init__(self, options):
        self.options = options
        text = subprocess.run([options.python, "-c", "import sys; print(*sys.version_info[:2])"],
                              env=ENVIRONMENT, stdout=subprocess.PIPE, check=True).stdout
        self.version = tuple(map(int, text.split()))
        self.dotted = "%d.%d" % self.version

    def fits(self, script):
        marker = re.match(rb"# python: >=(\d+)\.(\d+)\n", script)
        return not marker or self.version >= (int(marker[1]), int(marker[2]))

    def compare_file(self, script, name, folder, merged, program):
        folder = os.path.join(folder, "file")
        # By its full path, and once by its name alone.
        path = name if merged else os.path.join(folder, name)
        fresh(folder, name, script)
        expected = run([self.options.python, path], folder, merged)
        fresh(folder, name, script)
        actual = run(program + [path], folder, merged)
        return compare(expected, actual, False, (None, None))

    def compare_snippet(self, script, folder, merged, program):
        here, there = os.path.join(folder, "reference"), os.path.join(folder, "other")
        fresh(here, "snippet.py", script)
        expected = run([self.options.python, "snippet.py"], here, merged)
        if program is None:
            fresh(there, "snippet.py", script)
            actual = run([self.options.python, "snippet.py"], there, merged)
        else:
            text, line = document(script)
            fresh(there, "doc.md", text)
            actual = run(program + ["doc.md:%d" % line], there, merged)
        return compare(expected, actual, program is not None, (here, there))

    def script(self, path):
        """Compares one script; returns the lines that say what differs."""
        with open(path, "rb") as file:
            script = file.read()
        name = os.path.basename(path)
        proctor = [self.options.proctor, "run", "--python", self.dotted]
        mode = self.options.mode
        lines = []
        with tempfile.TemporaryDirectory(prefix="fidelity-") as folder:
            for merged in (False, True):
                found = []
                if mode in ("self", "file"):
                    program = proctor if mode == "file" else [self.options.python]
                    found += self.compare_file(script, name, folder, merged, program)
                if mode in ("self", "snippet"):
                    program = proctor if mode == "snippet" else None
                    found += self.compare_snippet(script, folder, merged, program)
                if found:
                    lines += ["  one pipe:" if merged else "  two pipes:"]
                    lines += ["    " + line for line in found]
        return lines

    def known(self):
        """{script: reason} of the accepted differences of this mode and Python."""
        found = {}
        with open(KNOWN, encoding="utf-8") as file:
            for line in file:
                if not line.strip() or line.startswith("#"):
                    continue
                name, mode, version, reason = line.strip().split(None, 3)
                if mode == self.options.mode and version in ("*", self.dotted):
                    found[name] = reason
        return found

    def main(self):
        paths = []
        left_out = 0
        for name in sorted(os.listdir(SCRIPTS)):
            path = os.path.join(SCRIPTS, name)
            if not name.endswith(".py") or not fnmatch.fnmatch(name, self.options.only):
                continue
            with open(path, "rb") as file:
                if self.fits(file.read()):
                    paths.append(path)
                else:
                    left_out += 1
        known = self.known()
        failed = 0
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            for path, lines in zip(paths, pool.map(self.script, paths)):
                name = os.path.basename(path)[:-len(".py")]
                reason = known.pop(name, None)
                if lines and reason:
                    print("known: %s: %s" % (name, reason))
                elif lines:
                    failed += 1
                    print("%s differs" % name, *lines, sep="\n")
                elif reason:
                    failed += 1
                    print("%s is listed in known-differences.txt, but does not differ" % name)
                    known[name] = reason
                sys.stdout.flush()
        if self.options.only == "*":
            missing = sorted(set(known) - {os.path.basename(path)[:-3] for path in paths})
            for name in missing:
                failed += 1
                print("%s is listed in known-differences.txt, but was not run" % name)
            listed = len(self.known())
            if self.options.default and listed > KNOWN_MOST:
                failed += 1
                print("%d known differences are listed, %d are allowed" % (listed, KNOWN_MOST))
        print("%s, Python %s: %d scripts, %d left out, %d failed"
              % (self.options.mode, self.dotted, len(paths), left_out, failed))
        return 1 if failed or not paths else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("mode", choices=["self", "file", "snippet"])
    parser.add_argument("--python", required=True, help="the pythonX.Y that a worker embeds")
    parser.add_argument("--proctor", help="the program under test")
    parser.add_argument("--default", action="store_true", help="it is the default Python")
    parser.add_argument("--only", default="*", help="a pattern of script names")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if options.mode != "self" and not options.proctor:
        parser.error("--proctor is needed")
    # They are run from other folders.
    options.python = os.path.abspath(options.python)
    options.proctor = options.proctor and os.path.abspath(options.proctor)
    # Whoever started us, in the background perhaps, may have had signals ignored.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    # Crashes are part of the test; their core files are not.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    return Suite(options).main()


if __name__ == "__main__":
    sys.exit(main())
