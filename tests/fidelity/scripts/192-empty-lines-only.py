# Pins: a script of comments alone: nothing happens.

# no statement

