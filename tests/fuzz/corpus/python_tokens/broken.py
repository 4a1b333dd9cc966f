x = (
$ ? “ "unclosed
\
''' to the end