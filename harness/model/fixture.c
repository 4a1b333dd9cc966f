#include "model/fixture.h"

static void need_free(gpointer data) {
  FixtureNeed *need = data;
  g_free(need->module);
  g_free(need->install);
  g_free(need);
}

static void variant_free(gpointer data) {
  FixtureVariant *variant = data;
  g_free(variant->name);
  g_free(variant->text);
  g_free(variant);
}

Fixture *fixture_new(const gchar *name, const gchar *path, const gchar *shown_path) {
  Fixture *fixture = g_new0(Fixture, 1);
  fixture->name = g_strdup(name);
  fixture->path = g_strdup(path);
  fixture->shown_path = g_strdup(shown_path);
  fixture->summary = g_strdup("");
  fixture->provides = g_new0(gchar *, 1);
  fixture->tools = g_new0(gchar *, 1);
  fixture->signs = g_new0(gchar *, 1);
  fixture->imports = g_new0(gchar *, 1);
  fixture->behind = g_new0(gchar *, 1);
  fixture->needs = g_ptr_array_new_with_free_func(need_free);
  fixture->variants = g_ptr_array_new_with_free_func(variant_free);
  return fixture;
}

void fixture_free(Fixture *fixture) {
  if (fixture == NULL)
    return;
  g_free(fixture->name);
  g_free(fixture->path);
  g_free(fixture->shown_path);
  g_free(fixture->summary);
  g_strfreev(fixture->provides);
  g_strfreev(fixture->tools);
  g_strfreev(fixture->signs);
  g_strfreev(fixture->imports);
  g_strfreev(fixture->behind);
  g_ptr_array_unref(fixture->needs);
  g_ptr_array_unref(fixture->variants);
  g_free(fixture->digest);
  g_free(fixture->problem);
  g_free(fixture);
}

void fixture_add_need(Fixture *fixture, const gchar *module, const gchar *install) {
  FixtureNeed *need = g_new0(FixtureNeed, 1);
  need->module = g_strdup(module);
  need->install = g_strdup(install);
  g_ptr_array_add(fixture->needs, need);
}

void fixture_add_variant(Fixture *fixture, const gchar *name, const gchar *text) {
  FixtureVariant *variant = g_new0(FixtureVariant, 1);
  variant->name = g_strdup(name);
  variant->text = g_strdup(text);
  g_ptr_array_add(fixture->variants, variant);
}

gboolean fixture_is_behind(const Fixture *one, const Fixture *first) {
  return g_strv_contains((const gchar *const *)one->behind, first->name);
}

gchar *fixture_text_shown(const Fixture *fixture, const gchar *text) {
  g_autofree gchar *whole = g_canonicalize_filename(fixture->shown_path, NULL);
  if (text == NULL || g_str_equal(whole, fixture->path))
    return g_strdup(text);
  g_autofree gchar *folder = g_path_get_dirname(fixture->path);
  g_autofree gchar *shown = g_path_get_dirname(fixture->shown_path);
  g_auto(GStrv) parts = g_strsplit(text, folder, -1);
  return g_strjoinv(shown, parts);
}

const FixtureVariant *fixture_variant(const Fixture *fixture, const gchar *name) {
  for (guint i = 0; i < fixture->variants->len; i++) {
    const FixtureVariant *variant = g_ptr_array_index(fixture->variants, i);
    if (g_strcmp0(variant->name, name) == 0)
      return variant;
  }
  return NULL;
}

FixtureChoice *fixture_choice_new(const Fixture *fixture, const gchar *const *names) {
  FixtureChoice *choice = g_new0(FixtureChoice, 1);
  choice->fixture = fixture;
  choice->names = names != NULL ? g_strdupv((gchar **)names) : g_new0(gchar *, 1);
  return choice;
}

void fixture_choice_free(FixtureChoice *choice) {
  if (choice == NULL)
    return;
  g_free(choice->variant);
  g_strfreev(choice->names);
  g_free(choice->problem);
  g_free(choice);
}

gchar *fixture_choice_text(const FixtureChoice *choice, const gchar *variant) {
  GString *text = g_string_new("fixture ");
  g_string_append(text, choice->fixture->name);
  if (variant != NULL)
    g_string_append_printf(text, " (%s)", variant);
  if (choice->names[0] != NULL) {
    g_autofree gchar *names = g_strjoinv(", ", choice->names);
    g_string_append_printf(text, " for %s", names);
  } else if (choice->is_configured) {
    g_string_append(text, ", as configured");
  }
  return g_string_free(text, FALSE);
}
