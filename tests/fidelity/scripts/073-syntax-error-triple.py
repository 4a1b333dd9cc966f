# Pins: an unterminated triple-quoted string, which is reported where it began.
x = 1
text = """opened
and never
closed
