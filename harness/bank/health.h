/*
 * health.h: what a bank's documents show about it without running anything.
 *
 * What is a question, and not merely a heading? With a number in front, it is, unless all that
 * stands under it are further numbered headings. In a document without such numbers each heading
 * is that has none under it. A document's own title is none.
 *
 * A question without an answer has nothing under it that a reader would see (see answer.h). A
 * heading without a number that is empty is only told where its like are not empty, or where it
 * asks: it may stand over what follows. Lists are questions without an answer where they stand
 * alone under headings such as others have their questions under, and where some of the entries
 * ask.
 *
 * When unsure, nothing is told.
 */
#pragma once

#include "model/health.h"

/* documents: Document *; they outlive what is returned, as HealthNote borrows from them. */
Health *bank_health(const GPtrArray *documents);
