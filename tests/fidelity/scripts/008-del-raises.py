# Pins: the report of an exception inside __del__, at once and at shutdown.
class Broken:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        raise ValueError("in __del__ of " + self.name)


Broken("temporary")
print("went on")
kept = Broken("kept")
