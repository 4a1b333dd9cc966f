import asyncio
import ctypes


class Time(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


async def main():
    library = ctypes.CDLL(None)
    timer = library.timerfd_create(1, 0)
    library.timerfd_settime(timer, 0, (Time * 2)(Time(0, 0), Time(0, 400_000_000)), None)
    rung = asyncio.Event()
    asyncio.get_running_loop().add_reader(timer, rung.set)
    await rung.wait()


asyncio.run(main())
