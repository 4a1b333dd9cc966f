# Pins: sys.executable runs Python of the same version, with our output.
import subprocess
import sys

print(flush=True)
code = "import sys; print(sys.version_info[:2] == %r, sys.argv, __name__)" % (sys.version_info[:2],)
done = subprocess.run([sys.executable, "-c", code, "argument"])
print(done.returncode)
done = subprocess.run([sys.executable, "-c", "1/0"], stderr=subprocess.PIPE, text=True)
print(done.stderr)
