"""A repository of several hundred commits, made of a bank that is written here, and what is true
of each commit.

The same every time: no clock, no chance but that of a generator with a fixed seed. The bank is
kept as a model (State); a commit is a change of it and the files that it then has. What each
commit knows of each snippet (Known) follows from the model alone, so that nothing that is
tested here is used to make the truth.

Scenes (scenes.py) plant what bisect has to find, each with a question of its own; between their
steps others edit, move, renumber, re-indent, rename and merge.
"""

import collections
import copy
import os
import random
import subprocess

from bank_model import (COMMON, Document, Line, Question, Snippet, State, edit, inputs, named,
                        style_change)

NOUNS = ("anchor basket candle dragon engine feather garden hammer island jacket kettle lantern "
         "meadow needle orchard parcel quarry ribbon saddle timber umbrella violin window yarrow "
         "zephyr").split()
AUTHORS = (("Ada Lind", "ada@example.org"), ("Bo Quist", "bo@example.org"),
           ("Cleo Marsh", "cleo@example.org"), ("Dan Ó Brien", "dan@example.org"))

# What bisect has to name: all of `culprits` (marks), for the snippet `key` seen from `end`.
Planted = collections.namedtuple("Planted", "name key end class_ culprits")


class Commit:
    def __init__(self, mark, parents, message, known, origins, is_prose):
        self.mark, self.parents, self.message = mark, parents, message
        self.known, self.origins = known, origins
        self.is_prose = is_prose  # nothing but prose was edited
        self.sha = None


class Maker:
    """Writes the history, and plants what is to be found in it."""

    def __init__(self, least=320, seed=5):
        self.random = random.Random(seed)
        self.least = least
        self.commits = {}  # mark: Commit
        self.planted = []
        self.stream = []
        self.words = 0
        self.sentences = 0
        self.branches = 0
        self.state = State()
        self.head = None
        self.branch = "main"
        self.trees = {}    # mark: files
        self.replay = None  # on a branch: what was done there, (mark, change)

    # --- the plumbing

    def commit(self, message, change, is_prose=False, merged=None):
        """Does change(state, mark) and commits what comes of it. Returns the mark."""
        mark = len(self.commits) + 1
        change(self.state, mark)
        if self.replay is not None:
            self.replay.append((mark, change))
        files = self.state.files()
        before = self.trees.get(self.head, {})
        parents = [parent for parent in (self.head, merged) if parent is not None]
        self.put(mark, message, parents, before, files)
        self.trees[mark] = files
        self.commits[mark] = Commit(mark, parents, message, self.state.known(),
                                    self.state.origins(), is_prose)
        self.head = mark
        return mark

    def put(self, mark, message, parents, before, files):
        name, mail = AUTHORS[mark % len(AUTHORS)]
        when = f"{name} <{mail}> {1700000000 + 3600 * mark} +0100"
        text = (message + "\n").encode()
        out = [f"commit refs/heads/{self.branch}\nmark :{mark}\nauthor {when}\n"
               f"committer {when}\ndata {len(text)}\n".encode(), text]
        out += [f"{word} :{parent}\n".encode()
                for word, parent in zip(("from", "merge"), parents)]
        out += [f"D {path}\n".encode() for path in before if path not in files]
        for path, content in files.items():
            if before.get(path) != content:
                data = content.encode()
                out += [f"M 100644 inline {path}\ndata {len(data)}\n".encode(), data, b"\n"]
        self.stream.append(b"".join(out) + b"\n")

    def on_branch(self, steps, meanwhile):
        """Does steps (name, change) on a branch, meanwhile() on the main one, and merges both.
        Returns the marks of the steps and of the merge."""
        assert self.replay is None
        main, base = copy.deepcopy(self.state), self.head
        self.branches += 1
        self.branch, self.replay = f"side-{self.branches}", []
        marks = [self.commit(message, change) for message, change in steps]
        replay, side = self.replay, self.head
        self.branch, self.replay = "main", None
        self.state, self.head = main, base
        meanwhile()

        def merge(state, _):
            for mark, change in replay:
                change(state, mark)

        return marks, self.commit(f"Merge branch 'side-{self.branches}'", merge, merged=side)

    # --- words

    def word(self):
        self.words += 1
        return f"{NOUNS[self.words % len(NOUNS)]}{self.words}"

    def sentence(self):
        self.sentences += 1
        picks = [self.random.choice(NOUNS) for _ in range(4)]
        return (f"The {picks[0]} beside the {picks[1]} tells the {picks[2]} how a {picks[3]} is "
                f"carried home, for the {self.sentences}th time.")

    def numbers(self):
        return [self.random.randint(2, 99) for _ in range(3)]

    # --- questions

    def new_snippet(self, kind, mark):
        word = self.word()
        return Snippet(word, kind, word, self.numbers(), mark)

    def new_question(self, kind, mark):
        snippet = self.new_snippet(kind, mark)
        return Question(f"What becomes of the {snippet.word}?", [self.sentence()], [snippet], mark)

    def add(self, kind, claimed=None, message=None):
        """A commit with a question of a scene, at some place. Returns its key and the mark."""
        question = self.new_question(kind, len(self.commits) + 1)
        snippet = question.snippets[0]
        if kind == "stock":
            snippet.claimed = str(self.state.amounts.get(snippet.word, 0) + snippet.numbers[0])
        if kind == "twice":
            snippet.numbers[2] = snippet.numbers[0] * snippet.numbers[1]
        if claimed is not None:
            snippet.claimed = claimed
        snippet.write(len(self.commits) + 1)
        place = self.random.randrange(len(self.loose()))
        index = self.random.randrange(3)

        def change(state, mark):
            self.loose(state)[place][1].insert(index, copy.deepcopy(question))

        return snippet.key, self.commit(message or f"Ask about the {snippet.word}", change)

    def loose(self, state=None):
        """Sections in which questions may come and go."""
        return [section for document in (state or self.state).documents
                if not document.is_pinned for section in document.sections]

    def edit(self, key, message, **changes):
        """A commit that sets attributes of a snippet."""
        return self.commit(message, edit(key, **changes))

    def plant(self, name, key, class_, *culprits):
        self.planted.append(Planted(name, key, None, class_, list(culprits)))

    # --- what others do meanwhile

    def fillers(self, state=None):
        """Questions that no scene owns."""
        return [question for _, _, question in (state or self.state).questions()
                if all(snippet.key in self.common for snippet in question.snippets)]

    def do_prose(self):
        questions = [question for _, _, question in self.state.questions()
                     if not any(snippet.kind == "stock" for snippet in question.snippets)]
        title = self.random.choice(questions).title
        sentence, is_added = self.sentence(), self.random.random() < 0.3

        def change(state, mark):
            question = named(state, title)
            if is_added and len(question.prose) < 4:
                question.prose.append(Line(sentence, mark))
            else:
                question.prose[-1] = Line(sentence, mark)

        return self.commit("Say it more clearly", change, is_prose=True)

    def some_key(self):
        return self.random.choice(self.fillers()).snippets[0].key

    def do_code(self):
        return self.edit(self.some_key(), "Use other numbers", numbers=self.numbers())

    def do_line(self):
        key = self.some_key()
        if self.state.snippet(key).kind == "prompt":
            return self.do_code()
        return self.edit(key, "Add a line", extra=[f"{key}_note_{self.sentences} = None"])

    def do_insert(self):
        place = self.random.randrange(len(self.loose()))
        question = self.new_question(self.random.choice(COMMON), len(self.commits) + 1)
        self.common.add(question.snippets[0].key)

        def change(state, mark):
            self.loose(state)[place][1].insert(0, copy.deepcopy(question))

        return self.commit("A new first question", change)

    def do_move(self):
        movable = [question.title for _, _, question in self.state.questions()
                   if not question.is_pinned]
        title, place = self.random.choice(movable), self.random.randrange(len(self.loose()))
        index = self.random.randrange(4)

        def change(state, mark):
            for _, section, question in state.questions():
                if question.title == title:
                    section[1].remove(question)
                    self.loose(state)[place][1].insert(index, question)
                    return

        return self.commit("Ask it elsewhere", change)

    def do_indent(self):
        snippets = [snippet for _, _, question in self.state.questions()
                    for snippet in question.snippets if snippet.kind != "prompt"]
        snippet = self.random.choice(snippets)
        style = "indented" if snippet.style == "fenced" else "fenced"
        return self.commit("Set the code otherwise", style_change(snippet.key, style))

    def do_rename(self):
        document = self.random.choice([each for each in self.state.documents if not each.is_pinned])
        old = document.path
        new = f"docs/{self.word()}.md" if self.random.random() < 0.7 else f"notes/{self.word()}.md"

        def change(state, mark):
            for each in state.documents:
                if each.path == old:
                    each.path = new

        return self.commit(f"Rename {os.path.basename(old)}", change)

    def do_folder(self):
        documents = [each for each in self.state.documents if not each.is_pinned]
        folder = os.path.dirname(documents[0].path)
        new = f"docs/{self.word()}"

        def change(state, mark):
            for each in state.documents:
                if not each.is_pinned and os.path.dirname(each.path) == folder:
                    each.path = f"{new}/{os.path.basename(each.path)}"

        return self.commit("Rename a folder", change)

    def do_output(self):
        keys = [question.snippets[0].key for question in self.fillers()
                if question.snippets[0].kind == "tell"]
        return self.edit(self.random.choice(keys), "Tell of other parts", numbers=self.numbers())

    def do_remove(self):
        fillers = self.fillers()
        if len(fillers) < 40:
            return self.do_insert()
        title = self.random.choice(fillers).title

        def change(state, mark):
            for _, section, question in state.questions():
                if question.title == title and len(section[1]) > 2:
                    section[1].remove(question)
                    return

        return self.commit("Nobody asks that", change)

    def do_remark(self):
        text = f"# {self.sentence()}"
        return self.commit("A remark in bank.yaml",
                           lambda state, mark: setattr(state, "remarks", [text]), is_prose=True)

    def do_merge(self):
        keys = self.random.sample([question.snippets[0].key for question in self.fillers()], 2)
        steps = [("On the side", edit(key, numbers=self.numbers())) for key in keys]
        self.on_branch(steps, lambda: (self.do_prose(), self.do_insert()))

    def others(self, count=1):
        """Commits that no scene has anything to do with."""
        kinds = ([self.do_prose] * 8 + [self.do_code] * 5 + [self.do_line] * 2 +
                 [self.do_insert] * 3 + [self.do_move] * 4 + [self.do_indent] * 3 +
                 [self.do_output] * 2 + [self.do_remove] * 2 + [self.do_rename, self.do_folder,
                                                               self.do_remark])
        for _ in range(count):
            self.random.choice(kinds)()

    # --- the whole

    def make(self, plots):
        """Plots are functions of a maker: generators that make commits and yield in between."""
        self.found()
        scenes = [plot(self) for plot in plots]
        while scenes or len(self.commits) < self.least:
            if scenes and self.random.random() < 0.22:
                scene = self.random.choice(scenes)
                try:
                    next(scene)
                except StopIteration:
                    scenes.remove(scene)
            elif self.random.random() < 0.08:
                self.do_merge()
            else:
                self.others()
        self.planted = [planted._replace(end=planted.end or self.head)
                        for planted in self.planted]
        return self

    def found(self):
        """The first commit: documents that nobody has edited yet."""
        self.common = set()

        def change(state, mark):
            for path, title, is_pinned in (("docs/kitchen.md", "Kitchen", False),
                                           ("docs/workshop.md", "Workshop", False),
                                           ("docs/harbour.md", "Harbour", False),
                                           ("docs/rules.md", "Rules", True)):
                sections = [[f"{title} {part}", [self.new_question(kind, mark)
                                                 for kind in self.random.sample(COMMON, 4)]]
                            for part in ("mornings", "evenings")]
                document = Document(path, title, sections)
                document.is_pinned = is_pinned
                state.documents.append(document)
            for _, _, question in state.questions():
                self.common.update(snippet.key for snippet in question.snippets)
            for document, _, question in state.questions():
                question.is_pinned = document.is_pinned

        self.commit("The first questions", change)

    def write(self, folder):
        """Makes the repository there, with main checked out. Sets the ids of the commits."""
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull,
                       "GIT_CONFIG_SYSTEM": os.devnull}

        def git(*arguments, **options):
            return subprocess.run(["git", "-C", folder, *arguments], check=True, env=environment,
                                  capture_output=True, **options)

        os.makedirs(folder, exist_ok=True)
        git("init", "--quiet", "--initial-branch=main")
        marks = os.path.join(folder, ".git", "marks")
        git("fast-import", "--quiet", f"--export-marks={marks}", input=b"".join(self.stream))
        git("reset", "--quiet", "--hard", "main")
        with open(marks, encoding="ascii") as file:
            for line in file:
                mark, sha = line.split()
                self.commits[int(mark[1:])].sha = sha

    # --- the truth

    def by_sha(self, sha):
        return next(commit for commit in self.commits.values() if commit.sha == sha)

    def changed(self, before, after):
        """Ids at the mark `after` of the snippets that --since `before` must name."""
        old, new = self.commits[before].known, self.commits[after].known
        return {known.id for key, known in new.items()
                if key not in old or inputs(old[key]) != inputs(known)}
