"""What child processes are asked to do in tests; a module, so that children can import it."""

import asyncio
import ctypes
import os
import time


async def act(task: str) -> str:
    """Do what the task says."""
    if task == "crash":
        ctypes.string_at(0)
    if task == "exit":
        os._exit(7)
    if task == "hang":
        time.sleep(60)
    if task == "allocate":
        try:
            return str(len(bytearray(4 << 30)))
        except MemoryError:
            return "refused"
    if task.startswith("sleep"):
        await asyncio.sleep(float(task.split()[1]))
    return f"{task} by {os.getpid()}"
