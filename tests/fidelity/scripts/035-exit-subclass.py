# Pins: a SystemExit subclass with a code of its own, raised inside a finally.
class Done(SystemExit):
    def __init__(self, why):
        super().__init__(why)
        self.code = 12


try:
    try:
        raise ValueError("lost")
    finally:
        print("finally")
        raise Done("why")
finally:
    print("outer finally")
