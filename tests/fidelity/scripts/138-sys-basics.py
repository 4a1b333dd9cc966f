# Pins: argv, path[0], flags, warnoptions, orig_argv and other settings of the interpreter.
import os
import sys

print(len(sys.argv), os.path.basename(sys.argv[0]) == os.path.basename(__file__))
print(sys.path[0] == os.path.dirname(os.path.abspath(__file__)))
print(sys.path[1:])
print(sys.flags)
print(sys.warnoptions, sys._xoptions, sys.dont_write_bytecode, sys.pycache_prefix)
print(len(getattr(sys, "orig_argv", [0, 0])), os.path.basename(getattr(sys, "orig_argv", [""])[0]))
print(sys.executable, sys.prefix, sys.base_prefix, sys.exec_prefix, sys.platlibdir)
print(hasattr(sys, "ps1"), hasattr(sys, "last_value"), sys.gettrace(), sys.getprofile())
print(sys.getswitchinterval(), sys.getrecursionlimit(), sys.get_asyncgen_hooks())
print(sys.version, sys.implementation.name, sys.hexversion)
print(sys.excepthook, sys.displayhook, sys.unraisablehook, sys.breakpointhook)
print(sys.path_hooks, sys.meta_path)
