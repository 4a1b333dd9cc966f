"""The supervisor reaches no libpython; each worker reaches exactly its own."""

import os
import re
import subprocess
import unittest

BIN = os.path.join(os.environ["PROCTOR_BUILD"], "bin")
WORKERS = os.environ["PROCTOR_WORKERS"].split()


def libraries(program):
    """Names of all shared libraries that the loader brings in, however deep."""
    loaded = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return {line.split()[0].rsplit("/", 1)[-1] for line in loaded.splitlines() if line.strip()}


def named(names, beginning):
    return sorted(name for name in names if name.startswith(beginning))


class Binaries(unittest.TestCase):
    def test_supervisor(self):
        names = libraries(os.path.join(BIN, "proctor"))
        self.assertTrue(named(names, "libglib-2.0"), names)  # ldd saw something
        self.assertEqual(named(names, "libpython"), [])

    def test_there_is_a_worker_for_each_python(self):
        built = {name for name in os.listdir(BIN) if name.startswith("proctor-worker-")}
        self.assertLessEqual({f"proctor-worker-{version}" for version in WORKERS}, built)
        self.assertTrue(WORKERS)

    def test_workers(self):
        for version in WORKERS:
            with self.subTest(python=version):
                names = libraries(os.path.join(BIN, f"proctor-worker-{version}"))
                pythons = named(names, "libpython")
                self.assertEqual(len(pythons), 1, pythons)
                self.assertRegex(pythons[0], re.escape(f"libpython{version}") + r"t?\.so")
                for supervisors in ("libglib", "libgio", "libcmark", "libjson-glib"):
                    self.assertEqual(named(names, supervisors), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
