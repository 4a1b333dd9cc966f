"""A bank of questions as a model, and what is true of it: what its files hold, what each snippet
is called, what becomes of it.

All that is known follows from the model alone, so that nothing that is tested is used to make the
truth. The sentences and the code are made here.
"""

import collections
import difflib
import hashlib
import os

Line = collections.namedtuple("Line", "text origin")  # origin: the mark of a commit

# Of a snippet in a commit. line is the document's line of its first line of code; said is what
# is claimed of it outside of its code; class_ and prints what becomes of it.
Known = collections.namedtuple(
    "Known", "key id path line source said fixture settings expectation session class_ prints")

def content_id(source):
    return hashlib.sha1(b"blob %d\0" % len(source.encode()) + source.encode()).hexdigest()


class Snippet:
    """One block. kind, word and numbers say what it is; lines are its text."""

    def __init__(self, key, kind, word, numbers, mark):
        self.key, self.kind, self.word = key, kind, word
        self.numbers = list(numbers)
        self.claimed = None     # None: what is true
        self.is_broken = False  # cannot be parsed
        self.extra = []         # further lines at its front
        self.style = "fenced"
        self.lines, self.output = [], None
        self.write(mark)

    def value(self, numbers=None):
        a, b, c = numbers or self.numbers
        return {"sum": str(a + b + c), "loop": str([i * b for i in range(a % 5 + 2)]),
                "dict": str(sorted([a, b, c])), "tell": "\n".join(f"{self.word} {part}" for part in (a, b, c, a + b, b + c)),
                "prompt": str(a * b - c), "stock": None, "accepted": f"{a} of {b}, then {c}",
                "tariff": None, "bill": None, "twice": str(a + b)}[self.kind]

    def code(self):
        w, (a, b, c) = self.word, self.numbers
        claimed = self.claimed
        if claimed is None:
            claimed = self.value()
        return {
            "sum": [f"{w}_weights = [{a}, {b}, {c}]", f"{w}_total = sum({w}_weights)",
                    f"print({w}_total)  # {claimed}"],
            "loop": [f"{w}_seen = []", f"for {w}_step in range({a % 5 + 2}):",
                     f"    {w}_seen.append({w}_step * {b})", f"print({w}_seen)  # {claimed}"],
            "dict": [f'{w}_prices = {{"tea": {a}, "milk": {b}}}', f'{w}_prices["rice"] = {c}',
                     f"print(sorted({w}_prices.values()))  # {claimed}"],
            "tell": [f"def {w}_tell(*parts):", "    for part in parts:",
                     f'        print("{w}", part)', "",
                     f"{w}_tell({a}, {b}, {c}, {a + b}, {b + c})"],
            "prompt": [f">>> {w}_product = {a} * {b}", f">>> {w}_product - {c}", f"{claimed}"],
            "stock": [f'{w}_left = stock_of("{w}") + {a}', f"print({w}_left)  # {claimed}"],
            "accepted": [f"{w}_first, {w}_second = {a}, {b}",
                         f'print("%d of %d, then {c}" % ({w}_first, {w}_second))'],
            "tariff": [f"{w}_tariff = {a}", f"{w}_ready = True"],
            "bill": [f"{w}_bill = {{{a}: {b}}}[{w}_tariff]", f"print({w}_bill)  # {b}"],
            "twice": [f"{w}_left, {w}_right = {a}, {b}", f"print({w}_left + {w}_right)  # {claimed}",
                      f"print({w}_left * {w}_right)  # {c}"],
        }[self.kind]

    def write(self, mark):
        """Brings the lines up to date; those that stay as they were keep their origin."""
        texts = [*self.extra, *self.code()]
        if self.is_broken:
            texts.insert(1, f"if {self.word} is not (:")
        self.lines = rewritten(self.lines, texts, mark)
        if self.kind == "tell":
            said = self.value() if self.claimed is None else self.claimed
            self.output = rewritten(self.output or [], said.split("\n"), mark)

    def source(self):
        return "".join(line.text + "\n" for line in self.lines)


def rewritten(lines, texts, mark):
    old = [line.text for line in lines]
    new = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, texts, False).get_opcodes():
        new += lines[i:j] if tag == "equal" else [Line(text, mark) for text in texts[k:m]]
    return new


class Question:
    def __init__(self, title, prose, snippets, mark):
        self.title = title
        self.prose = [Line(text, mark) for text in prose]
        self.snippets = snippets
        self.is_pinned = False  # stays in its section


class Document:
    def __init__(self, path, title, sections):
        self.path, self.title = path, title
        self.sections = sections  # [title, [Question]]
        self.is_pinned = False    # keeps its path

    def name(self):
        return os.path.splitext(self.path)[0]


class State:
    """The bank as it is in a commit."""

    def __init__(self):
        self.documents = []
        self.fixtures = {}   # path: text
        self.amounts = {}    # what stock_of() knows, by the word
        self.is_stocked = True
        self.settings = {}   # (document's path, section): text of settings
        self.remarks = []    # comments in bank.yaml
        self.expected = {}   # key: the output that was accepted

    def questions(self):
        return [(document, section, question) for document in self.documents
                for section in document.sections for question in section[1]]

    def place(self, key):
        for document, section, question in self.questions():
            for snippet in question.snippets:
                if snippet.key == key:
                    return document, section, question, snippet
        raise KeyError(key)

    def snippet(self, key):
        return self.place(key)[3]

    # --- files

    def files(self):
        files = {document.path: "".join(text + "\n" for text, _, _ in rendered(document))
                 for document in self.documents}
        files.update(self.fixtures)
        files["fixtures/store/_amounts.py"] = (
            '"""What the store holds."""\n' + f"AMOUNTS = {self.amounts!r}\n")
        if self.is_stocked:
            files["fixtures/store/store.py"] = STORE
        files["fixtures/words/words.py"] = WORDS
        files["expected/.keep"] = ""
        files["bank.yaml"] = self.yaml()
        for key, output in self.expected.items():  # their files move with the questions
            known = self.known()[key]
            files[f"expected/{known.id}.txt"] = (f"---\nsnippet: {content_id(known.source)}\n"
                                                 f"outcome: finishes\n---\n{output}\n")
        return files

    def yaml(self):
        lines = [*self.remarks, "fixtures: [fixtures/store, fixtures/words]", "expected: expected"]
        paths = sorted({path for path, _ in self.settings})
        if paths:
            lines.append("documents:")
        for path in paths:
            lines += [f"  {path}:", "    sections:"]
            lines += [f"      {section}: {{{text}}}" for (place, section), text
                      in sorted(self.settings.items()) if place == path]
        return "\n".join(lines) + "\n"

    # --- what is known

    def behaviour(self, document, section, question, snippet):
        """Class and what it prints."""
        settings = self.settings.get((document.path, section[0]), "")
        if "skip" in settings:
            return "skipped", None
        if snippet.is_broken:
            return "unparsable", None
        true = snippet.value()
        if snippet.kind == "stock":
            if not self.is_stocked:
                return "fragment", None
            true = str(self.amounts.get(snippet.word, 0) + snippet.numbers[0])
        elif snippet.kind == "bill":
            tariff = question.snippets[0]
            if tariff is snippet or tariff.kind != "tariff":
                return "fragment", None
            is_known = tariff.numbers[0] == snippet.numbers[0]
            return ("verified", str(snippet.numbers[1])) if is_known else ("fragment", None)
        elif snippet.kind == "tariff":
            return "ran", ""
        elif snippet.kind == "accepted":
            if snippet.key not in self.expected:
                return "ran", true
            return ("verified" if self.expected[snippet.key] == true else "changed"), true
        elif snippet.kind == "twice":
            a, b, c = snippet.numbers
            holds = snippet.claimed in (None, true) and a * b == c
            return ("verified" if holds else "false"), f"{true}\n{a * b}"
        elif snippet.kind == "prompt":
            return ("verified" if snippet.claimed in (None, true) else "false"), None
        return ("verified" if snippet.claimed in (None, true) else "false"), true

    def known(self):
        """Key -> Known, of every snippet."""
        found = {}
        for document in self.documents:
            lines = rendered(document)
            at = {}
            for number, (_, key, origin) in enumerate(lines, 1):
                if key is not None and origin is not None:
                    at.setdefault(key, number)
            for section in document.sections:
                for number, question in enumerate(section[1], 1):
                    for ordinal, snippet in enumerate(question.snippets, 1):
                        class_, prints = self.behaviour(document, section, question, snippet)
                        needed = question.snippets[0].source() if snippet.kind == "bill" else ""
                        fixture = ""
                        if snippet.kind == "stock":
                            fixture = STORE * self.is_stocked + repr(self.amounts)
                        found[snippet.key] = Known(
                            snippet.key, f"{document.name()}/{slug(section[0])}/{number}.{ordinal}",
                            document.path, at[snippet.key], snippet.source(),
                            "\n".join(line.text for line in snippet.output or []), fixture,
                            self.settings.get((document.path, section[0]), ""),
                            self.expected.get(snippet.key, ""), needed, class_, prints)
        return found

    def origins(self):
        """(path, line) -> (text, mark) of the lines of code and of output."""
        return {(document.path, number): (text, origin)
                for document in self.documents
                for number, (text, _, origin) in enumerate(rendered(document), 1)
                if origin is not None}


STORE = '''"""A store that knows how much of each thing is left."""
PROVIDES = ["stock_of"]
TOOLS = ["stock_of"]

import _amounts


def stock_of(word):
    return _amounts.AMOUNTS.get(word, 0)
'''

WORDS = '''"""A word that is said twice."""
PROVIDES = ["twice_said"]


def twice_said(word):
    return word + word
'''


def slug(title):
    return title.lower().replace(" ", "-")


def rendered(document):
    """(text, key of the snippet or None, origin or None), line by line."""
    lines = [(f"# {document.title}", None, None), ("", None, None)]
    for title, questions in document.sections:
        lines += [(f"## {title}", None, None), ("", None, None)]
        for number, question in enumerate(questions, 1):
            lines += [(f"### {number}. {question.title}", None, None), ("", None, None)]
            for prose in question.prose:
                lines += [(prose.text, None, prose.origin), ("", None, None)]
            for snippet in question.snippets:
                lines += block(snippet)
    return lines


def block(snippet):
    lead = "    " if snippet.style == "indented" else ""
    lines = [(lead + line.text if line.text else "", snippet.key, line.origin)
             for line in snippet.lines]
    if snippet.style == "fenced":
        lines = [("```python", snippet.key, None), *lines, ("```", snippet.key, None)]
    lines.append(("", None, None))
    if snippet.output is not None:
        lines += [("Output:", None, None), ("", None, None), ("```text", None, None)]
        lines += [(line.text, None, line.origin) for line in snippet.output]
        lines += [("```", None, None), ("", None, None)]
    return lines


def inputs(known):
    return (known.source, known.said, known.fixture, known.settings, known.expectation,
            known.session)


def edit(key, **changes):
    def change(state, mark):
        snippet = state.snippet(key)
        for name, value in changes.items():
            setattr(snippet, name, value)
        snippet.write(mark)
    return change


def style_change(key, style):
    def change(state, mark):
        state.snippet(key).style = style
    return change


def named(state, title):
    return next(question for _, _, question in state.questions() if question.title == title)


COMMON = ("sum", "loop", "dict", "tell", "prompt")
