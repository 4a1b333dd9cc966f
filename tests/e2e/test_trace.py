"""--trace: who held the GIL, as files that Perfetto and chrome://tracing open."""

import json
import os

from support import Folder, block, main

THREADS = block("import threading", "def work(number):", "    total = 0",
                "    for step in range(200_000):", "        total += step",
                "    print('done', number)",
                "threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2)]",
                "for thread in threads:", "    thread.start()", "for thread in threads:",
                "    thread.join()")


class Trace(Folder):
    def events(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            trace = json.load(file)
        self.assertEqual(trace["displayTimeUnit"], "ms")
        return trace["traceEvents"]

    def look_at(self, events):
        """What every viewer needs: order, fields, and no thread that does two things."""
        threads = {event["tid"]: event["args"]["name"] for event in events
                   if event["name"] == "thread_name"}
        self.assertEqual([event["ts"] for event in events],
                         sorted(event["ts"] for event in events))
        ends = {}
        for event in events:
            self.assertEqual(event["pid"], 1)
            self.assertIn(event["ph"], "MXi")
            if event["ph"] == "X":
                self.assertIn(event["name"], ("holds the GIL", "waits for the GIL"))
                self.assertIn(event["tid"], threads)
                self.assertGreaterEqual(event["ts"] + 0.001, ends.get(event["tid"], 0))
                ends[event["tid"]] = event["ts"] + event["dur"]
        return threads

    def test_check(self):
        self.write("notes.md", "# 1. Threads\n\n", THREADS, block("print(1)  # 1"))
        report = self.check("--trace", "traces/gil", "notes.md", expect=0)
        self.assertEqual(os.listdir(self.path("traces/gil")), ["notes__1.1.json"])
        events = self.events("traces/gil/notes__1.1.json")
        threads = self.look_at(events)
        self.assertEqual(len(threads), 3)
        self.assertEqual(threads[0], "MainThread")
        writes = [event for event in events if event["ph"] == "i"]
        self.assertEqual({event["args"]["line"] for event in writes}, {9})
        self.assertEqual({event["tid"] for event in writes}, set(threads) - {0})

        one, other = report["snippets"]
        self.assertIsNone(other["gil"])
        held = {thread["name"]: thread["held_seconds"] for thread in one["gil"]["threads"]}
        self.assertEqual(set(held), set(threads.values()))
        self.assertTrue(all(seconds > 0 for seconds in held.values()), held)
        holds = sum(event["name"] == "holds the GIL" for event in events)
        self.assertGreaterEqual(holds, 3)
        self.assertLessEqual(holds, len(one["gil"]["timeline"]))

    def test_run(self):
        self.write("notes.md", THREADS)
        self.proctor("run", "--trace", "traces", "notes.md:2", expect=0)
        self.look_at(self.events("traces/notes__top.1.json"))

    def test_a_folder_that_cannot_be(self):
        self.write("notes.md", THREADS)
        self.write("file", "")
        result = self.proctor("check", "--trace", "file/traces", "notes.md", expect=2)
        self.assertIn("proctor: cannot make 'file/traces'", result.stderr)
        result = self.proctor("check", "--trace", "file", "notes.md", expect=2)
        self.assertIn("proctor: cannot make 'file'", result.stderr)


if __name__ == "__main__":
    main()
