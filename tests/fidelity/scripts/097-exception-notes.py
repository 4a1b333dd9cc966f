# python: >=3.11
# Pins: notes on an exception, also one with several lines and one that is no text.
error = ValueError("noted")
error.add_note("first note")
error.add_note("second note\nover two lines")
error.__notes__.append(3)
raise error
