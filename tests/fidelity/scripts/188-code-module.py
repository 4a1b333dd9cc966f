# Pins: code.InteractiveInterpreter and exec/eval in the script's own globals.
import code

value = 1
interpreter = code.InteractiveInterpreter(globals())
interpreter.runsource("value += 1")
interpreter.runsource("value")
interpreter.runsource("1 / 0")
interpreter.runsource("raise SystemExit(3)") if False else None
exec("value *= 10\nprint(value)")
print(eval("value + 1"), eval("__name__"))
exec("import sys; sys.exit(value)")
