/*
 * claim.h: what a document says a line of its code does.
 *
 * A claim is text that was read, with its place and the rule that read it.
 * Whether it holds is for judge/ to say; bank/ only says how far it may be
 * trusted: a claim that may not accuse can confirm, but never contradict.
 */
#pragma once

#include <glib.h>

/* How the claim was written. */
typedef enum {
  CLAIM_LITERAL,    /* print(x)  # 3                       "literal" */
  CLAIM_TRUTH,      /* x is y  # True - the same object    "truth" */
  CLAIM_PROSE,      /* print(n)  # 1 (state is saved)      "value-then-prose" */
  CLAIM_LABEL,      /* print(n)  # Output: [1]             "label" */
  CLAIM_ARROW,      /* #> 3                                "arrow" */
  CLAIM_VERB,       /* f()  # prints 3                     "verb" */
  CLAIM_TEXT,       /* print(s)  # Hello                   "text" */
  CLAIM_EXCEPTION,  /* t[0] = 1  # TypeError               "exception" */
  CLAIM_TRANSCRIPT, /* >>> 1 + 1, and 2 on the next line   "transcript" */
  CLAIM_OUTPUT,     /* a block of output after the snippet "output-block" */
  CLAIM_NAMED,      /* # args is a tuple: (1, 2), # x = 3  "named-value" */
  CLAIM_HANG,       /* lock.acquire()  # hangs forever     "hang" */
  CLAIM_WORKS,      /* users.append(1)  # Works fine       "works" */
  CLAIM_SPEED,      /* # Threads (slower)                  "speed" */
  CLAIM_FIELD,      /* print(b.author)  # one query         "field": words of a fixture */
  CLAIM_PROMISE,    /* what a fixture checks after the run "promise" */
} ClaimRule;

/* What it is compared with. */
typedef enum {
  CLAIM_OF_LINE,      /* what the target's lines wrote, or their value */
  CLAIM_OF_EXCEPTION, /* the exception that the target raises */
  CLAIM_OF_EXAMPLE,   /* all that the target example showed */
  CLAIM_OF_SNIPPET,   /* all that the snippet wrote */
  CLAIM_OF_NAMES,     /* the value of `names` when execution passes the comment (first_line is
                         0), or when the target's lines have been run */
  CLAIM_OF_HANG,      /* that the run never goes on from the target's lines */
  CLAIM_OF_PASSING,   /* that the target's lines raise nothing */
  CLAIM_OF_SPEED,     /* the time that the target's lines print, beside the one that the lines
                         of its `rival` print; expected is "faster", "slower", "same",
                         "not faster" or "not slower" */
  CLAIM_OF_FIELD,     /* what a fixture says about the run: transcript's Checked */
} ClaimTarget;

typedef struct {
  ClaimRule rule;
  ClaimTarget target;
  guint line;       /* source line where its text begins; for an output
                       block this lies beyond the snippet's last line */
  gboolean below;   /* stands on lines of its own under its target */
  guint first_line; /* the statement that it speaks of, first */
  guint last_line;  /* and last source line; 0 and 0 for CLAIM_OF_SNIPPET */
  guint group_line; /* for a claim of several lines below: first line of the
                       statements whose joint output it may be; else 0 */
  guint column;     /* of the comment's sign in its line, in bytes from 0 */
  guint prose_line; /* for a claim that was read from the prose beside the snippet: its
                       document line; then line is 0. Else 0 */
  guint rival;      /* for CLAIM_OF_SPEED: first line of the other print */
  gchar *names;     /* "x" or "x, y": variables whose value, after the target's lines, the
                       claim may speak of: those that an assignment binds, or the
                       object whose method is called; NULL for none */
  gchar *code;      /* the claim speaks of code that is commented out: this, which stands at
                       code_line and is run in a process of its own when execution
                       passes there; first_line and last_line are its lines. NULL
                       for all other claims */
  guint code_line;
  gboolean is_print; /* the statement is one call of print() */
  gboolean is_value; /* the statement is a bare expression */
  gboolean is_inner; /* the statement stands inside a block or a function */
  gboolean leans;    /* its snippet uses names that it does not bind itself:
                        what ran before it decides, too */
  gchar *word;       /* for CLAIM_OF_FIELD: which of the fixture's words or checks made it;
                        else NULL */
  gchar *text;       /* as written, without the comment sign */
  gchar *expected;   /* the part that is compared: label and, for an
                        exception, all but its name removed; LF */
  gchar *cautious;   /* NULL where it may accuse; else why it may not, as a
                        phrase: "hedged: 'about'", "decided by chance:
                        random" */
} Claim;

/* A comment that was looked at and is no claim, for `proctor explain`. */
typedef struct {
  guint line;
  guint first_line; /* the statement that it stands behind, or that it stands over where it has
                       lines of its own: first */
  guint last_line;  /* and last line, of a compound statement that of its header; 0 and 0
                       where there is none */
  gboolean is_own;  /* stands on a line of its own */
  gchar *text;
  gchar *reason; /* a phrase: "prose", "a commented-out line" */
} Unclaimed;

/* text and expected are copied. */
Claim *claim_new(ClaimRule rule, ClaimTarget target, guint line, const gchar *text,
                 const gchar *expected);
void claim_free(Claim *claim);

/* The rule's name in reports; never NULL. */
const gchar *claim_rule_name(ClaimRule rule);

Unclaimed *unclaimed_new(guint line, const gchar *text, const gchar *reason);
void unclaimed_free(Unclaimed *unclaimed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Claim, claim_free)
