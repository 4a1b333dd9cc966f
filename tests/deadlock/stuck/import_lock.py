import os
import sys
import threading

source = """
import threading

def work():
    step()
    import circle

thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
import builtins

builtins.step = step
with open("circle.py", "w") as file:
    file.write(source)
sys.path.insert(0, os.getcwd())
import circle
