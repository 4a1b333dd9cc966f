# Pins: context variables at top level, in threads, in tasks and in copies.
import asyncio
import contextvars
import threading

variable = contextvars.ContextVar("variable", default="default")
print(len(list(contextvars.copy_context())))
token = variable.set("main")


async def child():
    variable.set("child")
    return variable.get()


async def main():
    print(await asyncio.create_task(child()), variable.get())


asyncio.run(main())
thread = threading.Thread(target=lambda: print("thread", variable.get()))
thread.start()
thread.join()
context = contextvars.copy_context()
context.run(variable.set, "in context")
print(variable.get(), context[variable])
variable.reset(token)
print(variable.get())
