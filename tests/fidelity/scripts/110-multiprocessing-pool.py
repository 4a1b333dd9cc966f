# Pins: a pool by fork, with results in order and an exception that travels back.
import multiprocessing


def square(number):
    if number == 7:
        raise ValueError("no sevens")
    return number * number


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(square, range(5)))
        try:
            pool.map(square, [7])
        except ValueError as error:
            print("travelled:", error, type(error.__cause__).__name__)
    print("closed")
