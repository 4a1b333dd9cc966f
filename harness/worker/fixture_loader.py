"""Loads a fixture into the zygote, once; fixture.c calls load()."""

import _thread
import ast
import atexit
import importlib.machinery
import importlib.util
import os
import sys
import time

import proctor

# So long what the fixture started may take to come to its end.
PATIENCE = 1.0

# What of sys is afterwards as it was.
KEPT = ("dont_write_bytecode", "stdin", "stdout", "stderr", "excepthook", "argv")


def load(path, variant):
    """Runs it. Returns None, or what is wrong with it: (one line, traceback or "")."""
    name = os.path.splitext(os.path.basename(path))[0]
    folder = os.path.dirname(path)
    proctor._path = path
    kept = {each: getattr(sys, each) for each in KEPT}
    sys.dont_write_bytecode = True  # nothing is written beside the user's files
    proctor._register_at_fork, os.register_at_fork = os.register_at_fork, keep_at_fork
    sys.path.insert(0, folder)
    try:
        header, code = read(path)
        missing = [each for each in header.get("NEEDS", {}) if not is_there(each)]
        if missing:
            raise proctor.NotReady(needs_text(name, header["NEEDS"], missing))
        proctor._provided = provided(name, run(name, path, code), header, variant)
        if what := left_running():
            raise proctor.NotReady(f"fixture '{name}' left {what} running")
    except BaseException as error:
        return proctor._problem(error)
    finally:
        for each, value in kept.items():
            setattr(sys, each, value)
        os.register_at_fork = proctor._register_at_fork
        keep_at_exit()
        if folder in sys.path:
            sys.path.remove(folder)
        sys.modules.pop("proctor", None)


def keep_at_fork(**hooks):
    """In place of os.register_at_fork(). What these modules of the standard library do at a fork
    brings locks in order, of which a snapshot holds none, and costs a snippet as much as a
    small one needs in all. So it is only registered in the snippet's process, for its forks.
    Seeds are drawn anew where the snippet says "random"."""
    child = hooks.get("after_in_child")
    module = getattr(child, "__module__", None)
    is_idle = child is None or module in ("threading", "logging", "concurrent.futures.thread")
    word = "random" if module == "random" else ""
    proctor._at_fork.append((hooks, None if is_idle else child, word))


def keep_at_exit():
    """What modules of the standard library do at the end with what the fixture left there is of
    no use to a snippet: its own finalizers register again, its own log handlers are
    closed where it says "logging"."""
    logging, weakref = sys.modules.get("logging"), sys.modules.get("weakref")
    if logging:
        atexit.unregister(logging.shutdown)
        proctor._at_exit.append((logging.shutdown, "logging"))
    if weakref and weakref.finalize._registered_with_atexit:
        atexit.unregister(weakref.finalize._exitfunc)
        weakref.finalize._registered_with_atexit = False
        for each in weakref.finalize._registry:
            each.atexit = False


def read(path):
    """The literals of its header, and its code."""
    with open(path, "rb") as file:
        source = file.read()
    header = {}
    for statement in ast.parse(source, path).body:
        targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and isinstance(targets[0], ast.Name):
            try:
                header[targets[0].id] = ast.literal_eval(statement.value)
            except (ValueError, TypeError):
                pass  # no part of the header
    return header, compile(source, path, "exec", dont_inherit=True)


def is_there(module):
    try:
        return module in sys.modules or importlib.util.find_spec(module) is not None
    except ImportError:  # of a package that it is in
        return False


def needs_text(name, needs, missing):
    modules = " and ".join(f"'{each}'" for each in missing)
    packages = ", ".join(dict.fromkeys(needs[each] for each in missing))
    plural = "s" if len(missing) > 1 else ""
    return f"fixture '{name}' needs the module{plural} {modules}: install {packages}"


def run(name, path, code):
    """The module, which other modules may find under a name of ours."""
    private = f"_fixture_{name}"
    loader = importlib.machinery.SourceFileLoader(private, path)
    spec = importlib.util.spec_from_file_location(private, path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[private] = module
    exec(code, module.__dict__)
    return module


def provided(name, module, header, variant):
    """The names that it provides, with their values."""
    setup = vars(module).get("setup")
    is_own = getattr(setup, "__module__", None) == module.__name__
    made = (setup(variant) if is_own else None) or {}
    values = {**vars(module), **made}
    wanted = list(dict.fromkeys([*header.get("PROVIDES", []), *header.get("TOOLS", [])]))
    for each in wanted:
        if each not in values:
            raise proctor.NotReady(f"fixture '{name}' has no '{each}', which its PROVIDES promises")
    return {each: values[each] for each in wanted}


def left_running():
    """A snapshot has one thread, and no children: they would not be in its forks."""
    end = time.monotonic() + PATIENCE
    while (what := running()) and time.monotonic() < end:
        time.sleep(0.01)
    return what


def running():
    threads = sys.modules.get("threading")
    for each in threads.enumerate() if threads else []:
        if each.ident != threads.get_ident():
            return f"the thread '{each.name}'"
    if _thread._count() > 0:
        return "a thread"
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return None
    return "a process"

