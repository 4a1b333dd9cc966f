# Pins: the encodings of files, the file system, and the locale.
import locale
import sys

print(sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())
print(locale.getpreferredencoding(False), locale.getlocale(), sys.flags.utf8_mode)
print(locale.setlocale(locale.LC_CTYPE), locale.setlocale(locale.LC_NUMERIC))
with open("/dev/null") as file:
    print(file.encoding, file.errors)
