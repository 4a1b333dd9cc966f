"""What a fixture imports as `proctor`: how a fixture is written.

A fixture is a Python file. Its header, literals assigned at the top level, says
what it is there for (model/fixture.h); the rest is ordinary Python that runs
once, before any snippet does:

    PROVIDES = ["Book", "Author"]
    NEEDS = {"django": "python3-django"}
    VARIANTS = {"relation": "an author is a row of its own", "text": "an author is a text"}

    import proctor

    def setup(variant):         # may be left out; variant: None without VARIANTS
        ...
        return {"Book": Book, "Author": Author}

The provided names are taken from what setup() returns, and else from the module.
Every snippet runs in a process of its own that was forked when this was done, so
that it may change what it likes.

    proctor.event(kind, text, seconds=None, count=None)
        says that something happened; it belongs to the line of the snippet that
        is running. seconds: how long it took; count: of rows, bytes, ...

    @proctor.before
    def connect(run): ...       # in the snippet's process, before the snippet

    @proctor.place
    def in_a_model(tree): ...   # ast.Module of the snippet; returns one to run in its
                                # place, or None. Keep the line numbers.

    @proctor.shows(QuerySet)
    def as_list(queryset):      # a value that a reader would write for one of this type
        return list(queryset)

    @proctor.word(r"\bno quer(y|ies)\b", "sql")
    def no_query(said): ...     # a comment of the snippet that matches; prose=True: also
                                # the text beside it. Returns True (it holds), False (it
                                # does not), None (cannot tell), or (that, "what happened")

    @proctor.after
    def deletes(run):           # when the snippet has been run
        run.check("deleting the author deletes its books", holds=..., actual="...")

said.text      the comment, or the paragraph        said.match   the match in it
said.line      its line in the snippet, or None     said.is_prose
said.events    events of the word's kind on the lines of the statement that the comment
               stands behind or over; for prose, all of that kind
said.times     how often that statement was run     said.run     as below
run.names      the snippet's global names           run.source   its source
run.raised     the exception that ended it, or None run.prose    paragraphs beside it
run.events(kind=None)
run.check(said, holds, actual=None, line=None)      holds: True, False or None

An event has kind, text, line, seconds, count. Events that only our looking at a value
caused are in neither list.
"""
