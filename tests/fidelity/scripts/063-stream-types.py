# Pins: types, names, modes, encodings and error handlers of the three streams.
import sys

for stream in (sys.stdin, sys.stdout, sys.stderr):
    print(type(stream), type(stream.buffer), type(stream.buffer.raw))
    print(stream.name, stream.mode, stream.encoding, stream.errors, stream.newlines)
    print(stream.line_buffering, stream.write_through, stream.buffer.raw.closefd)
    print(type(stream).__mro__)
    print(stream)
print(type(sys.stdout.write), sys.stdout.write.__name__, sys.stdout.write.__qualname__)
print(sorted(vars(sys.stdout)))
print(print, type(print), print.__module__, sys.stdout.write.__self__ is sys.stdout)
