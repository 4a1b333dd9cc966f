# Pins: StopIteration inside a generator becomes RuntimeError, with both tracebacks.
def inner():
    yield next(iter([]))


def outer():
    yield from inner()


list(outer())
