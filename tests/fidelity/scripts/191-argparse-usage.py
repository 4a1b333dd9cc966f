# Pins: argparse takes the program's name from sys.argv and leaves with status 2.
import argparse
import os
import sys

parser = argparse.ArgumentParser()
print(parser.prog == os.path.basename(sys.argv[0]))
parser = argparse.ArgumentParser(prog="program")
parser.add_argument("needed")
parser.parse_args()
