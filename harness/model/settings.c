#include "model/settings.h"

Settings *settings_new(void) {
  return g_new0(Settings, 1);
}

void settings_free(Settings *settings) {
  if (settings == NULL)
    return;
  g_free(settings->fixture);
  g_free(settings->variant);
  g_free(settings->fixture_place);
  g_free(settings->variant_place);
  g_free(settings->skip);
  g_free(settings->python);
  g_free(settings);
}

static void override_text(gchar **text, const gchar *over) {
  if (over == NULL)
    return;
  g_free(*text);
  *text = g_strdup(over);
}

void settings_override(Settings *settings, const Settings *over) {
  if (settings->fixture != NULL && over->fixture != NULL &&
      !g_str_equal(settings->fixture, over->fixture)) {
    g_clear_pointer(&settings->variant, g_free);
    g_clear_pointer(&settings->variant_place, g_free);
  }
  override_text(&settings->fixture, over->fixture);
  override_text(&settings->fixture_place, over->fixture_place);
  override_text(&settings->variant, over->variant);
  override_text(&settings->variant_place, over->variant_place);
  override_text(&settings->skip, over->skip);
  override_text(&settings->python, over->python);
  if (over->wall_ms != 0)
    settings->wall_ms = over->wall_ms;
  if (over->memory_bytes != 0)
    settings->memory_bytes = over->memory_bytes;
  if (over->output_bytes != 0)
    settings->output_bytes = over->output_bytes;
}
