# Pins: an asynchronous generator left open is closed by asyncio.run.
import asyncio


async def numbers():
    try:
        for number in range(10):
            yield number
    finally:
        print("closed")


async def main():
    async for number in numbers():
        print(number)
        if number == 2:
            break
    print("main ends")


asyncio.run(main())
