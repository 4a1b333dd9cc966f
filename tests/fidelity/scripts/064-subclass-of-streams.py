# Pins: io classes subclassed and used by the script itself behave as ever.
import io


class Upper(io.TextIOWrapper):
    def write(self, text):
        return super().write(text.upper())


class Raw(io.RawIOBase):
    def __init__(self):
        self.chunks = []

    def writable(self):
        return True

    def write(self, data):
        self.chunks.append(bytes(data))
        return len(data)


raw = Raw()
upper = Upper(io.BufferedWriter(raw, 4), encoding="utf-8")
print("quiet", file=upper)
upper.flush()
print(raw.chunks)
print(io.TextIOWrapper.write, io.StringIO().write("abc"))
