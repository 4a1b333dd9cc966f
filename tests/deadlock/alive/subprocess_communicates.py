import subprocess

process = subprocess.Popen(["sh", "-c", "sleep 0.4; cat; cat >&2"], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
print(process.communicate(b"question", timeout=8))
