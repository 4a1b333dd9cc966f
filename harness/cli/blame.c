/* Who last wrote the lines of a block, its claims and what was accepted for it. */
#include "git/blame.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/common.h"
#include "cli/material.h"
#include "cli/source.h"
#include "report/text.h"

#define SUMMARY_WIDTH 40
#define AUTHOR_WIDTH 20
#define MARK_WIDTH 60

/* A line of what is printed. */
typedef struct {
  guint first; /* lines of the file */
  guint last;
  const Origin *origin; /* borrowed */
  gchar *mark;          /* "claim: Output: [1, 2]", or NULL */
} Row;

/* A file, and who wrote some of its lines. */
typedef struct {
  gchar *title;
  const gchar *path;
  GArray *lines;      /* guint, in order */
  GHashTable *marks;  /* line -> gchar * */
  GPtrArray *origins; /* Origin *, of each line */
} Section;

static void row_clear(gpointer data) {
  g_free(((Row *)data)->mark);
}

static void section_clear(Section *section) {
  g_free(section->title);
  g_clear_pointer(&section->lines, g_array_unref);
  g_clear_pointer(&section->marks, g_hash_table_unref);
  g_clear_pointer(&section->origins, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Section, section_clear)

static void section_begin(Section *section, const gchar *path, gchar *title) {
  section->path = path;
  section->title = title;
  section->lines = g_array_new(FALSE, FALSE, sizeof(guint));
  section->marks = g_hash_table_new_full(NULL, NULL, NULL, g_free);
}

static gint by_number(gconstpointer left, gconstpointer right) {
  guint one = *(const guint *)left;
  guint other = *(const guint *)right;
  return one < other ? -1 : one > other;
}

static void section_add(Section *section, guint first, guint last) {
  for (guint line = first; line <= last; line++) {
    guint i = 0;
    while (i < section->lines->len && g_array_index(section->lines, guint, i) != line)
      i++;
    if (i == section->lines->len)
      g_array_append_val(section->lines, line);
  }
  g_array_sort(section->lines, by_number);
}

/* Takes mark over. */
static void section_mark(Section *section, guint line, gchar *mark) {
  gchar *before = g_hash_table_lookup(section->marks, GUINT_TO_POINTER(line));
  gchar *both = before != NULL ? g_strconcat(before, "; ", mark, NULL) : g_strdup(mark);
  g_free(mark);
  section_add(section, line, line);
  g_hash_table_replace(section->marks, GUINT_TO_POINTER(line), both);
}

/* --- what is asked about -------------------------------------------------------- */

static guint count_lines(const gchar *text) {
  guint count = 1;
  for (const gchar *at = text; *at != '\0'; at++)
    count += *at == '\n' && at[1] != '\0';
  return count;
}

static void add_claim(Section *section, const Snippet *snippet, const Claim *claim) {
  guint line = claim_document_line(snippet, claim);
  if (claim->rule == CLAIM_PROMISE)
    return; /* the fixture makes it: it stands nowhere */
  g_autofree gchar *stripped = g_strstrip(g_strdup(claim->text));
  gsize size = strcspn(stripped, "\n");
  g_autofree gchar *text = text_one_line(stripped, (gssize)size, MARK_WIDTH);
  if (claim->line > 0)
    section_add(section, line, line + count_lines(claim->text) - 1);
  section_mark(section, line,
               g_strdup_printf("claim: %s%s", text, stripped[size] != '\0' ? " ..." : ""));
}

static void add_snippet(Section *section, const Snippet *snippet) {
  g_autofree gchar *place =
      g_strdup_printf("%s:%u-%u", snippet->document->path, snippet->first_line, snippet->last_line);
  section_begin(section, snippet->document->path, g_strdup_printf("%s  %s", place, snippet->id));
  section_add(section, snippet->first_line, snippet->last_line);
  if (snippet->question != NULL && snippet->question->line > 0)
    section_mark(section, snippet->question->line, g_strdup("heading"));
  for (guint i = 0; i < snippet->claims->len; i++)
    add_claim(section, snippet, g_ptr_array_index(snippet->claims, i));
}

/* --- who it was ----------------------------------------------------------------- */

static int exit_code_of(const GError *error) {
  return g_error_matches(error, REPOSITORY_ERROR, REPOSITORY_ERROR_OBJECT) ? CLI_FAILED : CLI_USAGE;
}

/* CLI_OK, or another code after having complained. */
static int section_blame(Section *section, Source *source, const Commit *commit) {
  g_autoptr(GError) error = NULL;
  section->origins =
      blame_lines(source->repository, source->files, commit, section->path, section->lines, &error);
  if (section->origins != NULL)
    return CLI_OK;
  complain("%s", error->message);
  return exit_code_of(error);
}

/* --- printing ------------------------------------------------------------------- */

static gboolean same_origin(const Origin *one, const Origin *other) {
  const gchar *first = one->commit != NULL ? one->commit->id : NULL;
  const gchar *second = other->commit != NULL ? other->commit->id : NULL;
  return g_strcmp0(first, second) == 0 && g_str_equal(one->path, other->path);
}

/* Lines that follow each other, are of one commit and have no claim, are one row. */
static GArray *rows_of(const Section *section) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
  g_array_set_clear_func(rows, row_clear);
  for (guint i = 0; i < section->lines->len; i++) {
    guint line = g_array_index(section->lines, guint, i);
    const Origin *origin = g_ptr_array_index(section->origins, i);
    const gchar *mark = g_hash_table_lookup(section->marks, GUINT_TO_POINTER(line));
    Row *last = rows->len > 0 ? &g_array_index(rows, Row, rows->len - 1) : NULL;
    if (last != NULL && last->mark == NULL && mark == NULL && last->last + 1 == line &&
        same_origin(last->origin, origin))
      last->last = line;
    else
      g_array_append_val(rows, ((Row){line, line, origin, g_strdup(mark)}));
  }
  return rows;
}

static gchar *lines_text(const Row *row) {
  return row->first == row->last ? g_strdup_printf("%u", row->first)
                                 : g_strdup_printf("%u-%u", row->first, row->last);
}

static void widen(gint *width, const gchar *text) {
  *width = MAX(*width, (gint)g_utf8_strlen(text, -1));
}

/* Padded by characters, where printf() counts bytes. */
static void append_cell(GString *line, const gchar *text, gint width) {
  gint missing = width - (gint)g_utf8_strlen(text, -1);
  g_string_append_printf(line, "%s%*s  ", text, MAX(missing, 0), "");
}

typedef struct {
  gint lines, id, author, summary;
} Widths;

static void measure(const Section *section, Widths *widths) {
  g_autoptr(GArray) rows = rows_of(section);
  for (guint i = 0; i < rows->len; i++) {
    const Row *row = &g_array_index(rows, Row, i);
    g_autofree gchar *lines = lines_text(row);
    widen(&widths->lines, lines);
    if (row->origin->commit == NULL)
      continue;
    const Commit *commit = row->origin->commit;
    g_autofree gchar *author = text_one_line(commit->author, -1, AUTHOR_WIDTH);
    g_autofree gchar *summary = text_one_line(commit->summary, -1, SUMMARY_WIDTH);
    widen(&widths->id, commit->short_id);
    widen(&widths->author, author);
    widen(&widths->summary, summary);
  }
}

static void print_row(const Row *row, const gchar *place, const Widths *widths) {
  const Commit *commit = row->origin->commit;
  g_autoptr(GString) line = g_string_new("  ");
  g_autofree gchar *lines = lines_text(row);
  append_cell(line, lines, widths->lines);
  if (commit == NULL) {
    append_cell(line, "not committed yet",
                widths->id + widths->author + widths->summary + (gint)strlen("  2026-01-01    "));
  } else {
    g_autofree gchar *date = text_date(commit->time, commit->offset, "%Y-%m-%d");
    g_autofree gchar *author = text_one_line(commit->author, -1, AUTHOR_WIDTH);
    g_autofree gchar *summary = text_one_line(commit->summary, -1, SUMMARY_WIDTH);
    append_cell(line, commit->short_id, widths->id);
    append_cell(line, date, 0);
    append_cell(line, author, widths->author);
    append_cell(line, summary, widths->summary);
  }
  if (row->mark != NULL)
    append_cell(line, row->mark, 0);
  if (commit != NULL && g_strcmp0(row->origin->path, place) != 0) {
    g_autofree gchar *path = text_one_line(row->origin->path, -1, 0);
    g_string_append_printf(line, "(in %s)  ", path);
  }
  printf("%s\n", g_strchomp(line->str));
}

static void print_section(const Section *section, const Source *source, const Widths *widths) {
  g_autoptr(GArray) rows = rows_of(section);
  g_autofree gchar *title = text_one_line(section->title, -1, 0);
  g_autofree gchar *real = files_real(source->files, section->path);
  g_autofree gchar *place = path_below(repository_root(source->repository), real);
  printf("%s\n", title);
  for (guint i = 0; i < rows->len; i++)
    print_row(&g_array_index(rows, Row, i), place, widths);
}

/* A shallow clone does not know who wrote what it begins with. */
static void print_edges(const Section *const *sections, guint count) {
  for (guint i = 0; i < count; i++) {
    for (guint k = 0; k < sections[i]->origins->len; k++) {
      const Origin *origin = g_ptr_array_index(sections[i]->origins, k);
      if (origin->is_edge) {
        printf("%s is where this shallow clone begins: what it is said to have written may be "
               "older ('git fetch --unshallow' brings the rest)\n",
               origin->commit->short_id);
        return;
      }
    }
  }
}

static int print_sections(const Section *const *sections, guint count, const Source *source) {
  Widths widths = {0};
  for (guint i = 0; i < count; i++)
    measure(sections[i], &widths);
  for (guint i = 0; i < count; i++)
    print_section(sections[i], source, &widths);
  print_edges(sections, count);
  return output_finish() ? CLI_OK : CLI_FAILED;
}

/* --- the command ---------------------------------------------------------------- */

/* The commit that what is read stands on. NULL after having set *code and complained. */
static Commit *open_base(Source *source, const gchar *path, int *code) {
  g_autoptr(GError) error = NULL;
  gchar *named[] = {(gchar *)path, NULL};
  *code = CLI_USAGE;
  if (!source_open_repository(source, named))
    return NULL;
  Commit *commit = source->commit != NULL
                       ? repository_resolve(source->repository, source->commit->id, &error)
                       : repository_head(source->repository, &error);
  if (commit == NULL) {
    complain("%s", error->message);
    *code = exit_code_of(error);
  }
  return commit;
}

static int blame_snippet(const Material *material, Source *source) {
  const Snippet *snippet = material->subject;
  const Expectation *expectation = material->expectations != NULL
                                       ? expectations_of(material->expectations, snippet, NULL)
                                       : NULL;
  g_auto(Section) code = {0};
  g_auto(Section) accepted = {0};
  const Section *const sections[] = {&code, &accepted};
  int status;
  g_autoptr(Commit) commit = open_base(source, snippet->document->path, &status);
  if (commit == NULL)
    return status;
  add_snippet(&code, snippet);
  status = section_blame(&code, source, commit);
  if (status != CLI_OK)
    return status;
  g_autofree gchar *text = NULL;
  gsize size;
  if (expectation == NULL || expectation->path == NULL ||
      !files_read(source->files, expectation->path, FILES_TEXT_MAX, &text, &size, NULL))
    return print_sections(sections, 1, source);
  g_autofree gchar *place = path_below(repository_root(source->repository), expectation->path);
  if (place == NULL || size == 0)
    return print_sections(sections, 1, source);
  section_begin(&accepted, expectation->path, g_strdup(expectation->path));
  section_add(&accepted, 1, count_lines(text));
  status = section_blame(&accepted, source, commit);
  return status == CLI_OK ? print_sections(sections, 2, source) : status;
}

/* FILE:LINE, of a line that is in no block. */
static int blame_line(const gchar *file, guint line, Source *source) {
  g_auto(Section) section = {0};
  int status;
  g_autoptr(Commit) commit = open_base(source, file, &status);
  if (commit == NULL)
    return status;
  const Section *const only = &section;
  section_begin(&section, file, g_strdup(file));
  section_add(&section, line, line);
  status = section_blame(&section, source, commit);
  return status == CLI_OK ? print_sections(&only, 1, source) : status;
}

/* Whether reference is FILE:LINE of a file that is there. */
static gboolean read_place(const Files *files, const gchar *reference, gchar **file, guint *line) {
  const gchar *colon = strrchr(reference, ':');
  guint64 number;
  if (colon == NULL || !g_ascii_string_to_unsigned(colon + 1, 10, 1, G_MAXUINT, &number, NULL))
    return FALSE;
  g_autofree gchar *name = g_strndup(reference, (gsize)(colon - reference));
  if (files_kind(files, name) != FILE_REGULAR)
    return FALSE;
  *file = g_steal_pointer(&name);
  *line = (guint)number;
  return TRUE;
}

static int blame(const gchar *reference, gchar **paths, const gchar *revision,
                 const EquipmentArguments *equipment) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Source) source = source_open_for(revision, reference, paths);
  g_autofree gchar *file = NULL;
  guint line = 0;
  if (source == NULL)
    return CLI_USAGE;
  g_autoptr(Material) material =
      material_read_for(MATERIAL_EXPECTED, reference, source->files, paths, equipment, &error);
  if (material != NULL)
    return blame_snippet(material, source);
  if (g_error_matches(error, BANK_ERROR, BANK_ERROR_UNKNOWN) &&
      read_place(source->files, reference, &file, &line))
    return blame_line(file, line, source);
  complain("%s", error->message);
  return exit_code_of(error);
}

int command_blame(int argc, char **argv) {
  g_autofree gchar *revision = NULL;
  g_auto(EquipmentArguments) equipment = {0};
  g_auto(GStrv) arguments = NULL;
  const GOptionEntry entries[] = {
      {"rev", 0, 0, G_OPTION_ARG_STRING, &revision,
       "The documents as they are in a revision of git", "REV"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "ID|FILE:LINE [PATH...]",
      .summary = "Says who last wrote the lines of a block, its claims, its heading and what was\n"
                 "accepted for it. Lines are followed through merges, renames and moves, also\n"
                 "where a block was indented otherwise. FILE:LINE of a line that is in no block\n"
                 "is that line.",
      .description = "Exit code: 0, 2 usage, no repository or no commit, 3 an object of git's\n"
                     "cannot be read.\n",
      .entries = entries,
      .equipment = &equipment,
      .takes_expected = TRUE};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  if (arguments == NULL) {
    complain("blame: name a block or FILE:LINE (see 'proctor blame --help')");
    return CLI_USAGE;
  }
  broken_pipes_fail();
  return blame(arguments[0], arguments + 1, revision, &equipment);
}
