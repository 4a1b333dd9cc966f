# Pins: subprocesses that write to our descriptors, between buffered prints.
import os
import subprocess
import sys

print("buffered")
subprocess.run(["echo", "by echo"])
sys.stdout.flush()
subprocess.run("echo to stderr 1>&2; exit 3", shell=True)
print(os.system("echo by system; exit 2") >> 8)
print(subprocess.run(["cat"], stdin=subprocess.DEVNULL).returncode)
print(subprocess.check_output(["echo", "captured"]))
subprocess.run(["false"], check=True)
