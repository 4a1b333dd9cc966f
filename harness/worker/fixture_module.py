r"""What a fixture imports as `proctor`: how a fixture is written.

A fixture is a Python file in the folder of fixtures; one whose name begins with an underscore
is a module that others import. Its header, literals assigned at the top level, is read without
running it and says what it is there for; the rest is ordinary Python that runs once, before
any snippet does:

    PROVIDES = ["Book", "Author"]
    TOOLS = ["models", "Count"]
    SIGNS = ["objects"]
    IMPORTS = ["django"]
    NEEDS = {"django": "python3-django"}
    VARIANTS = {"relation": "an author is a row of its own", "text": "an author is a text"}
    BEHIND = ["shop"]

    import proctor

    def setup(variant):         # may be left out; variant: None without VARIANTS
        ...
        return {"Book": Book, "Author": Author}

PROVIDES  names that a snippet may use and does not bind: it is run with this fixture then
TOOLS     more of them, which bring no data of the fixture: what a snippet makes with them alone is
          its own, and marked as strictly as without a fixture
SIGNS     words of which one must stand in a snippet before it is chosen by names alone;
          without: any snippet. As an argument's name a word counts only as "word=", and of
          self's never
IMPORTS   modules whose import by a snippet chooses it, too
NEEDS     modules that it cannot do without, and the package to install for each: where one is
          missing, that is all that is said
VARIANTS  names of ways in which setup() can be called, and what is special about each. A snippet
          runs with the first, and where that does not fit, with the next
BEHIND    fixtures that are meant instead where they have as many of a snippet's names

All but PROVIDES or IMPORTS may be left out.

The provided names are taken from what setup() returns, and else from the module; a snippet
gets those that it mentions.
Every snippet runs in a process of its own that was forked when this was done, so
that it may change what it likes.

Results are kept and known again by all files of the fixture's folder. What a fixture reads should
lie there too: a change elsewhere is not seen, unless --no-cache runs everything anew.

Where something that it needs and cannot bring is not there, such as a server, it says so in one
line, in setup() or a hook: no snippet is run then, and reports say this and nothing else.

    raise proctor.NotReady("needs a database server: set DATABASE_URL")

    proctor.event(kind, text, seconds=None, count=None)
        says that something happened; it belongs to the line of the snippet that
        is running. seconds: how long it took; count: of rows, bytes, ... It never raises:
        where these are no texts and numbers, the run's events are unclear.

    @proctor.before
    def connect(run): ...       # in the snippet's process, before the snippet

    @proctor.place(r"Field\(")   # for snippets that match
    def in_a_model(tree): ...   # ast.Module of the snippet; returns one to run in its
                                # place, or None. Keep the line numbers.

    @proctor.shows(QuerySet)
    def as_list(queryset):      # a value that a reader would write for one of this type
        return list(queryset)   # called in a copy of the process, which has no sockets;
                                # with apart=False in the snippet's own: it must change nothing

    @proctor.word(r"\bno quer(y|ies)\b", "sql")
    def no_query(said): ...     # a comment of the snippet that matches; prose=True: also
                                # the text beside it. Returns True (it holds), False (it
                                # does not), None (cannot tell), or (that, "what happened").
                                # alone=True: also a comment at no statement, such as one
                                # under a block; said.events is empty then, said.times None

    @proctor.after
    def deletes(run):           # when the snippet has been run
        run.check("deleting the author deletes its books", holds=..., actual="...")

said.text      the comment, or the paragraph        said.match   the match in it
said.line      its line in the snippet, or None     said.is_prose
said.sentence  of the text, what the match stands in, in one line
said.sentences the same for each match of the pattern in the text
said.events    events of the word's kind on the lines of the statement that the comment
               stands behind or over; for prose, all of that kind
said.times     how often that statement was begun   said.run     as below
               (None: not known)
run.names      the snippet's global names; of those that the fixture provides it has what
               its source mentions                  run.source   its source
run.raised     the exception that ended it, or None run.prose    paragraphs beside it
run.raised_lines  lines of the snippet that this exception passed through, a set
run.events(kind=None)
run.check(said, holds, actual=None, line=None)      holds: True, False or None

An event has kind, text, line, lines (of all the snippet's frames, the innermost first),
seconds, count. Events that only our looking at a value caused are in neither list.

A word is not asked where its statement was never run; that it does not hold is not said where
its statement raised the exception that ended the snippet. Hooks must be done within 5 seconds,
and where the snippet's own time is short, within most of what is left of it. What they print goes nowhere, and what goes wrong in them is never the snippet's
fault.
"""

import os as _os
import atexit as _atexit
import re as _re
import sys as _sys
import traceback as _traceback

# The worker (fixture.c) puts in: _note_event and _note_checked; the loader: _path.
_path = ""  # of the fixture
_befores, _places, _words, _afters, _shows = [], [], [], [], {}
# Of the loader: arguments of os.register_at_fork(), what to call at our own fork, and if the
# snippet says which word; what is registered with atexit where it says a word.
_at_fork, _at_exit = [], []
_run = None
_placing = []  # of _places, those that may have to do with this snippet

_REMARK, _PROSE, _AFTER = 1, 2, 3
_HOLDS, _CONTRADICTED, _UNCLEAR = 1, 2, 3
_EVENT_LOST = "an event was no text with numbers"

# After so many events nothing is said of them any more.
_EVENTS_MAX = 100_000

# Where a sentence begins, and where it ends.
_BEGIN = _re.compile(r"[.!?]\s+|:\n|\n\s*\n")
_END = _re.compile(r"[.!?](?=\s|$)|(?=\n\s*\n)")


class NotReady(Exception):
    """What is missing, in one line."""


def before(function):
    _befores.append(function)
    return function


def place(pattern):
    def register(function):
        _places.append((_re.compile(pattern), function))
        return function

    return register


def shows(*types, apart=True):
    def register(function):
        for each in types:
            _shows[each] = function, apart
        return function

    return register


def word(pattern, kind, prose=False, alone=False):
    def register(function):
        function._is_alone = alone
        _words.append((_re.compile(pattern, _re.IGNORECASE), kind, prose, function))
        return function

    return register


def after(function):
    _afters.append(function)
    return function


def event(kind, text, seconds=None, count=None):
    if _run is None:
        return
    # The snippet's own code is on the stack. So only what is of another type can raise here.
    if not (type(kind) is type(text) is str and type(count) in _COUNTS and type(seconds) in _TIMES):
        try:
            kind, text = str(kind), str(text)
            seconds = None if seconds is None else float(seconds)
            count = None if count is None else int(count)
        except Exception as error:
            _run._lost = _run._lost or _where(error)
            return
    lines = _note_event(kind, text, seconds, count)
    if lines is None:
        return
    if len(_run._events) < _EVENTS_MAX:
        _run._events.append(Event(kind, text, seconds, count, lines))
    else:
        _run._is_cut = True


_COUNTS, _TIMES = (int, type(None)), (float, type(None))


class Event:
    """line: the innermost of the snippet's lines that were running; lines: all of them."""

    __slots__ = ("kind", "text", "seconds", "count", "line", "lines")

    def __init__(self, kind, text, seconds, count, lines):
        self.kind, self.text, self.seconds, self.count = kind, text, seconds, count
        self.line, self.lines = lines[0] if lines else None, lines

    def __repr__(self):
        return f"<{self.kind} on line {self.line}: {self.text}>"


class Run:
    def __init__(self, names, source, remarks):
        self.names, self.source, self.raised = names, source, None
        self.prose = [text for _, kind, _, _, _, text in remarks if kind == _PROSE]
        self._path = names.get("__file__")
        self._remarks, self._events, self._is_cut = remarks, [], False
        self._lost = None  # why an event could not be taken down
        self._rule = None

    def events(self, kind=None):
        if self._is_cut:
            raise OverflowError(f"there were more than {_EVENTS_MAX:,} events")
        if self._lost:
            raise NotReady(f"{_EVENT_LOST}: {self._lost}")
        return [each for each in self._events if kind is None or each.kind == kind]

    def check(self, said, holds, actual=None, line=None):
        end = _end(holds)
        _note_checked(_AFTER, end, line or 0, 0, 0, self._rule, str(said), _text(actual), None)

    @property
    def raised_lines(self):
        trace = self.raised.__traceback__ if self.raised is not None else None
        return {
            line
            for frame, line in _traceback.walk_tb(trace)
            if frame.f_code.co_filename == self._path
        }


class Said:
    def __init__(self, run, remark, match, kind, times):
        _, form, self.line, self._first, self._last, self.text = remark
        self.run, self.match, self.times, self._kind = run, match, times, kind
        self.is_prose = form == _PROSE
        if self.is_prose:
            self.line = None

    @property
    def events(self):
        return [
            each
            for each in self.run.events(self._kind)
            if self.is_prose or any(self._first <= line <= self._last for line in each.lines)
        ]

    @property
    def sentence(self):
        return self._sentence_of(self.match)

    @property
    def sentences(self):
        return [self._sentence_of(each) for each in self.match.re.finditer(self.text)]

    def _sentence_of(self, match):
        begin, end = _sentence(self.text, match)
        return " ".join(self.text[begin:end].split())


# --- what the worker calls ---------------------------------------------------


def _begin(names, sources, remarks):
    """Before the snippet. sources: of the earlier blocks and the snippet; remarks: (number, kind,
    line, first, last, text) of each comment and paragraph. Returns the numbers of those that a
    word speaks of, because the runs of their statements are to be counted, and whether
    anything is to be placed."""
    global _run, _placing
    _enter("\n".join(sources))
    _run = Run(names, sources[-1], remarks)
    for function in _befores:
        function(_run)
    _placing = [
        function
        for pattern, function in _places
        if any(pattern.search(source) for source in sources)
    ]
    counted = [remark[0] for remark in remarks if remark[1] == _REMARK and _matches(remark)]
    return counted, bool(_placing)


def _enter(text):
    """What modules wanted done at a fork and at the end, put off by the loader."""
    for hooks, function, word in _at_fork:
        _register_at_fork(**hooks)
        if function and word in text:
            function()
    for function, word in _at_exit:
        if word in text:
            _atexit.register(function)


def _place(tree, is_subject):
    """The tree to be run in place of this one; None where it stays as it is."""
    import ast

    placed = None
    for function in _placing:
        other = function(tree)
        if other is not None:
            tree = placed = ast.fix_missing_locations(other)
    if placed is not None:
        try:
            compile(placed, "<placed>", "exec", dont_inherit=True)
        except SyntaxError:
            if not is_subject or not _compiles(_run.source):
                return None  # it is the snippet's own
            raise
    return placed


def _compiles(source):
    try:
        return bool(compile(source, "<snippet>", "exec", dont_inherit=True))
    except (SyntaxError, ValueError):
        return False


def _shown(value, is_copy):
    """What a reader would write for it, or None."""
    for each in type(value).__mro__:
        if each in _shows:
            function, apart = _shows[each]
            return repr(function(value)) if apart == is_copy else None
    return None


def _finish(raised, times):
    """After the snippet. times: how often the statements of remarks were run, by number."""
    _run.raised = raised
    for remark in _run._remarks:
        for match, kind, function in _matches(remark):
            _judge(remark, match, kind, function, times.get(remark[0]))
    if _run._lost:
        _note_checked(_AFTER, _UNCLEAR, 0, 0, 0, "events", _EVENT_LOST, None, _run._lost)
    for function in _afters:
        _run._rule = _name(function)
        try:
            function(_run)
        except BaseException as error:
            _note_checked(
                _AFTER, _UNCLEAR, 0, 0, 0, _run._rule, _headline(function), None, _where(error)
            )
    _run.raised = None


def _matches(remark):
    """The words that speak of it, each with its match."""
    found = [
        (pattern.search(remark[5]), kind, function)
        for pattern, kind, prose, function in _words
        if prose or remark[1] == _REMARK
    ]
    return [each for each in found if each[0]]


def _judge(remark, match, kind, function, times):
    _, form, line, first, last, text = remark
    said = Said(_run, remark, match, kind, times)
    actual = note = None
    if form == _REMARK and first == 0 and not function._is_alone:
        end, note = _UNCLEAR, "it stands at no statement"
    elif times == 0:
        end, note = _UNCLEAR, "its statement was never run"
    else:
        try:
            answer = function(said)
            that, said_actual = answer if isinstance(answer, tuple) else (answer, None)
            actual = _text(said_actual)
            end = _end(that)
        except BaseException as error:
            end, note = _UNCLEAR, _where(error)
    if end != _UNCLEAR and any(first <= at <= last for at in _run.raised_lines):
        end, note = _UNCLEAR, "its statement raised an exception"
    if form == _PROSE:
        begin, stop = _sentence(text, match)
        line, text = line + text.count("\n", 0, begin), text[begin:stop].strip()
    _note_checked(form, end, line, first, last, _name(function), text, actual, note)


def _sentence(text, match):
    """Where the sentence around the match begins and ends."""
    begin = max((each.end() for each in _BEGIN.finditer(text, 0, match.start())), default=0)
    end = _END.search(text, max(match.end() - 1, begin))
    return begin, end.end() if end else len(text)


def _end(holds):
    return _UNCLEAR if holds is None else _HOLDS if holds else _CONTRADICTED


def _text(value):
    return None if value is None else str(value)


def _name(function):
    name = getattr(function, "__name__", None)
    return name if isinstance(name, str) else type(function).__name__


def _headline(function):
    return str(function.__doc__ or _name(function)).strip().split("\n")[0]


# --- what went wrong in a fixture ----------------------------------------------


def _is_own(name):
    return _os.path.dirname(name) == _os.path.dirname(_path)


def _where(error):
    """In one line: the innermost place in the fixture's folder, and the exception."""
    if isinstance(error, NotReady):
        return _line(error)
    if isinstance(error, SyntaxError) and error.filename and _is_own(error.filename):
        file, line = error.filename, error.lineno
    else:
        places = [(frame.f_code.co_filename, at) for frame, at in _traceback.walk_tb(error.__traceback__)]
        # Where it was caught in the module, what called that.
        places[:0] = [
            (frame.f_code.co_filename, at)
            for frame, at in reversed(list(_traceback.walk_stack(_sys._getframe())))
        ]
        own = [each for each in places if _is_own(each[0])]
        file, line = own[-1] if own else (_path, None)
    what = "".join(_traceback.format_exception_only(type(error), error)[-1:])
    place = _os.path.basename(file) + (f":{line}" if line else "")
    return f"{place}: {what.strip().splitlines()[0]}"


def _line(error):
    try:
        return " ".join(str(error).split()) or "the fixture is not ready"
    except Exception:
        return "the fixture is not ready, and cannot say why"


def _trace(error):
    """The traceback, from the fixture's own frames on."""
    trace = error.__traceback__
    while trace and not _is_own(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return "".join(_traceback.format_exception(type(error), error, trace))


def _forked():
    name = _os.path.splitext(_os.path.basename(_path))[0]
    return (
        f"fixture '{name}' forked a process that came back from it: end that with os._exit()",
        "",
    )


def _problem(error):
    return _where(error), "" if isinstance(error, NotReady) else _trace(error)
