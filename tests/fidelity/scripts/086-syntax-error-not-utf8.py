# -*- coding: ascii -*-
# Pins: a byte that the declared encoding does not know, é, stops the parser.
print("never")
