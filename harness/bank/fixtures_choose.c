/* Which fixture a snippet runs with. Every word that a fixture speaks of is in one table; what is
 * known of it, and whether the snippet that is read has it, stands beside it, so that a snippet
 * costs one pass over its words, and the table is never gone through. */
#include "bank/fixtures.h"

#include <string.h>

#include "bank/bindings.h"
#include "bank/config.h"
#include "bank/names.h"
#include "bank/suggest.h"
#include "bank/word_set.h"
#include "model/document.h"

/* Fixtures (indexes) that speak of a word, and what the documents do with it. */
typedef struct {
  gchar *text;
  GArray *provided; /* guint: by these fixtures; NULL for none */
  GArray *imported; /* chooses these */
  GArray *signs;    /* is a sign of these */
  GArray *keywords; /* of these where it names an argument: f(word=...) */
  /* Of the document that is gone through: */
  const Document *document; /* some block of it binds the name */
  const Question *question; /* the last block that does stands under this */
  guint bound_by;           /* number of the last snippet that binds it */
  guint needed_by;          /* of the last that needs it */
} Word;

/* What the snippet that is read has of a fixture. */
typedef struct {
  guint score;  /* see score_of() */
  guint number; /* of the snippet; else nothing of what follows counts */
  gboolean has_sign, has_import;
  GPtrArray *names;   /* const gchar *: that it needs and the fixture provides */
  GPtrArray *imports; /* modules that choose it */
} Hit;

typedef struct {
  const GPtrArray *fixtures;
  GHashTable *by_name; /* name -> Fixture * */
  WordSet words;       /* flags: 1 + index in entries */
  WordSet heads;       /* first parts of modules */
  gsize longest;       /* of these modules */
  GPtrArray *entries;  /* Word * */
  Hit *hits;           /* one a fixture */
  guint number;        /* of the snippet that is read, from 1 */
  const Snippet *snippet;
  GPtrArray *bound;   /* Word *: that the snippet binds */
  gboolean binds_all; /* `import *` */
} Chooser;

static void word_free(gpointer data) {
  Word *word = data;
  if (word->provided != NULL)
    g_array_unref(word->provided);
  if (word->imported != NULL)
    g_array_unref(word->imported);
  if (word->signs != NULL)
    g_array_unref(word->signs);
  if (word->keywords != NULL)
    g_array_unref(word->keywords);
  g_free(word->text);
  g_free(word);
}

static Word *word_find(const Chooser *chooser, const gchar *text, gsize length) {
  const WordSlot *slot = word_set_find(&chooser->words, text, length);
  return slot != NULL ? g_ptr_array_index(chooser->entries, slot->flags - 1) : NULL;
}

static Word *word_take(Chooser *chooser, const gchar *text, gsize length) {
  WordSlot *slot = word_set_add(&chooser->words, text, length);
  if (slot->flags == 0) {
    Word *word = g_new0(Word, 1);
    word->text = g_strndup(text, length);
    g_ptr_array_add(chooser->entries, word);
    slot->flags = chooser->entries->len;
  }
  return g_ptr_array_index(chooser->entries, slot->flags - 1);
}

static void index_add(GArray **list, guint index) {
  if (*list == NULL)
    *list = g_array_new(FALSE, FALSE, sizeof(guint));
  g_array_append_val(*list, index);
}

static void chooser_init(Chooser *chooser, const GPtrArray *fixtures) {
  *chooser = (Chooser){.fixtures = fixtures};
  word_set_init(&chooser->words, FALSE);
  word_set_init(&chooser->heads, FALSE);
  chooser->by_name = g_hash_table_new(g_str_hash, g_str_equal);
  chooser->entries = g_ptr_array_new_with_free_func(word_free);
  chooser->bound = g_ptr_array_new();
  chooser->hits = g_new0(Hit, fixtures->len);
  for (guint i = 0; i < fixtures->len; i++) {
    Fixture *fixture = g_ptr_array_index(fixtures, i);
    g_hash_table_insert(chooser->by_name, fixture->name, fixture);
    for (gchar **name = fixture->provides; *name != NULL; name++)
      index_add(&word_take(chooser, *name, strlen(*name))->provided, i);
    for (gchar **sign = fixture->signs; *sign != NULL; sign++) {
      gsize length = strcspn(*sign, "=");
      Word *word = word_take(chooser, *sign, length);
      index_add((*sign)[length] == '=' ? &word->keywords : &word->signs, i);
    }
    for (gchar **name = fixture->imports; *name != NULL; name++) {
      index_add(&word_take(chooser, *name, strlen(*name))->imported, i);
      word_set_add(&chooser->heads, *name, strcspn(*name, "."));
      chooser->longest = MAX(chooser->longest, strlen(*name));
    }
    chooser->hits[i].names = g_ptr_array_new();
    chooser->hits[i].imports = g_ptr_array_new();
  }
}

static void chooser_clear(Chooser *chooser) {
  for (guint i = 0; i < chooser->fixtures->len; i++) {
    g_ptr_array_unref(chooser->hits[i].names);
    g_ptr_array_unref(chooser->hits[i].imports);
  }
  g_free(chooser->hits);
  g_hash_table_unref(chooser->by_name);
  g_ptr_array_unref(chooser->entries);
  g_ptr_array_unref(chooser->bound);
  word_set_clear(&chooser->words);
  word_set_clear(&chooser->heads);
}

static Hit *hit_of(Chooser *chooser, guint fixture) {
  Hit *hit = &chooser->hits[fixture];
  if (hit->number != chooser->number) {
    hit->number = chooser->number;
    hit->has_sign = hit->has_import = FALSE;
    g_ptr_array_set_size(hit->names, 0);
    g_ptr_array_set_size(hit->imports, 0);
  }
  return hit;
}

/* --- what a snippet has ----------------------------------------------------------------- */

/* Most snippets have no word that matters: they cost this and no more. */
static gboolean may_concern(const Chooser *chooser, const gchar *source) {
  for (const gchar *at = source; *at != '\0';) {
    gsize length = 0;
    while (g_ascii_isalnum(at[length]) || at[length] == '_' || (guchar)at[length] >= 0x80)
      length++;
    if (length > 0 && (word_set_find(&chooser->words, at, length) != NULL ||
                       word_set_find(&chooser->heads, at, length) != NULL))
      return TRUE;
    at += MAX(length, 1);
  }
  return FALSE;
}

/* The code of a session without its prompts and output; NULL for a script. */
static gchar *session_code(const Snippet *snippet) {
  if (snippet->examples == NULL)
    return NULL;
  GString *code = g_string_new(NULL);
  for (guint i = 0; i < snippet->examples->len; i++) {
    const Example *example = g_ptr_array_index(snippet->examples, i);
    g_string_append(code, example->source);
  }
  return g_string_free(code, FALSE);
}

static void on_name(const gchar *name, gsize length, gpointer data) {
  Chooser *chooser = data;
  if (length == 1 && *name == '*')
    chooser->binds_all = TRUE;
  Word *word = word_find(chooser, name, length);
  if (word == NULL || word->bound_by == chooser->number)
    return;
  word->bound_by = chooser->number;
  g_ptr_array_add(chooser->bound, word);
}

/* "django.db.models" is met by IMPORTS "django", "django.db" and itself. */
static void on_module(const gchar *module, gsize length, gpointer data) {
  Chooser *chooser = data;
  for (gsize part = 1; part <= MIN(length, chooser->longest); part++) {
    if (part < length && module[part] != '.')
      continue;
    Word *word = word_find(chooser, module, part);
    for (guint i = 0; word != NULL && word->imported != NULL && i < word->imported->len; i++) {
      Hit *hit = hit_of(chooser, g_array_index(word->imported, guint, i));
      hit->has_import = TRUE;
      if (!g_ptr_array_find(hit->imports, word->text, NULL))
        g_ptr_array_add(hit->imports, (gpointer)word->text);
    }
  }
}

/* names_need() asks for each name that nothing binds. */
static gboolean on_need(const gchar *name, gsize length, gpointer data) {
  Chooser *chooser = data;
  Word *word = word_find(chooser, name, length);
  if (word == NULL || word->provided == NULL || word->needed_by == chooser->number)
    return TRUE;
  word->needed_by = chooser->number;
  /* An earlier block under this heading brings it. */
  if (word->document == chooser->snippet->document && word->question == chooser->snippet->question)
    return TRUE;
  for (guint i = 0; i < word->provided->len; i++)
    g_ptr_array_add(hit_of(chooser, g_array_index(word->provided, guint, i))->names,
                    (gpointer)word->text);
  return TRUE;
}

static void signs_take(Chooser *chooser, const GArray *fixtures) {
  for (guint i = 0; fixtures != NULL && i < fixtures->len; i++)
    hit_of(chooser, g_array_index(fixtures, guint, i))->has_sign = TRUE;
}

/* Where a word stands, told by the tokens around it. */
typedef struct {
  const Word *word;
  gboolean is_attribute, is_own; /* x.word; self.word, which says nothing of the field */
} Place;

static void sign_take(Chooser *chooser, const Place *place, const PythonToken *next) {
  const Word *word = place->word;
  gboolean is_keyword = next->kind == TOKEN_OPERATOR && next->depth > 0 && token_is(next, "=") &&
                        !place->is_attribute;
  if (is_keyword)
    signs_take(chooser, word->keywords);
  else if (place->is_attribute ? !place->is_own : word->bound_by != chooser->number)
    signs_take(chooser, word->signs);
}

/* A sign is an attribute, or a name that the snippet does not bind by itself to what it likes. */
static void find_signs(Chooser *chooser, const Statements *statements) {
  NameScanner scanner;
  PythonToken token, before = {.kind = TOKEN_END}, owner = before;
  Place place = {NULL};
  name_scanner_init(&scanner, statements);
  while (name_scanner_next(&scanner, &token)) {
    if (place.word != NULL)
      sign_take(chooser, &place, &token);
    place.word = NULL;
    if (token.kind == TOKEN_NAME) {
      gboolean is_attribute = before.kind == TOKEN_OPERATOR && token_is(&before, ".");
      place = (Place){word_find(chooser, token.start, token.length), is_attribute,
                      is_attribute && owner.kind == TOKEN_NAME && token_is(&owner, "self")};
    }
    owner = before;
    before = token;
  }
  if (place.word != NULL)
    sign_take(chooser, &place, &(PythonToken){.kind = TOKEN_END});
}

static void snippet_read(Chooser *chooser, const Snippet *snippet) {
  const BindingCalls calls = {on_name, on_module, chooser};
  chooser->number++;
  chooser->snippet = snippet;
  chooser->binds_all = FALSE;
  g_ptr_array_set_size(chooser->bound, 0);
  if (!may_concern(chooser, snippet->source))
    return;
  g_autofree gchar *session = session_code(snippet);
  const gchar *code = session != NULL ? session : snippet->source;
  g_autoptr(Statements) statements = statements_read(code, strlen(code));
  bindings_read(statements, &calls);
  names_need(statements, on_need, chooser);
  find_signs(chooser, statements);
}

/* What the snippet binds counts for those behind it. */
static void snippet_leave(Chooser *chooser) {
  for (guint i = 0; i < chooser->bound->len; i++) {
    Word *word = g_ptr_array_index(chooser->bound, i);
    word->document = chooser->snippet->document;
    word->question = chooser->snippet->question;
  }
}

/* --- choosing ------------------------------------------------------------------------------ */

static gint by_text(gconstpointer left, gconstpointer right) {
  return strcmp(*(const gchar *const *)left, *(const gchar *const *)right);
}

/* 0 where nothing speaks for the fixture. */
static guint score_of(const Chooser *chooser, guint index) {
  const Fixture *fixture = g_ptr_array_index(chooser->fixtures, index);
  const Hit *hit = &chooser->hits[index];
  if (hit->number != chooser->number)
    return 0;
  gboolean is_alone = !hit->has_import;
  if (is_alone && (chooser->binds_all || (fixture->signs[0] != NULL && !hit->has_sign)))
    return 0;
  return hit->names->len + hit->imports->len;
}

/* Names of the snippet, then "import django"; in order. */
static GStrv names_of(const Chooser *chooser, guint index) {
  const Hit *hit = &chooser->hits[index];
  g_autoptr(GStrvBuilder) names = g_strv_builder_new();
  if (hit->number == chooser->number) {
    g_ptr_array_sort(hit->names, by_text);
    g_ptr_array_sort(hit->imports, by_text);
    for (guint i = 0; i < hit->names->len; i++)
      g_strv_builder_add(names, g_ptr_array_index(hit->names, i));
    for (guint i = 0; i < hit->imports->len; i++) {
      g_autofree gchar *text =
          g_strdup_printf("import %s", (const gchar *)g_ptr_array_index(hit->imports, i));
      g_strv_builder_add(names, text);
    }
  }
  return g_strv_builder_end(names);
}

/* An earlier block of the document, under another heading, binds a name of these. */
static gboolean is_late(const Chooser *chooser, guint index) {
  const Hit *hit = &chooser->hits[index];
  for (guint i = 0; i < hit->names->len; i++) {
    const gchar *name = g_ptr_array_index(hit->names, i);
    if (word_find(chooser, name, strlen(name))->document == chooser->snippet->document)
      return TRUE;
  }
  return FALSE;
}

/* "'Book' is provided by a.py and b.py: say in bank.yaml which is meant" */
static gchar *tie_text(const Chooser *chooser, guint first, guint second) {
  const Fixture *one = g_ptr_array_index(chooser->fixtures, first);
  const Fixture *other = g_ptr_array_index(chooser->fixtures, second);
  g_auto(GStrv) names = names_of(chooser, first);
  g_auto(GStrv) others = names_of(chooser, second);
  for (gchar **name = names; *name != NULL; name++)
    if (g_strv_contains((const gchar *const *)others, *name))
      return g_strdup_printf("'%s' is provided by %s and %s: say in " CONFIG_NAME " which is meant",
                             *name, one->shown_path, other->shown_path);
  return g_strdup_printf("'%s' is provided by %s, '%s' by %s: say in " CONFIG_NAME
                         " which is meant",
                         names[0], one->shown_path, others[0], other->shown_path);
}

static gboolean is_behind(const Chooser *chooser, guint one, guint other) {
  return fixture_is_behind(g_ptr_array_index(chooser->fixtures, one),
                           g_ptr_array_index(chooser->fixtures, other));
}

/* Sets all scores. */
static guint best_of(Chooser *chooser) {
  guint best = 0;
  for (guint i = 0; i < chooser->fixtures->len; i++) {
    guint score = chooser->hits[i].score = score_of(chooser, i);
    if (score > chooser->hits[best].score ||
        (score == chooser->hits[best].score && is_behind(chooser, best, i)))
      best = i;
  }
  return best;
}

/* One that is as good and not behind it; without any, the best itself. */
static guint rival_of(const Chooser *chooser, guint best) {
  for (guint i = 0; i < chooser->fixtures->len; i++)
    if (i != best && chooser->hits[i].score == chooser->hits[best].score &&
        !is_behind(chooser, i, best))
      return i;
  return best;
}

/* The fixture with most of the names, where only a sign of it is missing; NULL for none. */
static const Fixture *find_passed_over(const Chooser *chooser) {
  const Fixture *found = NULL;
  guint most = 0;
  for (guint i = 0; i < chooser->fixtures->len; i++) {
    const Fixture *fixture = g_ptr_array_index(chooser->fixtures, i);
    const Hit *hit = &chooser->hits[i];
    if (hit->number != chooser->number || hit->has_sign || fixture->problem != NULL)
      continue;
    if (hit->names->len > most ||
        (found != NULL && hit->names->len == most && fixture_is_behind(found, fixture))) {
      found = fixture;
      most = hit->names->len;
    }
  }
  return found;
}

static void choose_by_names(Chooser *chooser, Snippet *snippet) {
  guint best = best_of(chooser);
  if (chooser->hits[best].score == 0) {
    snippet->passed_over = find_passed_over(chooser);
    return;
  }
  guint rival = rival_of(chooser, best);
  const Fixture *fixture = g_ptr_array_index(chooser->fixtures, best);
  g_auto(GStrv) names = names_of(chooser, best);
  FixtureChoice *choice = fixture_choice_new(fixture, (const gchar *const *)names);
  snippet->choice = choice;
  if (rival != best)
    choice->problem = tie_text(chooser, best, rival);
  else
    choice->problem = g_strdup(fixture->problem);
  if (choice->problem != NULL)
    choice->fixture = NULL;
  choice->is_late = is_late(chooser, best);
  /* A variant that is said without a fixture is meant for the one that has it. */
  if (choice->fixture != NULL && snippet->settings != NULL && snippet->settings->variant != NULL &&
      fixture_variant(fixture, snippet->settings->variant) != NULL)
    choice->variant = g_strdup(snippet->settings->variant);
}

static guint index_of(const Chooser *chooser, const Fixture *fixture) {
  guint index = 0;
  g_ptr_array_find((GPtrArray *)chooser->fixtures, fixture, &index);
  return index;
}

static void choose_as_configured(Chooser *chooser, Snippet *snippet) {
  const Settings *settings = snippet->settings;
  const Fixture *fixture = g_hash_table_lookup(chooser->by_name, settings->fixture);
  g_auto(GStrv) names = names_of(chooser, index_of(chooser, fixture));
  FixtureChoice *choice = fixture_choice_new(fixture, (const gchar *const *)names);
  snippet->choice = choice;
  choice->is_configured = TRUE;
  choice->variant = g_strdup(settings->variant);
  choice->problem = g_strdup(fixture->problem);
  if (choice->problem != NULL)
    choice->fixture = NULL;
}

/* --- what settings name ------------------------------------------------------------------- */

static gboolean is_none(const Settings *settings) {
  return settings->fixture != NULL && g_str_equal(settings->fixture, "none");
}

G_GNUC_PRINTF(3, 4)
static gboolean refuse(const gchar *place, GError **error, const gchar *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree gchar *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_NAMES, "%s: %s",
              place != NULL ? place : CONFIG_NAME, message);
  return FALSE;
}

static gboolean fixture_check(const Chooser *chooser, const Settings *settings, GError **error) {
  if (g_hash_table_contains(chooser->by_name, settings->fixture))
    return TRUE;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < chooser->fixtures->len; i++)
    g_ptr_array_add(names, ((const Fixture *)g_ptr_array_index(chooser->fixtures, i))->name);
  g_ptr_array_add(names, (gpointer) "none");
  g_autofree gchar *hint =
      suggestion(settings->fixture, (const gchar *const *)names->pdata, names->len);
  return refuse(settings->fixture_place, error, "there is no fixture '%s'%s", settings->fixture,
                hint);
}

static gboolean variant_check(const Chooser *chooser, const Settings *settings, GError **error) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  const Fixture *only =
      settings->fixture != NULL ? g_hash_table_lookup(chooser->by_name, settings->fixture) : NULL;
  for (guint i = 0; i < chooser->fixtures->len; i++) {
    const Fixture *fixture = g_ptr_array_index(chooser->fixtures, i);
    if (only != NULL && fixture != only)
      continue;
    if (fixture->problem != NULL || fixture_variant(fixture, settings->variant) != NULL)
      return TRUE;
    for (guint k = 0; k < fixture->variants->len; k++)
      g_ptr_array_add(names,
                      ((const FixtureVariant *)g_ptr_array_index(fixture->variants, k))->name);
  }
  g_autofree gchar *hint =
      suggestion(settings->variant, (const gchar *const *)names->pdata, names->len);
  if (only != NULL)
    return refuse(settings->variant_place, error, "the fixture '%s' has no variant '%s'%s",
                  only->name, settings->variant, hint);
  return refuse(settings->variant_place, error, "no fixture has a variant '%s'%s",
                settings->variant, hint);
}

static gboolean settings_check(const Chooser *chooser, const Settings *settings, GError **error) {
  if (settings == NULL || is_none(settings))
    return TRUE;
  if (settings->fixture != NULL && !fixture_check(chooser, settings, error))
    return FALSE;
  return settings->variant == NULL || variant_check(chooser, settings, error);
}

/* --- all ------------------------------------------------------------------------------------ */

static gboolean all_check(const Chooser *chooser, const GPtrArray *documents, GError **error) {
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint k = 0; k < document->snippets->len; k++) {
      const Snippet *snippet = g_ptr_array_index(document->snippets, k);
      if (!settings_check(chooser, snippet->settings, error))
        return FALSE;
    }
  }
  return TRUE;
}

static void all_choose(Chooser *chooser, const GPtrArray *documents) {
  for (guint i = 0; i < documents->len; i++) {
    const Document *document = g_ptr_array_index(documents, i);
    for (guint k = 0; k < document->snippets->len; k++) {
      Snippet *snippet = g_ptr_array_index(document->snippets, k);
      snippet_read(chooser, snippet);
      const Settings *settings = snippet->settings;
      if (settings == NULL || settings->fixture == NULL)
        choose_by_names(chooser, snippet);
      else if (!is_none(settings))
        choose_as_configured(chooser, snippet);
      snippet_leave(chooser);
    }
  }
}

gboolean fixtures_choose(const GPtrArray *fixtures, const GPtrArray *documents, GError **error) {
  Chooser chooser;
  chooser_init(&chooser, fixtures);
  gboolean is_fine = all_check(&chooser, documents, error);
  if (is_fine && fixtures->len > 0)
    all_choose(&chooser, documents);
  chooser_clear(&chooser);
  return is_fine;
}
