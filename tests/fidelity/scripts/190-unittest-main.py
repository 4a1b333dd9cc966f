# Pins: unittest.main() in a script: it finds the tests and sets the exit status.
import unittest


class Test(unittest.TestCase):
    def test_fine(self):
        self.assertEqual(1, 1)

    def test_wrong(self):
        self.assertEqual([1, 2], [1, 3])

    def run(self, result=None):
        return super().run(result)


class Result(unittest.TextTestResult):
    pass


class Runner(unittest.TextTestRunner):
    def run(self, test):
        result = unittest.TestResult()
        test.run(result)
        print(result.testsRun, [text for _, text in result.failures])
        return result


if __name__ == "__main__":
    unittest.main(testRunner=Runner())
