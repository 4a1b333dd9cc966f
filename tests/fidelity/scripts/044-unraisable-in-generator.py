# Pins: a generator that refuses to close, and one that raises while it is closed.
def stubborn():
    while True:
        try:
            yield 1
        except GeneratorExit:
            print("ignored")


def failing():
    try:
        yield 1
    finally:
        raise ValueError("in finally")


generator = failing()
next(generator)
del generator
print("went on")
kept = failing()
next(kept)
try:
    refuses = stubborn()
    next(refuses)
    refuses.close()
except RuntimeError as error:
    print(error)
import os

print("flush before the end", flush=True)
