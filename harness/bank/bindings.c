#include "bank/bindings.h"

/* A part of a statement: what ';', or the ':' of a header with its body behind it, separates. */
typedef struct {
  const PythonToken *at, *end;
  const BindingCalls *calls;
  gboolean is_top; /* the module's own statement */
} Part;

static gboolean is_sign(const PythonToken *token, const gchar *sign) {
  return token->kind == TOKEN_OPERATOR && token_is(token, sign);
}

static gboolean is_word(const PythonToken *token, const gchar *word) {
  return token->kind == TOKEN_NAME && token_is(token, word);
}

static gboolean is_plain_name(const PythonToken *token) {
  return token->kind == TOKEN_NAME && !python_is_keyword(token->start, token->length);
}

static void bind(const Part *part, const PythonToken *name) {
  if (part->is_top && part->calls->on_name != NULL)
    part->calls->on_name(name->start, name->length, part->calls->data);
}

static void next(Part *part) {
  do
    part->at++;
  while (part->at < part->end && part->at->kind == TOKEN_COMMENT);
}

/* --- imports ---------------------------------------------------------------------- */

/* Goes over "a.b.c" and appends it. */
static void dotted_read(Part *part, GString *module) {
  while (part->at < part->end && is_plain_name(part->at)) {
    g_string_append_len(module, part->at->start, (gssize)part->at->length);
    next(part);
    if (part->at == part->end || !is_sign(part->at, "."))
      return;
    g_string_append_c(module, '.');
    next(part);
  }
}

static void module_say(const Part *part, const GString *module) {
  if (module->len > 0 && part->calls->on_module != NULL)
    part->calls->on_module(module->str, module->len, part->calls->data);
}

/* `as name` where it stands; else what it would rename is bound. */
static void alias_read(Part *part, const PythonToken *name) {
  if (part->at < part->end && is_word(part->at, "as")) {
    next(part);
    if (part->at == part->end || !is_plain_name(part->at))
      return;
    name = part->at;
    next(part);
  }
  bind(part, name);
}

/* import a.b, c as d */
static void import_read(Part *part) {
  do {
    g_autoptr(GString) module = g_string_new(NULL);
    next(part);
    if (part->at == part->end || !is_plain_name(part->at))
      return;
    const PythonToken *first = part->at;
    dotted_read(part, module);
    module_say(part, module);
    alias_read(part, first);
  } while (part->at < part->end && is_sign(part->at, ","));
}

/* from a.b import (c as d, e) */
static void from_read(Part *part) {
  g_autoptr(GString) module = g_string_new(NULL);
  next(part);
  gboolean is_relative = FALSE;
  for (; part->at < part->end && (is_sign(part->at, ".") || is_sign(part->at, "...")); next(part))
    is_relative = TRUE;
  dotted_read(part, module);
  if (part->at == part->end || !is_word(part->at, "import"))
    return;
  if (is_relative)
    g_string_truncate(module, 0);
  module_say(part, module);
  do {
    next(part);
    if (part->at < part->end && is_sign(part->at, "("))
      next(part);
    if (part->at < part->end && is_sign(part->at, "*"))
      bind(part, part->at);
    if (part->at == part->end || !is_plain_name(part->at))
      return;
    const PythonToken *name = part->at;
    if (module->len > 0) {
      gsize length = module->len;
      g_string_append_c(module, '.');
      g_string_append_len(module, name->start, (gssize)name->length);
      module_say(part, module);
      g_string_truncate(module, length);
    }
    next(part);
    alias_read(part, name);
  } while (part->at < part->end && is_sign(part->at, ","));
}

/* --- targets ---------------------------------------------------------------------- */

/* The names of a target list: `a, (b, *c)`, but nothing of `o.x` or `d[k]`. */
static void targets_bind(const Part *part, const PythonToken *at, const PythonToken *end) {
  guint skip = 0; /* the depth outside of a group that is passed over; 0 for none */
  for (const PythonToken *before = NULL; at < end; before = at++) {
    if (at->kind == TOKEN_COMMENT)
      continue;
    if (skip > 0) {
      if (at->depth < skip)
        skip = 0;
      continue;
    }
    gboolean goes_on = before != NULL &&
                       (before->kind == TOKEN_NAME || is_sign(before, ")") || is_sign(before, "]"));
    if (is_sign(at, ":"))
      return; /* an annotation */
    if (goes_on && (is_sign(at, "[") || is_sign(at, "("))) {
      skip = at->depth;
      continue;
    }
    if (!is_plain_name(at) || (before != NULL && is_sign(before, ".")))
      continue;
    const PythonToken *after = at + 1;
    if (after < end && (is_sign(after, ".") || is_sign(after, "[") || is_sign(after, "(")))
      continue;
    bind(part, at);
  }
}

/* From a word on, `for` or `as`, up to what ends its targets. */
static void clause_bind(Part *part, const gchar *const *ends) {
  guint depth = part->at->depth;
  const PythonToken *first = part->at + 1, *last = first;
  for (; last < part->end && last->depth >= depth; last++) {
    gboolean is_end = FALSE;
    for (const gchar *const *word = ends; *word != NULL; word++)
      is_end = is_end || (last->depth == depth && token_is(last, *word));
    if (is_end)
      break;
  }
  targets_bind(part, first, last);
}

/* '=' alone: what an augmented one binds was bound before. */
static void assignment_bind(Part *part, guint depth) {
  const PythonToken *first = part->at;
  for (const PythonToken *at = part->at; at < part->end; at++)
    if (at->depth == depth && is_sign(at, "=")) {
      targets_bind(part, first, at);
      first = at + 1;
    } else if (at->depth == depth && is_word(at, "lambda")) {
      return; /* `lambda a=1: a`, and nothing is assigned behind one */
    }
}

static void walruses_bind(const Part *part) {
  for (const PythonToken *at = part->at; at + 1 < part->end; at++)
    if (is_plain_name(at) && is_sign(at + 1, ":="))
      bind(part, at);
}

/* --- statements -------------------------------------------------------------------- */

/* The ':' that ends a header, or the part's end. */
static const PythonToken *header_end(const Part *part, guint depth) {
  guint lambdas = 0;
  for (const PythonToken *at = part->at; at < part->end; at++) {
    if (at->depth != depth)
      continue;
    if (is_word(at, "lambda"))
      lambdas++;
    else if (is_sign(at, ":") && lambdas-- == 0)
      return at;
  }
  return part->end;
}

static gboolean opens_block(const PythonToken *first) {
  static const gchar *const words[] = {"if",   "elif",   "else",    "for",   "while", "try",
                                       "with", "except", "finally", "async", NULL};
  for (const gchar *const *word = words; *word != NULL; word++)
    if (is_word(first, *word))
      return TRUE;
  return FALSE;
}

static void part_read(Part *part) {
  static const gchar *const in[] = {"in", ":", NULL};
  static const gchar *const as[] = {",", ":", "as", NULL};
  for (gboolean again = TRUE; again && part->at < part->end;) {
    again = FALSE;
    const PythonToken *first = part->at;
    guint depth = first->depth;
    if (is_sign(first, "(") || is_sign(first, "[") || is_sign(first, "{"))
      depth -= depth > 0;
    if (is_word(first, "import")) {
      import_read(part);
      return;
    }
    if (is_word(first, "from")) {
      from_read(part);
      return;
    }
    if (is_word(first, "async") && first + 1 < part->end)
      next(part);
    if (is_word(part->at, "def") || is_word(part->at, "class")) {
      if (part->at + 1 < part->end && is_plain_name(part->at + 1))
        bind(part, part->at + 1);
      return;
    }
    if (!opens_block(first)) {
      assignment_bind(part, depth);
      walruses_bind(part);
      return;
    }
    const PythonToken *colon = header_end(part, depth), *whole = part->end;
    part->end = colon;
    if (is_word(part->at, "for"))
      clause_bind(part, in);
    else if (is_word(part->at, "with") || is_word(part->at, "except"))
      for (Part clause = *part; clause.at < colon; clause.at++)
        if (is_word(clause.at, "as"))
          clause_bind(&clause, as);
    walruses_bind(part);
    part->end = whole;
    part->at = colon;
    if (part->at < part->end) {
      next(part);
      again = TRUE;
    }
  }
}

void bindings_read(const Statements *statements, const BindingCalls *calls) {
  for (guint i = 0; i < statements->statements->len; i++) {
    const Statement *statement = &g_array_index(statements->statements, Statement, i);
    const PythonToken *at = &g_array_index(statements->tokens, PythonToken, statement->first_token);
    const PythonToken *end = at + statement->token_count;
    Part part = {.calls = calls,
                 .is_top = (statement->place & (PLACE_FUNCTION | PLACE_CLASS)) == 0};
    while (at < end) {
      const PythonToken *stop = at;
      while (stop < end && !(stop->depth == 0 && is_sign(stop, ";")))
        stop++;
      part.at = at;
      part.end = stop;
      part_read(&part);
      at = stop + (stop < end);
    }
  }
}
