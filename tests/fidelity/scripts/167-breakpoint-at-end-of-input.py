# Pins: pdb with nothing on standard input: its prompt, and BdbQuit.
import sys

sys.stdout.reconfigure(line_buffering=True)
value = 3
breakpoint()
print("not reached")
