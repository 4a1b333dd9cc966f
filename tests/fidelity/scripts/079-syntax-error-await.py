# Pins: await outside a function is an error in a script.
import asyncio

await asyncio.sleep(0)
