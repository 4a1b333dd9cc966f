# Pins: the traceback's source line is read when it is needed, from the file, here of a made-up name.
namespace = {}
exec(compile("def f():\n    return 1 / 0\n", "no such file.py", "exec"), namespace)
exec(compile("def g(f):\n    return f()\n", "<made up>", "exec"), namespace)
namespace["g"](namespace["f"])
