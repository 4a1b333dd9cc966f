#include "judge/relation.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK(proctor - relation - error - quark, relation_error)

#define DEPTH_MAX 32
#define LENGTH_MAX 1000
#define QUARTER 0.25
#define MARGIN_MAX 5.0 /* of a comparison with 0 */

typedef enum {
  NODE_NUMBER,
  NODE_NAME,
  NODE_ADD,
  NODE_SUBTRACT,
  NODE_MULTIPLY,
  NODE_DIVIDE
} NodeKind;
typedef enum {
  IS_LESS,
  IS_LESS_OR_EQUAL,
  IS_MORE,
  IS_MORE_OR_EQUAL,
  IS_EQUAL,
  IS_OTHER,
  IS_NEAR
} Comparison;

typedef struct Node Node;
struct Node {
  NodeKind kind;
  gdouble number;
  gchar *name;
  Node *left, *right;
};

struct Relation {
  Comparison comparison;
  Node *left, *right;
  GPtrArray *names; /* gchar *, NULL at the end */
};

static void node_free(Node *node) {
  if (node == NULL)
    return;
  node_free(node->left);
  node_free(node->right);
  g_free(node->name);
  g_free(node);
}

/* --- reading --------------------------------------------------------------------- */

typedef struct {
  const gchar *text;
  const gchar *at;
  guint depth;
  GPtrArray *names;
  GError **error;
} Parser;

static Node *fail(const Parser *parser, const gchar *what) {
  g_set_error(parser->error, RELATION_ERROR, RELATION_ERROR_SYNTAX, "column %u: %s",
              (guint)(parser->at - parser->text) + 1, what);
  return NULL;
}

static void skip_blanks(Parser *parser) {
  parser->at += strspn(parser->at, " \t");
}

/* Takes both operands over; NULL where either is missing. */
static Node *node_join(NodeKind kind, Node *left, Node *right) {
  if (left == NULL || right == NULL) {
    node_free(left);
    node_free(right);
    return NULL;
  }
  Node *node = g_new0(Node, 1);
  *node = (Node){.kind = kind, .left = left, .right = right};
  return node;
}

static Node *read_number(Parser *parser) {
  gchar *end;
  gdouble number = g_ascii_strtod(parser->at, &end);
  if (!isfinite(number))
    return fail(parser, "the number is too large");
  parser->at = end;
  Node *node = g_new0(Node, 1);
  *node = (Node){.kind = NODE_NUMBER, .number = number};
  return node;
}

static Node *read_name(Parser *parser) {
  gsize length = 0;
  while (g_ascii_isalnum(parser->at[length]) || parser->at[length] == '_')
    length++;
  Node *node = g_new0(Node, 1);
  *node = (Node){.kind = NODE_NAME, .name = g_strndup(parser->at, length)};
  g_ptr_array_add(parser->names, g_strdup(node->name));
  parser->at += length;
  return node;
}

static Node *read_sum(Parser *parser);

static Node *read_factor(Parser *parser) {
  skip_blanks(parser);
  if (g_ascii_isdigit(*parser->at) || (*parser->at == '.' && g_ascii_isdigit(parser->at[1])))
    return read_number(parser);
  if (g_ascii_isalpha(*parser->at) || *parser->at == '_')
    return read_name(parser);
  if (*parser->at != '(' && *parser->at != '-')
    return fail(parser, "a number or a name belongs here");
  if (parser->depth == DEPTH_MAX)
    return fail(parser, "too deep");
  parser->depth++;
  Node *node;
  if (*parser->at++ == '-') {
    Node *zero = g_new0(Node, 1);
    node = node_join(NODE_SUBTRACT, zero, read_factor(parser));
  } else {
    node = read_sum(parser);
    skip_blanks(parser);
    if (node != NULL && *parser->at != ')') {
      node_free(node);
      node = fail(parser, "')' belongs here");
    } else if (node != NULL) {
      parser->at++;
    }
  }
  parser->depth--;
  return node;
}

static Node *read_product(Parser *parser) {
  Node *node = read_factor(parser);
  while (node != NULL) {
    skip_blanks(parser);
    if (*parser->at != '*' && *parser->at != '/')
      break;
    NodeKind kind = *parser->at++ == '*' ? NODE_MULTIPLY : NODE_DIVIDE;
    node = node_join(kind, node, read_factor(parser));
  }
  return node;
}

static Node *read_sum(Parser *parser) {
  Node *node = read_product(parser);
  while (node != NULL) {
    skip_blanks(parser);
    if (*parser->at != '+' && *parser->at != '-')
      break;
    NodeKind kind = *parser->at++ == '+' ? NODE_ADD : NODE_SUBTRACT;
    node = node_join(kind, node, read_product(parser));
  }
  return node;
}

static gboolean read_comparison(Parser *parser, Comparison *comparison) {
  static const struct {
    const gchar *sign;
    Comparison comparison;
  } signs[] = {
      {"<=", IS_LESS_OR_EQUAL}, {">=", IS_MORE_OR_EQUAL}, {"==", IS_EQUAL}, {"!=", IS_OTHER},
      {"<", IS_LESS},           {">", IS_MORE},           {"~", IS_NEAR}};
  skip_blanks(parser);
  for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
    if (g_str_has_prefix(parser->at, signs[i].sign)) {
      parser->at += strlen(signs[i].sign);
      *comparison = signs[i].comparison;
      return TRUE;
    }
  fail(parser, "one of < <= > >= == != ~ belongs here");
  return FALSE;
}

Relation *relation_new(const gchar *text, GError **error) {
  g_autoptr(Relation) relation = g_new0(Relation, 1);
  relation->names = g_ptr_array_new_with_free_func(g_free);
  Parser parser = {.text = text, .at = text, .names = relation->names, .error = error};
  if (strlen(text) > LENGTH_MAX) {
    fail(&parser, "the relation is too long");
    return NULL;
  }
  relation->left = read_sum(&parser);
  if (relation->left == NULL || !read_comparison(&parser, &relation->comparison))
    return NULL;
  relation->right = read_sum(&parser);
  if (relation->right == NULL)
    return NULL;
  skip_blanks(&parser);
  if (*parser.at != '\0') {
    fail(&parser, "nothing more belongs here");
    return NULL;
  }
  g_ptr_array_add(relation->names, NULL);
  return g_steal_pointer(&relation);
}

void relation_free(Relation *relation) {
  if (relation == NULL)
    return;
  node_free(relation->left);
  node_free(relation->right);
  g_ptr_array_unref(relation->names);
  g_free(relation);
}

const gchar *const *relation_names(const Relation *relation) {
  return (const gchar *const *)relation->names->pdata;
}

/* --- evaluating ------------------------------------------------------------------ */

typedef struct {
  RelationLookup lookup;
  gpointer data;
  GError **error;
} Evaluation;

static gboolean node_evaluate(const Node *node, const Evaluation *evaluation, gdouble *value) {
  gdouble left, right;
  if (node->kind == NODE_NUMBER) {
    *value = node->number;
    return TRUE;
  }
  if (node->kind == NODE_NAME)
    return evaluation->lookup(evaluation->data, node->name, value, evaluation->error);
  if (!node_evaluate(node->left, evaluation, &left) ||
      !node_evaluate(node->right, evaluation, &right))
    return FALSE;
  if (node->kind == NODE_DIVIDE && right == 0) {
    g_set_error(evaluation->error, RELATION_ERROR, RELATION_ERROR_VALUE, "a division by 0");
    return FALSE;
  }
  *value = node->kind == NODE_ADD        ? left + right
           : node->kind == NODE_SUBTRACT ? left - right
           : node->kind == NODE_MULTIPLY ? left * right
                                         : left / right;
  return TRUE;
}

/* How much larger the one is than the other, with a sign. */
static gdouble ratio(gdouble left, gdouble right) {
  if (left > 0 && right > 0)
    return CLAMP(log(left / right), -MARGIN_MAX, MARGIN_MAX);
  gdouble larger = MAX(fabs(left), fabs(right));
  return larger > 0 ? (left - right) / larger : 0;
}

gboolean relation_evaluate(const Relation *relation, RelationLookup lookup, gpointer data,
                           RelationResult *result, GError **error) {
  Evaluation evaluation = {lookup, data, error};
  gdouble left, right;
  if (!node_evaluate(relation->left, &evaluation, &left) ||
      !node_evaluate(relation->right, &evaluation, &right))
    return FALSE;
  gdouble apart = ratio(left, right);
  *result = (RelationResult){.left = left, .right = right};
  switch (relation->comparison) {
  case IS_LESS:
  case IS_LESS_OR_EQUAL:
    result->holds = relation->comparison == IS_LESS ? left < right : left <= right;
    result->margin = -apart;
    return TRUE;
  case IS_MORE:
  case IS_MORE_OR_EQUAL:
    result->holds = relation->comparison == IS_MORE ? left > right : left >= right;
    result->margin = apart;
    return TRUE;
  case IS_EQUAL:
  case IS_OTHER:
    result->holds = (left == right) == (relation->comparison == IS_EQUAL);
    result->margin = result->holds ? MARGIN_MAX : -MARGIN_MAX;
    return TRUE;
  case IS_NEAR:
    result->holds = fabs(left - right) <= QUARTER * MIN(fabs(left), fabs(right));
    result->margin = apart;
    result->is_near = TRUE;
    return TRUE;
  }
  g_return_val_if_reached(FALSE);
}
