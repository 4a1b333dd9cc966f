/*
 * Shapes are read from canonical forms (literal.c), in which strings say their length.
 */
#include "judge/literal_shape.h"

#include <string.h>

#include "judge/literal.h"

#define DEPTH_MAX 20
#define ITEMS_MAX 200u

/* A value, as far as its shape goes. */
typedef struct {
  LiteralKind kind; /* a container, or LITERAL_OTHER for whatever is none */
  gboolean is_none;
  GPtrArray *keys;     /* gchar *: forms of a dictionary's keys */
  GPtrArray *children; /* Shape *: its values, or the items */
} Shape;

static void shape_free(gpointer data) {
  Shape *shape = data;
  if (shape == NULL)
    return;
  g_ptr_array_unref(shape->keys);
  g_ptr_array_unref(shape->children);
  g_free(shape);
}

static Shape *shape_new(LiteralKind kind) {
  Shape *shape = g_new0(Shape, 1);
  shape->kind = kind;
  shape->keys = g_ptr_array_new_with_free_func(g_free);
  shape->children = g_ptr_array_new_with_free_func(shape_free);
  return shape;
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shape, shape_free)

static Shape *shape_read(const gchar **at, guint depth);

/* "s5:title" or "b2:ok" */
static gboolean string_skip(const gchar **at) {
  gchar *end;
  guint64 length = g_ascii_strtoull(*at + 1, &end, 10);
  if (end == *at + 1 || *end != ':' || length > strlen(end + 1))
    return FALSE;
  *at = end + 1 + length;
  return TRUE;
}

/* "@Decimal(s2:10,places=n2,)", behind its opening bracket. */
static gboolean arguments_skip(const gchar **at, guint depth) {
  while (**at != ')') {
    gsize name = 0;
    while (g_ascii_isalnum((*at)[name]) || (*at)[name] == '_')
      name++;
    if (name > 0 && (*at)[name] == '=')
      *at += name + 1;
    g_autoptr(Shape) argument = shape_read(at, depth + 1);
    if (argument == NULL || **at != ',')
      return FALSE;
    (*at)++;
  }
  (*at)++;
  return TRUE;
}

/* Behind the opening bracket. NULL where it cannot be read. */
static Shape *items_read(const gchar **at, LiteralKind kind, gchar closing, guint depth) {
  g_autoptr(Shape) shape = shape_new(kind);
  while (**at != closing) {
    const gchar *begin = *at;
    g_autoptr(Shape) item = shape_read(at, depth + 1);
    if (item == NULL)
      return NULL;
    if (kind == LITERAL_DICT) {
      if (**at != '=')
        return NULL;
      g_ptr_array_add(shape->keys, g_strndup(begin, (gsize)(*at - begin)));
      (*at)++;
      shape_free(g_steal_pointer(&item));
      item = shape_read(at, depth + 1);
      if (item == NULL)
        return NULL;
    }
    if (**at != ',')
      return NULL;
    (*at)++;
    g_ptr_array_add(shape->children, g_steal_pointer(&item));
  }
  (*at)++;
  return g_steal_pointer(&shape);
}

static Shape *shape_read(const gchar **at, guint depth) {
  gchar sign = **at;
  if (depth > DEPTH_MAX)
    return NULL;
  switch (sign) {
  case '(':
    (*at)++;
    return items_read(at, LITERAL_TUPLE, ')', depth);
  case '[':
    (*at)++;
    return items_read(at, LITERAL_LIST, ']', depth);
  case '{':
    (*at)++;
    return items_read(at, LITERAL_SET, '}', depth);
  case 'd':
    (*at)++;
    return items_read(at, LITERAL_DICT, '}', depth);
  case 's':
  case 'b':
    return string_skip(at) ? shape_new(LITERAL_OTHER) : NULL;
  case 'n':
    *at += strcspn(*at, ",=)");
    return shape_new(LITERAL_OTHER);
  case 'T':
  case 'F':
  case 'N': {
    Shape *shape = shape_new(LITERAL_OTHER);
    shape->is_none = sign == 'N';
    (*at)++;
    return shape;
  }
  case '@':
    *at += strcspn(*at, "(");
    if (**at == '\0')
      return NULL;
    (*at)++;
    return arguments_skip(at, depth) ? shape_new(LITERAL_OTHER) : NULL;
  default:
    return NULL; /* <...> may hold anything */
  }
}

static Shape *shape_of(const gchar *text) {
  g_autofree gchar *form = literal_canonical(text, NULL);
  const gchar *at = form;
  g_autoptr(Shape) shape = form != NULL ? shape_read(&at, 0) : NULL;
  return shape != NULL && *at == '\0' ? g_steal_pointer(&shape) : NULL;
}

/* --- comparing ------------------------------------------------------------------ */

static gboolean is_word(gchar character) {
  return g_ascii_isalnum(character) || (guchar)character >= 0x80;
}

/* Whether word, in lower case, stands between other signs than letters and digits. */
static gboolean has_word(const gchar *code, const gchar *word, gsize length) {
  g_autofree gchar *wanted = g_ascii_strdown(word, (gssize)length);
  for (const gchar *at = code; (at = strstr(at, wanted)) != NULL; at++)
    if ((at == code || !is_word(at[-1])) && !is_word(at[length]))
      return TRUE;
  return FALSE;
}

/* key is a form, code in lower case. */
static gboolean is_spelled(const gchar *key, const gchar *code) {
  const gchar *text = strchr(key, ':');
  if (key[0] != 's' || text == NULL)
    return FALSE;
  guint words = 0;
  for (text++; *text != '\0';) {
    gsize length = 0;
    while (is_word(text[length]))
      length++;
    if (length > 0 && !has_word(code, text, length))
      return FALSE;
    words += length > 0;
    text += MAX(length, 1);
  }
  return words > 0;
}

static const Shape *child_of_key(const Shape *dict, const gchar *key) {
  for (guint i = 0; i < dict->keys->len; i++)
    if (g_str_equal(g_ptr_array_index(dict->keys, i), key))
      return g_ptr_array_index(dict->children, i);
  return NULL;
}

static gboolean shape_differs(const Shape *claimed, const Shape *actual, const gchar *code);

static gboolean dict_differs(const Shape *claimed, const Shape *actual, const gchar *code) {
  gboolean has_same_keys = claimed->keys->len == actual->keys->len;
  gboolean is_from_code = actual->keys->len > 0;
  for (guint i = 0; i < actual->keys->len; i++) {
    const gchar *key = g_ptr_array_index(actual->keys, i);
    has_same_keys = has_same_keys && child_of_key(claimed, key) != NULL;
    is_from_code = is_from_code && is_spelled(key, code);
  }
  if (!has_same_keys)
    return is_from_code;
  for (guint i = 0; i < actual->keys->len; i++)
    if (shape_differs(child_of_key(claimed, g_ptr_array_index(actual->keys, i)),
                      g_ptr_array_index(actual->children, i), code))
      return TRUE;
  return FALSE;
}

static gboolean keys_are_spelled(const Shape *dict, const gchar *code) {
  for (guint i = 0; i < dict->keys->len; i++)
    if (!is_spelled(g_ptr_array_index(dict->keys, i), code))
      return FALSE;
  return dict->keys->len > 0;
}

/* What all items are; FALSE where they are not alike, or there are none. */
static gboolean kind_of_items(const Shape *list, LiteralKind *kind) {
  for (guint i = 0; i < list->children->len; i++) {
    const Shape *item = g_ptr_array_index(list->children, i);
    if (item->is_none || (i > 0 && item->kind != *kind))
      return FALSE;
    *kind = item->kind;
  }
  return list->children->len > 0;
}

/* Simple values are claimed where there are rows, dictionaries with keys that the code spells or
 * tuples, or the other way round. */
static gboolean rows_differ(const Shape *claimed, const Shape *actual, const gchar *code) {
  LiteralKind wanted, kind;
  if (!kind_of_items(claimed, &wanted) || !kind_of_items(actual, &kind) || wanted == kind ||
      (wanted != LITERAL_OTHER && kind != LITERAL_OTHER))
    return FALSE;
  LiteralKind row = wanted == LITERAL_OTHER ? kind : wanted;
  if (row != LITERAL_DICT)
    return row == LITERAL_TUPLE;
  const Shape *dicts = kind == LITERAL_DICT ? actual : claimed;
  for (guint i = 0; i < dicts->children->len; i++)
    if (!keys_are_spelled(g_ptr_array_index(dicts->children, i), code))
      return FALSE;
  return TRUE;
}

/* An item is claimed such as none of those that are there. */
static gboolean items_differ(const Shape *claimed, const Shape *actual, const gchar *code) {
  if (actual->children->len == 0)
    return FALSE;
  if (claimed->kind == LITERAL_LIST && rows_differ(claimed, actual, code))
    return TRUE;
  for (guint i = 0; i < MIN(claimed->children->len, ITEMS_MAX); i++) {
    gboolean is_alone = TRUE;
    for (guint k = 0; is_alone && k < actual->children->len; k++)
      is_alone = k < ITEMS_MAX && shape_differs(g_ptr_array_index(claimed->children, i),
                                                g_ptr_array_index(actual->children, k), code);
    if (is_alone)
      return TRUE;
  }
  return FALSE;
}

static gboolean shape_differs(const Shape *claimed, const Shape *actual, const gchar *code) {
  if (claimed->kind == LITERAL_OTHER || actual->kind == LITERAL_OTHER)
    return FALSE;
  if (claimed->kind != actual->kind)
    return TRUE;
  if (claimed->kind == LITERAL_DICT)
    return dict_differs(claimed, actual, code);
  if (claimed->kind != LITERAL_TUPLE)
    return items_differ(claimed, actual, code);
  if (claimed->children->len != actual->children->len)
    return FALSE; /* a tuple may hold rows */
  for (guint i = 0; i < claimed->children->len; i++)
    if (shape_differs(g_ptr_array_index(claimed->children, i),
                      g_ptr_array_index(actual->children, i), code))
      return TRUE;
  return FALSE;
}

gboolean literal_shape_differs(const gchar *claimed, const gchar *actual, const gchar *code) {
  g_autoptr(Shape) one = shape_of(claimed);
  g_autoptr(Shape) other = shape_of(actual);
  g_autofree gchar *lower = g_ascii_strdown(code, -1);
  if (one == NULL || other == NULL)
    return FALSE;
  /* No rows: that is an empty list, or None, but never the one for the other; unless either of
   * them is what is kept under some key. */
  if (one->kind == LITERAL_LIST && one->children->len == 0 && other->is_none)
    return strstr(lower, "get(") == NULL && strchr(lower, '[') == NULL;
  return shape_differs(one, other, lower);
}
