# Pins: processes by spawn: the script is imported again as __mp_main__.
import multiprocessing

print("top level of", __name__, flush=True)


def work(pipe):
    print("in", __name__, flush=True)
    pipe.send([__name__, multiprocessing.current_process().name])


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=work, args=(there,), name="spawned")
    process.start()
    print(here.recv())
    process.join()
    print("exit code", process.exitcode)
