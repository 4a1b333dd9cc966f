/*
 * check.h: what a check's exit code follows from.
 */
#pragma once

#include <glib.h>

#include "model/verdict.h"

/* A CLI_... code: FAILED before WRONG before NOTHING before OK. */
int check_exit_code(const Ledger *ledger, gboolean is_incomplete, gboolean is_strict);
