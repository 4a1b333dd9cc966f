# Pins: the main guard, functions used before and after it, and a run by runpy.
import runpy


def main():
    print("main of", __name__)
    return helper()


def helper():
    return 3


if __name__ == "__main__":
    print(main())
    result = runpy.run_path(__file__, run_name="again")
    print(result["__name__"], "main" in result)
