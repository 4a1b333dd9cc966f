import asyncio

loop = asyncio.new_event_loop()
loop.call_soon(step)
loop.run_forever()
