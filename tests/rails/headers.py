"""Every header compiles alone, and twice."""

import os
import shlex
import subprocess
import unittest

SOURCE = os.environ["PROCTOR_SOURCE"]
HARNESS = os.path.join(SOURCE, "harness")
PYTHON = [f"-I{folder}" for folder in os.environ["PROCTOR_PYTHON_FOLDERS"].split()]
COMPILER = [os.environ.get("CC", "cc"), "-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
            "-fsyntax-only", "-x", "c", "-I", HARNESS]


def flags(*modules):
    output = subprocess.run(["pkg-config", "--cflags", *modules], check=True, capture_output=True,
                            text=True).stdout
    return shlex.split(output)


def headers():
    for folder, _, files in os.walk(HARNESS):
        for name in sorted(files):
            if name.endswith(".h"):
                yield os.path.relpath(os.path.join(folder, name), HARNESS)


class Headers(unittest.TestCase):
    def test_each_compiles_alone(self):
        supervisor = flags("gio-unix-2.0", "libcmark", "json-glib-1.0")
        count = 0
        for header in headers():
            # The worker's need a Python; wire's have to do without anything.
            room = header.split(os.sep)[0]
            if room == "worker":
                extra = PYTHON
            else:
                extra = [] if room == "wire" else supervisor
            with self.subTest(header=header):
                text = f'#include "{header}"\n#include "{header}"\n'
                result = subprocess.run([*COMPILER, *extra, "-"], input=text, text=True,
                                        capture_output=True, check=False)
                self.assertEqual(result.returncode, 0, result.stderr)
            count += 1
        self.assertGreater(count, 10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
