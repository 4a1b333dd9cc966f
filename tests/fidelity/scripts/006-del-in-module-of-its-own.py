# Pins: objects of a module that the script made itself die with the other modules.
import sys
import types

SOURCE = """
class Noisy:
    def __init__(self, name):
        self.name = name
    def __del__(self, out=print):
        out("del", self.name, __name__)
thing = Noisy("in helper")
"""
helper = types.ModuleType("helper")
sys.modules["helper"] = helper
exec(compile(SOURCE, "helper.py", "exec"), helper.__dict__)
mine = helper.Noisy("in main")
print("end")
