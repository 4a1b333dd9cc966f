/*
 * fixture_sources.h: the Python files of this folder, as they are in the program.
 */
#pragma once

extern const char fixture_module_source[]; /* fixture_module.py; ends with a NUL, as the other */
extern const char fixture_loader_source[]; /* fixture_loader.py */
