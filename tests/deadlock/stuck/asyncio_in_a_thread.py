import asyncio
import threading


async def main():
    step()
    await asyncio.Event().wait()


thread = threading.Thread(target=asyncio.run, args=(main(),))
thread.start()
thread.join()
