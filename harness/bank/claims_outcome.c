#include "bank/claims_outcome.h"

#include <string.h>

#include "bank/word_set.h"

#define WORDS_MAX 24

typedef struct {
  const gchar *at;
  gsize length;
  gchar sign; /* the first behind it that is no blank: 'a' for a word; 0 at the end */
} Word;

typedef struct {
  Word words[WORDS_MAX];
  guint count;
} Sentence;

/* All lists are in strcmp() order. */
#define WORD_IN(word, list)                                                                        \
  (word_list_find((list), G_N_ELEMENTS(list), (word)->at, (word)->length, TRUE) >= 0)

static gboolean is_letter(gchar character) {
  return g_ascii_isalnum(character) || character == '\'' || character == '_';
}

static void sentence_read(Sentence *sentence, const gchar *text, gsize size) {
  const gchar *at = text, *end = text + size;
  sentence->count = 0;
  while (sentence->count < WORDS_MAX) {
    while (at < end && !is_letter(*at))
      at++;
    if (at == end)
      break;
    Word *word = &sentence->words[sentence->count++];
    word->at = at;
    while (at < end && is_letter(*at))
      at++;
    word->length = (gsize)(at - word->at);
    const gchar *behind = at;
    while (behind < end && *behind == ' ')
      behind++;
    word->sign = behind == end ? '\0' : is_letter(*behind) ? 'a' : *behind;
  }
}

static gboolean is(const Sentence *sentence, guint index, const gchar *word) {
  if (index >= sentence->count)
    return FALSE;
  const Word *found = &sentence->words[index];
  return (found->at[0] | 0x20) == word[0] && found->length == strlen(word) &&
         g_ascii_strncasecmp(found->at, word, found->length) == 0;
}

/* --- it never goes on ------------------------------------------------------- */

/* The words of a phrase that says so, from index; 0 where there is none. */
static guint hang_phrase(const Sentence *sentence, guint index, gboolean *is_noun,
                         gboolean *is_loop) {
  static const gchar *const verbs[] = {"deadlocked", "deadlocks", "hang", "hanging", "hangs"};
  static const gchar *const waits[] = {"block", "blocked", "blocks", "loop",  "loops",
                                       "run",   "running", "runs",   "spins", "stuck",
                                       "wait",  "waiting", "waits"};
  static const gchar *const ever[] = {"endlessly", "forever", "indefinitely"};
  static const gchar *const ends[] = {"complete", "completes", "end",       "ends",
                                      "exits",    "finish",    "finishes",  "return",
                                      "returns",  "stops",     "terminate", "terminates"};
  /* All of their first words: most comments have none of them. */
  static const gchar *const firsts[] = {
      "block",   "blocked", "blocks",   "deadlock", "deadlocked", "deadlocks", "endless", "hang",
      "hanging", "hangs",   "infinite", "loop",     "loops",      "never",     "run",     "running",
      "runs",    "spins",   "stuck",    "wait",     "waiting",    "waits"};
  const Word *word = &sentence->words[index];
  const Word *next = index + 1 < sentence->count ? word + 1 : NULL;
  *is_noun = *is_loop = FALSE;
  if (!WORD_IN(word, firsts))
    return 0;
  if (WORD_IN(word, verbs))
    return 1;
  if (is(sentence, index, "deadlock")) {
    *is_noun = TRUE;
    return 1;
  }
  if (next == NULL || word->sign != 'a')
    return 0;
  if ((WORD_IN(word, waits) && WORD_IN(next, ever)) ||
      (is(sentence, index, "never") && WORD_IN(next, ends)))
    return 2;
  if ((is(sentence, index, "infinite") || is(sentence, index, "endless")) &&
      is(sentence, index + 1, "loop")) {
    *is_loop = TRUE;
    return 2;
  }
  return 0;
}

/* "a deadlock", "Deadlock!", but not "deadlock example". */
static gboolean noun_says_so(const Sentence *sentence, guint index) {
  static const gchar *const before[] = {"a",     "cause",    "causes", "creates", "in",  "into",
                                        "leads", "produces", "the",    "to",      "will"};
  static const gchar *const behind[] = {"because", "happens", "here", "now", "occurs", "since"};
  const Word *word = &sentence->words[index];
  if (index > 0 && (WORD_IN(word - 1, before) || (word - 1)->sign != 'a'))
    return TRUE;
  if (index > 0)
    return FALSE;
  return (word->sign == 'a' && WORD_IN(word + 1, behind)) ||
         (word->sign != 'a' && word->sign != '-');
}

static Reading read_hang(const Sentence *sentence, gboolean *is_title) {
  static const gchar *const denials[] = {
      "avoid",      "avoiding", "avoids",   "break",   "breaks",    "can't",
      "cannot",     "detect",   "detects",  "doesn't", "don't",     "eliminates",
      "exit",       "fix",      "fixed",    "fixes",   "instead",   "isn't",
      "never",      "no",       "non",      "not",     "otherwise", "prevent",
      "preventing", "prevents", "protects", "resolve", "resolves",  "safe",
      "solve",      "solves",   "stops",    "unlike",  "without",   "won't"};
  static const gchar *const denied[] = {"avoidance", "avoided",   "detection",  "free",
                                        "handling",  "prevented", "prevention", "recovery",
                                        "resolved",  "safe"};
  static const gchar *const doubts[] = {
      "can",         "conditions", "could",   "for",  "if",       "likely",   "may",
      "maybe",       "might",      "often",   "or",   "possible", "possibly", "potential",
      "potentially", "probably",   "prone",   "risk", "risks",    "should",   "sometimes",
      "unless",      "until",      "usually", "when", "while",    "would"};
  gboolean is_noun = FALSE, is_loop = FALSE;
  guint index = 0, length = 0;
  while (index < sentence->count &&
         (length = hang_phrase(sentence, index, &is_noun, &is_loop)) == 0)
    index++;
  *is_title = FALSE;
  gboolean is_short = FALSE;
  if (length == 0) {
    /* "blocks", "it blocks here" */
    guint last = sentence->count > 0 && is(sentence, sentence->count - 1, "here")
                     ? sentence->count - 1
                     : sentence->count;
    if (last == 0 || last > 2 || !is(sentence, last - 1, "blocks") ||
        (last == 2 && !is(sentence, 0, "this") && !is(sentence, 0, "it")))
      return (Reading){0};
    index = last - 1;
    length = 1;
    is_short = TRUE;
  }
  const Word *doubt = NULL;
  for (guint i = 0; i < sentence->count; i++) {
    const Word *word = &sentence->words[i];
    if (i < index && WORD_IN(word, denials))
      return (Reading){0};
    if (i >= index + length && i < index + length + 2 && WORD_IN(word, denied))
      return (Reading){0};
    if (doubt == NULL && (i < index || i >= index + length) && WORD_IN(word, doubts) &&
        i < index + length + 2)
      doubt = word;
  }
  Reading reading = {.is_claim = TRUE, .rule = CLAIM_HANG, .is_clear = TRUE};
  reading.expected = g_strdup("hangs");
  if (doubt != NULL)
    reading.cautious = g_strdup_printf("hedged: '%.*s'", (int)doubt->length, doubt->at);
  else if (is_loop)
    reading.cautious = g_strdup("a loop may be left all the same");
  else if (is_short)
    reading.cautious = g_strdup("may block for a while only");
  else if (is_noun && !noun_says_so(sentence, index))
    reading.cautious = g_strdup("may be a title");
  else if (index > 6)
    reading.cautious = g_strdup("prose stands before it");
  *is_title = is_noun && sentence->count == 1 && sentence->words[0].sign == '\0';
  return reading;
}

/* --- it works, it fails ------------------------------------------------------ */

/* Nothing, a sign, or a word that gives a reason stands behind a word. */
static gboolean ends_there(const Sentence *sentence, guint index) {
  static const gchar *const going_on[] = {
      "again",    "also",  "anyway", "as",     "because", "both", "correctly", "fine",
      "great",    "here",  "just",   "nicely", "now",     "ok",   "okay",      "perfectly",
      "properly", "since", "so",     "still",  "though",  "too",  "well",      "without"};
  const Word *word = &sentence->words[index];
  if (word->sign != 'a')
    return word->sign == '\0' || strchr("!.,;:(-\xe2", word->sign) != NULL;
  /* "as expected", but not "as a decorator". */
  if (is(sentence, index + 1, "as"))
    return is(sentence, index + 2, "expected") || is(sentence, index + 2, "intended") ||
           is(sentence, index + 2, "well");
  return WORD_IN(word + 1, going_on);
}

static Reading outcome(ClaimRule rule, const gchar *expected, gchar *cautious) {
  return (Reading){.is_claim = TRUE,
                   .rule = rule,
                   .expected = g_strdup(expected),
                   .cautious = cautious,
                   .is_clear = TRUE};
}

/* KeyError */
static gboolean is_error_name(const Word *word) {
  return word->length > 5 && g_ascii_isupper(word->at[0]) &&
         memcmp(word->at + word->length - 5, "Error", 5) == 0;
}

static Reading fails(void) {
  return outcome(CLAIM_EXCEPTION, "Exception", g_strdup("names no exception"));
}

static gchar *hedge_of(const Word *doubt) {
  return doubt != NULL ? g_strdup_printf("hedged: '%.*s'", (int)doubt->length, doubt->at) : NULL;
}

/* What stands behind "works" when it holds under a condition. */
static const Word *condition_behind(const Sentence *sentence, guint index) {
  static const gchar *const conditions[] = {"if", "unless", "until", "when"};
  if (sentence->words[index].sign != 'a' || !WORD_IN(&sentence->words[index + 1], conditions))
    return NULL;
  return &sentence->words[index + 1];
}

/* "does not raise", "won't fail", "no longer works" from index. */
static Reading read_denied(const Sentence *sentence, guint index, const Word *doubt) {
  static const gchar *const raises[] = {"crash", "fail", "raise", "raises", "throw", "throws"};
  static const gchar *const works[] = {"compile", "run", "work", "works"};
  static const gchar *const states[] = {"allowed",   "legal",    "ok",        "okay",
                                        "permitted", "possible", "supported", "valid"};
  static const gchar *const anything[] = {"an", "any", "anything"};
  static const gchar *const errors[] = {"error", "errors", "exception", "exceptions"};
  if (index >= sentence->count)
    return (Reading){0};
  const Word *word = &sentence->words[index];
  /* "won't work with text" */
  if (WORD_IN(word, works))
    return fails();
  if (WORD_IN(word, states) && (ends_there(sentence, index) || is(sentence, index + 1, "in")))
    return fails();
  if (!WORD_IN(word, raises))
    return (Reading){0};
  if (word->sign == 'a' && WORD_IN(word + 1, anything))
    index++;
  if (index + 1 < sentence->count && WORD_IN(&sentence->words[index + 1], errors))
    index++;
  return ends_there(sentence, index) ? outcome(CLAIM_WORKS, "works", hedge_of(doubt))
                                     : (Reading){0};
}

static Reading read_works(const Sentence *sentence) {
  static const gchar *const lead[] = {"also", "and",   "both", "but",  "code",  "however", "it",
                                      "it's", "line",  "now",  "so",   "still", "that",    "that's",
                                      "the",  "these", "this", "will", "would"};
  static const gchar *const doubts[] = {"could", "may", "might", "should"};
  static const gchar *const is_so[] = {"all",       "are", "completely", "is",
                                       "perfectly", "run", "runs",       "totally"};
  static const gchar *const works[] = {"work", "worked", "works"};
  static const gchar *const states[] = {"accepted", "allowed", "fine",      "legal",    "ok",
                                        "okay",     "passes",  "permitted", "succeeds", "valid"};
  static const gchar *const failures[] = {"breaks",    "crash",   "crashes", "disallowed",
                                          "error",     "errors",  "fail",    "fails",
                                          "forbidden", "illegal", "invalid"};
  static const gchar *const raises[] = {"cause", "causes", "gives", "produces",
                                        "raise", "raises", "throw", "throws"};
  static const gchar *const errors[] = {"error", "errors", "exception", "exceptions",
                                        "issue", "issues", "problem",   "problems"};
  static const gchar *const denials[] = {"can't", "cannot", "doesn't", "isn't",
                                         "never", "not",    "won't"};
  const Word *doubt = NULL;
  guint index = 0;
  for (; index < sentence->count; index++) {
    const Word *word = &sentence->words[index];
    if (WORD_IN(word, doubts))
      doubt = word;
    else if (!WORD_IN(word, lead))
      break;
  }
  while (index + 1 < sentence->count && WORD_IN(&sentence->words[index], is_so) &&
         sentence->words[index].sign == 'a')
    index++;
  if (index >= sentence->count)
    return (Reading){0};
  const Word *word = &sentence->words[index];
  gboolean is_works = WORD_IN(word, works);
  if (is_works || WORD_IN(word, states)) {
    const Word *condition = condition_behind(sentence, index);
    /* "valid Python" */
    gboolean is_python = is(sentence, index + 1, "python") && !is_works;
    if (!ends_there(sentence, index) && condition == NULL && !is_python)
      return (Reading){0};
    return outcome(CLAIM_WORKS, "works", hedge_of(doubt != NULL ? doubt : condition));
  }
  if (is(sentence, index, "raises") && is(sentence, index + 1, "nothing"))
    return outcome(CLAIM_WORKS, "works", hedge_of(doubt));
  if (is(sentence, index, "no")) {
    if (is(sentence, index + 1, "longer"))
      return read_denied(sentence, index + 2, doubt);
    if (index + 1 == sentence->count)
      return (Reading){0};
    if (is_error_name(word + 1))
      return ends_there(sentence, index + 1) ? outcome(CLAIM_WORKS, "works", hedge_of(doubt))
                                             : (Reading){0};
    if (!WORD_IN(word + 1, errors))
      return (Reading){0};
    const Word *condition = condition_behind(sentence, index + 1);
    if (!ends_there(sentence, index + 1) && condition == NULL && !is(sentence, index + 2, "is") &&
        !is(sentence, index + 2, "raised") && !is(sentence, index + 2, "this"))
      return (Reading){0};
    return outcome(CLAIM_WORKS, "works", hedge_of(doubt != NULL ? doubt : condition));
  }
  if (is(sentence, index, "does") && is(sentence, index + 1, "not"))
    return read_denied(sentence, index + 2, doubt);
  if (WORD_IN(word, denials))
    return read_denied(sentence, index + 1, doubt);
  if (WORD_IN(word, failures))
    return ends_there(sentence, index) || condition_behind(sentence, index) ? fails()
                                                                            : (Reading){0};
  if (WORD_IN(word, raises)) {
    guint noun = is(sentence, index + 1, "an") || is(sentence, index + 1, "a") ||
                         is(sentence, index + 1, "the")
                     ? index + 2
                     : index + 1;
    if (noun < sentence->count && WORD_IN(&sentence->words[noun], errors) &&
        (ends_there(sentence, noun) || condition_behind(sentence, noun)))
      return fails();
  }
  return (Reading){0};
}

Reading outcome_read(const gchar *text, gsize size, gboolean *is_title) {
  Sentence sentence;
  sentence_read(&sentence, text, size);
  Reading reading = read_hang(&sentence, is_title);
  if (!reading.is_claim && sentence.count > 0)
    reading = read_works(&sentence);
  if (reading.is_claim && reading.cautious == NULL && memchr(text, '?', size) != NULL)
    reading.cautious = g_strdup("hedged: '?'");
  return reading;
}
