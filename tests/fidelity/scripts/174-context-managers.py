# Pins: with blocks at exit by exception, ExitStack, suppress, redirect_stdout and their order.
import contextlib
import io


@contextlib.contextmanager
def room(name):
    print("enter", name)
    try:
        yield name
    except ValueError as error:
        print("saw", error)
        raise
    finally:
        print("leave", name)


with contextlib.suppress(ValueError), room("a"):
    raise ValueError("suppressed")
with contextlib.redirect_stdout(io.StringIO()) as text:
    print("redirected")
    "bare"
print(repr(text.getvalue()))
with contextlib.ExitStack() as stack:
    stack.callback(print, "callback")
    stack.enter_context(room("b"))
    raise ValueError("through")
