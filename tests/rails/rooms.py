"""Rooms depend one way: what a file of harness/ includes, and what CMake links
it with, is what the table in harness/ARCHITECTURE.md allows."""

import os
import re
import shutil
import tempfile
import unittest

SOURCE = os.environ.get("PROCTOR_SOURCE") or os.path.join(os.path.dirname(__file__), "..", "..")

# How the headers of each library of the table begin.
LIBRARIES = {
    "GLib": ("glib.h", "glib/", "glib-object.h", "gmodule.h", "glib-unix.h"),
    "GIO": ("gio/",),
    "cmark": ("cmark",),
    "json-glib": ("json-glib/",),
    "libgit2": ("git2",),
    "SQLite": ("sqlite3",),
    "yaml": ("yaml.h",),
    "libseccomp": ("seccomp.h",),
    "CPython": (
        "Python.h", "structmember.h", "frameobject.h", "pythread.h", "datetime.h",
        "cpython/", "internal/", "pycore_",
    ),
}
ROW = re.compile(r"^\| `(\w+)/` \|")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def table(root):
    """{room: (rooms it may use, libraries it may use)}, from the document."""
    rooms = {}
    for line in read(root, "harness", "ARCHITECTURE.md").splitlines():
        if not ROW.match(line):
            continue
        name, _, uses, libraries = [cell.strip() for cell in line.strip("|").split("|")]
        rooms[name.strip("`/")] = (
            set(re.findall(r"`(\w+)/`", uses)),
            set(re.findall("|".join(map(re.escape, LIBRARIES)), libraries)),
        )
    return rooms


def library_of(header):
    for library, beginnings in LIBRARIES.items():
        if header.startswith(beginnings):
            return library
    return None


def include_faults(root):
    rooms = table(root)
    harness = os.path.join(root, "harness")
    for folder, _, files in os.walk(harness):
        room = os.path.relpath(folder, harness).split(os.sep)[0]
        for name in sorted(files):
            if not name.endswith((".c", ".h")):
                continue
            path = os.path.join(folder, name)
            where = os.path.relpath(path, root)
            if room == ".":
                uses, libraries = {"cli"}, {"GLib"}  # main.c
            elif room in rooms:
                uses, libraries = rooms[room]
            else:
                yield f"{where}: harness/ARCHITECTURE.md does not list the room {room}/"
                continue
            for quote, header in INCLUDE.findall(read(path)):
                if ".." in header.split("/"):
                    yield f'{where}: includes "{header}", which leaves its room by a back door'
                elif quote == '"':
                    used = header.split("/")[0]
                    if "/" not in header:
                        yield f'{where}: includes "{header}": write "room/file.h"'
                    elif used != room and used not in uses:
                        yield f"{where}: {room}/ may not use {used}/ ({header})"
                else:
                    library = library_of(header)
                    if library is not None and library not in libraries:
                        yield f"{where}: {room}/ may not use {library} ({header})"


def link_faults(root):
    rooms = table(root)
    for room, (uses, _) in rooms.items():
        text = read(root, "harness", room, "CMakeLists.txt")
        listed = re.search(rf"proctor_room\({room}\b([^)]*)\)", text)
        if listed:
            section = re.search(r"\bUSES\b([^A-Z)]*)", listed.group(1))
            linked = set(section.group(1).split()) if section else set()
        else:
            linked = set(re.findall(r"\bProctor::(\w+)", text))
        if linked != uses:
            yield (f"harness/{room}/CMakeLists.txt: links {sorted(linked)}, "
                   f"harness/ARCHITECTURE.md says {sorted(uses)}")


def order_faults(root):
    """A room that can reach itself through others."""
    rooms = table(root)

    def reached(room, seen):
        for used in rooms.get(room, (set(), set()))[0]:
            if used not in seen:
                seen.add(used)
                reached(used, seen)
        return seen

    return [f"{room}/ uses itself through others" for room in rooms if room in reached(room, set())]


class Rooms(unittest.TestCase):
    def test_the_table_lists_every_room(self):
        folders = {entry.name for entry in os.scandir(os.path.join(SOURCE, "harness"))
                   if entry.is_dir() and entry.name != "cmake"}
        self.assertEqual(set(table(SOURCE)), folders)

    def test_includes_stay_in_their_rooms(self):
        self.assertEqual(list(include_faults(SOURCE)), [])

    def test_cmake_links_what_the_table_says(self):
        self.assertEqual(list(link_faults(SOURCE)), [])

    def test_rooms_depend_one_way(self):
        self.assertEqual(order_faults(SOURCE), [])


class PlantedFaults(unittest.TestCase):
    """The checks above see what they are there to see."""

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="proctor-rooms-")
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(os.path.join(SOURCE, "harness"), os.path.join(self.root, "harness"))
        self.before = {*include_faults(self.root), *link_faults(self.root)}

    def plant(self, room, name, text):
        with open(os.path.join(self.root, "harness", room, name), "a", encoding="utf-8") as file:
            file.write(text)

    def assertOneFault(self, faults, words):
        faults = [fault for fault in faults if fault not in self.before]
        self.assertEqual(len(faults), 1, faults)
        self.assertIn(words, faults[0])

    def test_an_include_of_a_room_out_of_bounds(self):
        self.plant("judge", "judge.c", '#include "run/runner.h"\n')
        self.assertOneFault(include_faults(self.root), "judge/ may not use run/")

    def test_an_include_by_a_back_door(self):
        self.plant("model", "claim.h", '  #  include "../bank/bank.h"\n')
        self.assertOneFault(include_faults(self.root), "back door")

    def test_an_include_without_its_room(self):
        self.plant("bank", "bank.c", '#include "bank.h"\n')
        self.assertOneFault(include_faults(self.root), 'write "room/file.h"')

    def test_python_outside_the_worker(self):
        self.plant("run", "runner.c", "#include <Python.h>\n")
        self.assertOneFault(include_faults(self.root), "run/ may not use CPython")

    def test_glib_in_the_wire(self):
        self.plant("wire", "wire.h", "#include <glib.h>\n")
        self.assertOneFault(include_faults(self.root), "wire/ may not use GLib")

    def test_glib_in_the_worker(self):
        self.plant("worker", "main.c", "#include <gio/gio.h>\n")
        self.assertOneFault(include_faults(self.root), "worker/ may not use GIO")

    def test_markdown_outside_its_room(self):
        self.plant("judge", "judge.c", "#include <cmark.h>\n")
        self.assertOneFault(include_faults(self.root), "judge/ may not use cmark")

    def test_json_outside_its_room(self):
        self.plant("run", "exam.h", "#include <json-glib/json-glib.h>\n")
        self.assertOneFault(include_faults(self.root), "run/ may not use json-glib")

    def test_a_room_that_the_table_does_not_know(self):
        os.mkdir(os.path.join(self.root, "harness", "attic"))
        self.plant("attic", "attic.c", "int attic;\n")
        self.assertOneFault(include_faults(self.root), "does not list the room attic/")

    def test_a_link_that_the_table_does_not_know(self):
        path = os.path.join(self.root, "harness", "judge", "CMakeLists.txt")
        text = read(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("USES model", "USES model run"))
        self.assertOneFault(link_faults(self.root), "judge")

    def test_a_circle(self):
        path = os.path.join(self.root, "harness", "ARCHITECTURE.md")
        text = re.sub(r"(?m)^(\| `model/` \|[^|]*\|)[^|]*\|", r"\1 `bank/` |", read(path))
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.assertIn("model/ uses itself through others", order_faults(self.root))


if __name__ == "__main__":
    unittest.main(verbosity=2)
