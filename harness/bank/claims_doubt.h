/*
 * claims_doubt.h: why claims on outcomes and variables may not accuse.
 *
 * What an exception, a hang, a success or a variable's value is said of is often
 * another case than the one that runs: a condition of use ("raises ValueError for
 * bad input"), another call, the branch below, the handler's own class. Such words
 * confirm when they fit. They accuse only where the whole comment is the plain
 * statement. Private to the claims of bank/.
 */
#pragma once

#include "bank/script.h"

/* Goes over the snippet's claims when all are read. */
void claims_doubt_script(Script *script);

/* TRUE where commented-out code could do something that outlives the process it is
 * run in: to files, other processes, the network, a database. It must not be run. */
gboolean code_reaches_out(Script *script, const Statements *code);
