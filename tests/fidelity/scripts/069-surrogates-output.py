# Pins: lone surrogates: stderr escapes them, stdout refuses or passes by its error handler.
import sys

print(sys.stdout.errors, sys.stderr.errors)
print("lone \ud800 surrogate", file=sys.stderr)
print("escaped byte \udcff")
raise ValueError("lone \udfff in the message")
