#!/usr/bin/python3
"""Runs `proctor check` on a case and compares the ledger with what is expected.

    check_case.py PROCTOR CASE.md            compare with CASE.expected
    check_case.py PROCTOR CASE.md --write    write CASE.expected

An expected file has a line for each snippet, in order ("line class, reason"), and
under it one for each claim ("line rule state: what happened").
"""

import difflib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

STATES = {True: "holds", False: "contradicted", None: "unchecked"}


def describe(report):
    for snippet in report["snippets"]:
        reason = f", {snippet['reason']}" if snippet["reason"] else ""
        yield f"{snippet['line']} {snippet['class']}{reason}"
        for claim in snippet["claims"]:
            actual = f": {claim['actual']!r}" if claim["holds"] is False else ""
            yield f"    {claim['line']} {claim['rule']} {STATES[claim['holds']]}{actual}"


def main():
    proctor, case = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="proctor-case-") as cache:
        run = subprocess.run(
            [proctor, "check", "--json", "-", case.name],
            cwd=case.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "XDG_CACHE_HOME": cache},
        )
    try:
        report = json.loads(run.stdout)
    except ValueError:
        sys.exit(f"no report, exit code {run.returncode}:\n{run.stdout}{run.stderr}")
    lines = [*describe(report), f"exit code {run.returncode}"]
    expected = case.with_suffix(".expected")
    if "--write" in sys.argv[3:]:
        expected.write_text("\n".join(lines) + "\n")
        return
    wanted = expected.read_text().splitlines()
    if lines != wanted:
        difference = difflib.unified_diff(wanted, lines, expected.name, "this run", lineterm="")
        sys.exit("\n".join(difference))


main()
