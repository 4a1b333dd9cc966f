# Pins: a SyntaxError of compile() at run time, with a file of its own and with none.
try:
    compile("a b c", "other.py", "exec")
except SyntaxError as error:
    print(error.lineno, error.offset, error.text, error.filename, error)
eval("1 +* 2")
