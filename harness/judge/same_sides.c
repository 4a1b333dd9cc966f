#include "judge/same_sides.h"

#include <string.h>

/* What stands between the brackets of print(), or the whole; newly allocated. */
static gchar *unprinted(const gchar *code) {
  g_autofree gchar *text = g_strstrip(g_strdup(code));
  gsize length = strlen(text);
  if (!g_str_has_prefix(text, "print(") || text[length - 1] != ')')
    return g_steal_pointer(&text);
  text[length - 1] = '\0';
  return g_strstrip(g_strdup(text + strlen("print(")));
}

static gboolean is_name(gchar character) {
  return g_ascii_isalnum(character) || character == '_' || (guchar)character >= 0x80;
}

/* The only sign of comparison outside brackets; NULL where there is none, or more than that. */
static const gchar *find_sign(const gchar *text, gsize *length) {
  static const gchar *const others[] = {" and ", " or ",   " not ",  " in ",
                                        " if ",  " else ", "lambda "};
  const gchar *found = NULL;
  guint open = 0;
  for (const gchar *at = text; *at != '\0'; at++) {
    if (*at == '"' || *at == '\'') {
      const gchar *end = strchr(at + 1, *at);
      if (end == NULL)
        return NULL;
      at = end;
      continue;
    }
    open += strchr("([{", *at) != NULL;
    open -= open > 0 && strchr(")]}", *at) != NULL;
    if (open > 0)
      continue;
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
      if (g_str_has_prefix(at, others[i]))
        return NULL;
    gboolean is_identity = g_str_has_prefix(at, " is ");
    if (!is_identity && !g_str_has_prefix(at, " == ")) {
      if (strchr(",;=<>!\n", *at) != NULL)
        return NULL;
      continue;
    }
    if (found != NULL)
      return NULL;
    found = at;
    *length = strlen(" is "); /* as that of the other */
    at += 3;
  }
  return found;
}

/* queryset.filter(pk=1), of queryset. */
static gboolean is_method_of(const gchar *call, const gchar *name) {
  gsize length = strlen(name);
  for (gsize i = 0; i < length; i++)
    if (!is_name(name[i]))
      return FALSE;
  if (length == 0 || strncmp(call, name, length) != 0 || call[length] != '.')
    return FALSE;
  const gchar *at = call + length + 1;
  while (is_name(*at))
    at++;
  guint open = 0;
  for (; *at != '\0'; at++) {
    open += *at == '(';
    open -= *at == ')' && open > 0;
    if (open == 0)
      return *at == ')' && at[1] == '\0';
  }
  return FALSE;
}

gboolean sides_are_same(const gchar *code) {
  gsize length = 0;
  g_autofree gchar *text = unprinted(code);
  const gchar *sign = find_sign(text, &length);
  if (sign == NULL)
    return FALSE;
  g_autofree gchar *left = g_strstrip(g_strndup(text, (gsize)(sign - text)));
  g_autofree gchar *right = g_strstrip(g_strdup(sign + length));
  if (strcmp(left, right) == 0)
    return g_str_has_suffix(left, ")");
  return g_str_has_prefix(sign, " is ") && (is_method_of(left, right) || is_method_of(right, left));
}
