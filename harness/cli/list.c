/*
 * proctor list: what is there, without running it.
 */
#include <string.h>

#include "bank/health.h"
#include "cli/cli.h"
#include "cli/common.h"
#include "cli/material.h"
#include "cli/source.h"
#include "report/destination.h"
#include "report/health_text.h"
#include "report/json.h"
#include "report/json_health.h"
#include "report/text.h"

static gchar *where_of(const Snippet *snippet) {
  return g_strdup_printf("%s:%u-%u", snippet->document->path, snippet->first_line,
                         snippet->last_line);
}

static const gchar *kind_of(const Snippet *snippet) {
  return snippet->kind == SNIPPET_TRANSCRIPT ? "transcript" : "script";
}

static const gchar *placement_of(const Snippet *snippet) {
  switch (snippet->placement) {
  case SNIPPET_FENCED:
    return "fenced";
  case SNIPPET_INDENTED:
    return "indented";
  case SNIPPET_SWALLOWED:
    return "swallowed";
  }
  g_return_val_if_reached("");
}

static gchar *title_of(const Question *question) {
  if (question == NULL)
    return g_strdup("");
  g_autofree gchar *title = text_one_line(question->title, -1, 72);
  return question->number != NULL ? g_strdup_printf("%s. %s", question->number, title)
                                  : g_steal_pointer(&title);
}

/* "  [fixture library for Book]", what else the configuration says of it, or nothing. */
static gchar *remark_of(const Snippet *snippet) {
  const FixtureChoice *choice = snippet->choice;
  const Settings *settings = snippet->settings;
  g_autofree gchar *text = NULL;
  if (settings != NULL && settings->skip != NULL)
    text = g_strdup_printf("skipped: %s", settings->skip);
  else if (choice != NULL && choice->fixture != NULL)
    text = fixture_choice_text(choice, choice->variant);
  else if (choice != NULL)
    text = g_strdup(choice->problem);
  if (text == NULL)
    return g_strdup("");
  g_autofree gchar *safe = text_one_line(text, -1, 0);
  return g_strdup_printf("  [%s]", safe);
}

static void print_document(FILE *out, const Document *document) {
  gint id_width = 0;
  gint where_width = 0;
  for (guint i = 0; i < document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, i);
    g_autofree gchar *where = where_of(snippet);
    id_width = MAX(id_width, (gint)strlen(snippet->id));
    where_width = MAX(where_width, (gint)strlen(where));
  }
  for (guint i = 0; i < document->snippets->len; i++) {
    const Snippet *snippet = g_ptr_array_index(document->snippets, i);
    g_autofree gchar *raw = where_of(snippet);
    g_autofree gchar *where = text_one_line(raw, -1, 0);
    g_autofree gchar *title = title_of(snippet->question);
    g_autofree gchar *remark = remark_of(snippet);
    g_autofree gchar *line =
        g_strdup_printf("%-*s  %-*s  %-10s  %-9s  %s%s", id_width, snippet->id, where_width, where,
                        kind_of(snippet), placement_of(snippet), title, remark);
    fprintf(out, "%s\n", g_strchomp(line));
  }
}

static void print_counts(FILE *out, const Bank *bank) {
  for (guint i = 0; i < bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(bank->documents, i);
    g_autofree gchar *path = text_one_line(document->path, -1, 0);
    g_autofree gchar *count = text_count(document->snippets->len, "block");
    fprintf(out, "%s: %s\n", path, count);
  }
  if (bank->documents->len > 1) {
    g_autofree gchar *count = text_count(bank_count(bank), "block");
    fprintf(out, "%s in %u documents\n", count, bank->documents->len);
  }
}

static void print_health(FILE *out, const Health *health) {
  g_autofree gchar *table = health_table(health);
  g_autofree gchar *text = health_text(health);
  if (*table != '\0')
    fprintf(out, "\n%s", table);
  if (*text != '\0')
    fprintf(out, "\n%s", text);
}

static void print_remarks(FILE *out, const Document *document) {
  for (guint i = 0; i < document->remarks->len; i++) {
    const Remark *remark = g_ptr_array_index(document->remarks, i);
    g_autofree gchar *path = text_one_line(document->path, -1, 0);
    g_autofree gchar *message = text_one_line(remark->message, -1, 0);
    fprintf(out, "%s:%u: note: %s\n", path, remark->line, message);
  }
}

static void write_json(Destination *out, const Bank *bank, const Health *health) {
  const gchar *separator = "\n    ";
  g_autofree gchar *shown = json_of_health(health);
  destination_print(out, "{\n  \"blocks\": %u,\n  \"health\": %s,\n  \"snippets\": [",
                    bank_count(bank), shown);
  for (guint i = 0; i < bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(bank->documents, i);
    for (guint j = 0; j < document->snippets->len; j++) {
      g_autofree gchar *line = json_of_snippet(g_ptr_array_index(document->snippets, j));
      destination_print(out, "%s%s", separator, line);
      separator = ",\n    ";
    }
  }
  destination_print(out, "\n  ]\n}\n");
}

static int list(const Bank *bank, const gchar *json) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Destination) destination = NULL;
  if (json != NULL && (destination = destination_open(json, &error)) == NULL) {
    complain("%s", error->message);
    return CLI_USAGE;
  }
  FILE *out = g_strcmp0(json, "-") == 0 ? stderr : stdout;
  for (guint i = 0; i < bank->documents->len; i++) {
    const Document *document = g_ptr_array_index(bank->documents, i);
    print_document(out, document);
    print_remarks(out, document);
  }
  if (bank_count(bank) > 0)
    fputc('\n', out);
  print_counts(out, bank);
  g_autoptr(Health) health = bank_health(bank->documents);
  print_health(out, health);
  for (guint i = 0; i < bank->problems->len; i++) {
    const BankProblem *problem = g_ptr_array_index(bank->problems, i);
    complain("%s: %s", problem->path, problem->message);
  }
  if (destination != NULL) {
    write_json(destination, bank, health);
    if (!destination_commit(destination, &error)) {
      if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE))
        die_of_broken_pipe();
      complain("%s", error->message);
      return CLI_FAILED;
    }
  }
  if (!output_finish() || bank->problems->len > 0)
    return CLI_FAILED;
  return bank_count(bank) > 0 ? CLI_OK : CLI_NOTHING;
}

int command_list(int argc, char **argv) {
  g_autofree gchar *json = NULL;
  g_autofree gchar *revision = NULL;
  g_auto(EquipmentArguments) equipment = {0};
  g_auto(GStrv) paths = NULL;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_FILENAME, &json,
       "Write the list as JSON to FILE, or to standard output for '-'", "FILE"},
      {"rev", 0, 0, G_OPTION_ARG_STRING, &revision,
       "The documents as they are in a revision of git", "REV"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL},
      {0}};
  const CommandShape shape = {
      .usage = "[PATH...]",
      .summary = "Lists every Python block of the documents and folders (default: the current\n"
                 "folder): its id, its lines, what it is, the question it belongs to, and the\n"
                 "fixture that it runs with. Nothing is run.",
      .description = "Exit code: 0, 2 usage or an unusable path, 3 part of a folder could not be\n"
                     "read, 4 no block was found.\n",
      .entries = entries,
      .equipment = &equipment};
  if (!options_parse(&shape, argc, argv))
    return CLI_USAGE;
  g_autoptr(Source) source = source_open(revision, FALSE, paths);
  g_autoptr(Material) material =
      source != NULL ? material_open_as(MATERIAL_BARE, source->files, paths, &equipment) : NULL;
  if (material == NULL)
    return CLI_USAGE;
  broken_pipes_fail();
  int code = list(material->bank, json);
  material_leave(g_steal_pointer(&material)); /* it may be large */
  return code;
}
