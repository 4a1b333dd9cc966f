# Pins: text beyond ASCII, in output, repr, identifiers and an error message.
naïve = "é ü \N{SNOWMAN} \N{GRINNING FACE} \N{HEBREW LETTER ALEF}"
print(naïve, repr(naïve), ascii(naïve))
print("\0 nul, \x7f delete, \x1b escape, \u200b zero width".encode())
print("\0nul")
print("cr\rand tab\t\x0cend")
raise ValueError("message \N{EURO SIGN} \U0001f600 \x1b[0m")
