# Pins: the warning filters that a script finds.
import sys
import warnings

for entry in warnings.filters:
    print(entry)
print(sys.warnoptions, warnings.defaultaction)
print(sorted(__warningregistry__) if "__warningregistry__" in globals() else "no registry")
