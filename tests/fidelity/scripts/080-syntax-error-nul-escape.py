# Pins: a broken unicode escape in a literal.
path = "C:\new\Users\x"
