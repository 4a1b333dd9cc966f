"""ci/for-banks: what maintainers of a bank copy is what the services document, and each line in it
that starts proctor does what it says."""

import json
import os
import re
import shutil
import subprocess
import sys

from gitted import Gitted
from support import PROCTOR, SOURCE, block, main

try:
    import yaml
except ImportError:
    print("skipped: python3-yaml is not installed")
    sys.exit(77)

FOLDER = os.path.join(SOURCE, "ci", "for-banks")
HOOK = os.path.join(FOLDER, "pre-commit")

# What a workflow may say, as GitHub documents it: the part of it that is used.
TOP = {"name", "on", "permissions", "concurrency", "env", "jobs"}
JOB = {"if", "needs", "runs-on", "strategy", "env", "steps", "outputs"}
STEP = {"name", "id", "if", "uses", "run", "with", "env", "continue-on-error"}
RUNNERS = {"ubuntu-24.04", "ubuntu-22.04", "ubuntu-latest"}
ACTIONS = {
    "actions/checkout@v4": {"fetch-depth"},
    "actions/cache@v4": {"path", "key", "restore-keys"},
    "actions/cache/restore@v4": {"path", "key", "restore-keys"},
    "actions/cache/save@v4": {"path", "key"},
    "actions/upload-artifact@v4": {"name", "path", "if-no-files-found", "include-hidden-files"},
    "actions/download-artifact@v4": {"name", "pattern", "path", "merge-multiple"},
    "github/codeql-action/upload-sarif@v3": {"sarif_file", "category"},
}
CACHE_OUTPUTS = {"cache-hit", "cache-primary-key", "cache-matched-key"}
# And a job of GitLab's.
GITLAB_JOB = {"extends", "image", "variables", "before_script", "script", "rules", "cache",
              "artifacts"}
GITLAB_REPORTS = {"junit", "codequality", "sast", "dotenv"}


def load(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return yaml.safe_load(file)


def read(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return file.read()


class Repository(Gitted):
    """A bank in a repository, with a main branch and one that edits it."""

    GOOD = "# Notes\n\n" + block("print(1)  # 1") + block("print(2)  # 2")

    def setUp(self):
        super().setUp()
        bin_folder = os.path.join(self.cache, "bin")
        os.mkdir(bin_folder)
        os.symlink(PROCTOR, os.path.join(bin_folder, "proctor"))
        self.environment["PATH"] = bin_folder + os.pathsep + self.environment["PATH"]
        self.write("docs/notes.md", self.GOOD)
        self.commit("one")

    def shell(self, line, shell=("bash", "-e", "-o", "pipefail", "-c"), code=0, **environment):
        result = subprocess.run([*shell, line], cwd=self.folder, capture_output=True, text=True,
                                env={**self.environment, "CI": "true", **environment})
        self.assertEqual(result.returncode, code, result)
        return result


class Workflow(Repository):
    def setUp(self):
        super().setUp()
        self.workflow = load("github-workflow.yml")

    def steps(self, job):
        return self.workflow["jobs"][job]["steps"]

    def lines(self, job):
        return [step["run"] for step in self.steps(job)
                if step.get("run", "").startswith("proctor ")]

    def test_it_is_a_workflow(self):
        # YAML 1.1 reads "on" as a truth.
        keys = {"on" if key is True else key for key in self.workflow}
        self.assertLessEqual(keys, TOP)
        self.assertLessEqual({"on", "jobs"}, keys)
        for name, job in self.workflow["jobs"].items():
            self.assertRegex(name, r"^[A-Za-z_][\w-]*$")
            self.assertLessEqual(set(job), JOB)
            self.assertIn(job["runs-on"], RUNNERS)
            needs = job.get("needs", [])
            self.assertLessEqual({needs} if isinstance(needs, str) else set(needs),
                                 set(self.workflow["jobs"]))
            for step in job["steps"]:
                self.assertLessEqual(set(step), STEP)
                self.assertEqual(("uses" in step) + ("run" in step), 1, step)
                if "uses" in step:
                    self.assertLessEqual(set(step.get("with", {})), ACTIONS[step["uses"]])

    def test_one_line_is_to_be_changed(self):
        for name in ("github-workflow.yml", "gitlab-job.yml", "pre-commit"):
            self.assertEqual(read(name).count("the line to change"), 1)

    def test_expressions_name_what_is_there(self):
        text = read("github-workflow.yml")
        known = (r"github\.(ref|run_id|event_name)|matrix\.shard|needs\.\w+\.(result|outputs\.\w+)|"
                 r"steps\.results\.outputs\.[\w-]+")
        for expression in re.findall(r"\$\{\{(.*?)\}\}", text):
            for name in re.findall(r"\b(?:github|matrix|needs|steps|env|secrets)\.[\w.-]+",
                                   expression):
                self.assertRegex(name, f"^({known})$")
        for output in re.findall(r"outputs\.(cache[\w-]+)", text):
            self.assertIn(output, CACHE_OUTPUTS)

    def test_the_history_is_fetched_where_it_is_looked_at(self):
        checkout = next(step for step in self.steps("changed") if "checkout" in step.get("uses", ""))
        self.assertEqual(checkout["with"]["fetch-depth"], 0)

    def test_as_many_parts_as_are_joined(self):
        shards = self.workflow["jobs"]["part"]["strategy"]["matrix"]["shard"]
        (check,), (merge,) = self.lines("part"), self.lines("whole")
        self.assertIn(f'"$SHARD/{len(shards)}"', check)
        self.assertEqual(re.findall(r"shards/shard-(\d)/shard-\1\.json", merge),
                         [str(shard) for shard in shards])
        self.assertEqual(merge.count("--kept"), len(shards))

    def test_how_proctor_is_installed(self):
        for job in ("changed", "part", "whole"):
            (install,) = [step["run"] for step in self.steps(job)
                          if step.get("name") == "Install proctor"]
            for script in re.findall(r"source/(ci/\w+)", install):
                self.assertTrue(os.access(os.path.join(SOURCE, script), os.X_OK), script)
            self.assertIn('/build/bin" >> "$GITHUB_PATH"', install)

    def test_a_pull_request(self):
        # As the service does: a clone, with the base branch as a remote one.
        self.git("checkout", "-qb", "topic")
        self.git("update-ref", "refs/remotes/origin/main", "main")
        self.write("docs/notes.md", self.GOOD.replace("print(2)  # 2", "print(2)  # 3"))
        self.commit("two")
        check, diff = self.lines("changed")
        summary = self.path("summary.md")
        environment = {"GITHUB_BASE_REF": "main", "GITHUB_STEP_SUMMARY": summary,
                       "GITHUB_ACTIONS": "true"}
        result = self.shell(check, code=1, **environment)
        self.assertIn("::error file=docs/notes.md,line=8", result.stdout)
        self.assertIn("1 of 2 blocks changed since origin/main", result.stdout)
        with open(self.path("proctor.sarif"), encoding="utf-8") as file:
            self.assertEqual(len(json.load(file)["runs"][0]["results"]), 1)
        self.assertTrue(os.path.exists(self.path("proctor.xml")))
        self.assertTrue(os.path.exists(self.path(".proctor/results.sqlite")))
        self.shell(diff, code=1, **environment)
        with open(summary, encoding="utf-8") as file:
            self.assertIn("notes", file.read())

    def test_an_edit_of_prose(self):
        self.git("checkout", "-qb", "topic")
        self.git("update-ref", "refs/remotes/origin/main", "main")
        self.write("docs/notes.md", self.GOOD + "Prose.\n")
        self.commit("two")
        result = self.shell(self.lines("changed")[0], GITHUB_BASE_REF="main")
        self.assertIn("nothing to run", result.stdout)

    def test_the_whole_bank_in_parts(self):
        self.write("docs/more.md", *[f"## {number}. Question\n\n" + block(
            f"print({number})  # {number}") for number in range(1, 9)])
        (check,), (merge,) = self.lines("part"), self.lines("whole")
        for _ in range(2):
            for shard in self.workflow["jobs"]["part"]["strategy"]["matrix"]["shard"]:
                # Each on a machine of its own, with what was kept by all of the time before.
                kept = self.path(".proctor/results.sqlite")
                before = self.path("before.sqlite")
                if os.path.exists(kept) and not os.path.exists(before):
                    shutil.copy(kept, before)
                self.shell(check, SHARD=str(shard))
                folder = self.path(f"shards/shard-{shard}")
                os.makedirs(os.path.join(folder, ".proctor"), exist_ok=True)
                shutil.move(self.path(f"shard-{shard}.json"), os.path.join(folder, f"shard-{shard}.json"))
                shutil.move(kept, os.path.join(folder, ".proctor/results.sqlite"))
                if os.path.exists(before):
                    shutil.copy(before, kept)
            result = self.shell(merge)
            self.assertIn("10 blocks: 10 verified", result.stdout)
        # What the parts have kept is known to all, now.
        result = self.shell("proctor check --results .proctor/results.sqlite docs")
        self.assertIn("nothing was run", result.stdout)


class Job(Repository):
    def setUp(self):
        super().setUp()
        self.jobs = load("gitlab-job.yml")

    def test_it_is_what_gitlab_documents(self):
        for name, job in self.jobs.items():
            if name == "variables":
                continue
            self.assertLessEqual(set(job), GITLAB_JOB, name)
            self.assertLessEqual(set(job.get("artifacts", {})), {"when", "paths", "reports"})
            self.assertLessEqual(set(job.get("artifacts", {}).get("reports", {})), GITLAB_REPORTS)
            self.assertLessEqual(set(job.get("cache", {})), {"key", "when", "paths"})
            self.assertIn(job.get("extends", ".proctor"), self.jobs)
            for rule in job.get("rules", []):
                self.assertLessEqual(set(rule), {"if", "when"})
            if not name.startswith("."):
                self.assertTrue(job["script"])
        self.assertEqual(self.jobs[".proctor"]["variables"]["GIT_DEPTH"], 0)

    def test_reports_are_where_they_are_looked_for(self):
        reports = self.jobs[".proctor"]["artifacts"]["reports"]
        for job in ("proctor-changed", "proctor-whole"):
            text = "\n".join(self.jobs[job]["script"])
            self.assertIn(f"--junit {reports['junit']}", text)
            self.assertIn(f"--gitlab {reports['codequality']}", text)

    def test_a_merge_request(self):
        base = self.git("rev-parse", "HEAD")
        self.write("docs/notes.md", self.GOOD.replace("print(2)  # 2", "print(2)  # 3"))
        self.commit("two")
        diff, check = self.jobs["proctor-changed"]["script"]
        environment = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "GITLAB_CI": "true"}
        self.shell(diff, **environment)
        with open(self.path("proctor.md"), encoding="utf-8") as file:
            self.assertIn("notes", file.read())
        self.shell(check, code=1, **environment)
        with open(self.path("proctor.quality.json"), encoding="utf-8") as file:
            (issue,) = json.load(file)
        self.assertEqual(issue["location"]["path"], "docs/notes.md")
        self.assertTrue(os.path.exists(self.path("proctor.xml")))

    def test_the_default_branch(self):
        for line in self.jobs["proctor-whole"]["script"]:
            self.shell(line)
        for name in ("proctor.xml", "proctor.quality.json", "proctor.html"):
            self.assertTrue(os.path.exists(self.path(name)), name)

    def test_how_proctor_is_installed(self):
        lines = self.jobs[".proctor"]["before_script"]
        for script in re.findall(r"/opt/proctor/(ci/\w+)", "\n".join(lines)):
            self.assertTrue(os.access(os.path.join(SOURCE, script), os.X_OK), script)
        self.assertIn("/opt/proctor/build/bin:", lines[-1])


class Hook(Repository):
    BAD = Repository.GOOD.replace("print(2)  # 2", "print(2)  # 3")

    def setUp(self):
        super().setUp()
        hook = self.path(".git/hooks/pre-commit")
        os.makedirs(os.path.dirname(hook), exist_ok=True)
        shutil.copy(HOOK, hook)
        os.chmod(hook, 0o755)
        self.hook = hook

    def test_what_is_not_true_is_refused(self):
        self.write("docs/notes.md", self.BAD)
        self.git("add", "docs")
        result = self.run_git("commit", "-qm", "two", code=1)
        self.assertIn("docs/notes.md:8: false: says '3', printed 2", result.stderr)
        self.assertIn("--no-verify", result.stderr)
        self.git("commit", "-q", "--no-verify", "-m", "two")

    def test_prose_passes(self):
        self.write("docs/notes.md", self.GOOD + "Prose.\n")
        self.git("add", "docs")
        self.assertIn("nothing to run", self.run_git("commit", "-m", "two").stderr)

    def test_what_is_true_passes(self):
        self.write("docs/notes.md", self.GOOD + block("print(3)  # 3"))
        self.git("add", "docs")
        self.assertIn("1 of 3 blocks", self.run_git("commit", "-m", "two").stderr)

    def test_only_what_is_staged_counts(self):
        self.write("docs/notes.md", self.GOOD + block("print(3)  # 3"))
        self.git("add", "docs")
        self.write("docs/notes.md", self.BAD)
        self.git("commit", "-qm", "two")
        self.write("docs/notes.md", self.BAD)
        self.git("add", "docs")
        self.write("docs/notes.md", self.GOOD)
        self.run_git("commit", "-qm", "three", code=1)

    def test_all_at_once_and_single_files(self):
        self.write("docs/other.md", self.GOOD)
        self.commit("other")
        self.write("docs/notes.md", self.BAD)
        self.run_git("commit", "-qam", "two", code=1)
        self.write("docs/other.md", self.GOOD + block("print(3)  # 3"))
        self.run_git("commit", "-qm", "three", "docs/notes.md", code=1)
        self.git("commit", "-qm", "three", "docs/other.md")

    def test_the_first_commit(self):
        self.git("checkout", "-q", "--orphan", "fresh")
        self.write("docs/notes.md", self.BAD)
        self.git("add", "docs")
        self.assertIn("false", self.run_git("commit", "-qm", "first", code=1).stderr)
        self.write("docs/notes.md", self.GOOD)
        self.git("add", "docs")
        self.git("commit", "-qm", "first")

    def test_in_a_further_work_tree_and_from_a_folder_below(self):
        tree = os.path.join(self.cache, "tree")
        self.git("worktree", "add", "-q", tree)
        with open(os.path.join(tree, "docs/notes.md"), "w", encoding="utf-8") as file:
            file.write(self.BAD)
        self.git("add", "notes.md", cwd=os.path.join(tree, "docs"))
        self.run_git("commit", "-qm", "two", code=1, cwd=os.path.join(tree, "docs"))
        self.git("commit", "-qm", "none", "--allow-empty")

    def test_the_first_one_without_documents(self):
        self.write("code.c", "int x;\n")
        self.git("rm", "-q", "docs/notes.md")
        self.git("add", "code.c")
        self.git("commit", "-qm", "two")

    def test_without_proctor(self):
        self.environment["PATH"] = os.pathsep.join(
            folder for folder in self.environment["PATH"].split(os.pathsep)
            if not os.path.exists(os.path.join(folder, "proctor")))
        self.write("docs/notes.md", self.BAD)
        self.git("add", "docs")
        result = self.run_git("commit", "-qm", "two", code=1)
        self.assertIn("proctor is not installed", result.stderr)

    def test_it_is_a_portable_script(self):
        self.assertTrue(read("pre-commit").startswith("#!/bin/sh\n"))
        self.assertTrue(os.access(HOOK, os.X_OK))


if __name__ == "__main__":
    main()
