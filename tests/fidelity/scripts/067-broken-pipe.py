# Pins: a write into a pipe that nobody reads: BrokenPipeError, SIGPIPE is ignored.
import os
import signal

reader, writer = os.pipe()
os.close(reader)
print(signal.getsignal(signal.SIGPIPE))
try:
    os.write(writer, b"x")
except BrokenPipeError as error:
    print(error)
file = os.fdopen(writer, "w")
file.write("never flushed")
