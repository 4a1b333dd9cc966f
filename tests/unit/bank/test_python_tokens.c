/* Tokens: what a source is cut into, as one line of kind and text each. */
#include "bank/python_tokens.h"
#include "bank_suite.h"

static gchar *tokens_of(const gchar *source) {
  static const gchar kinds[] = "NDSOC;-?";
  GString *out = g_string_new(NULL);
  PythonScanner scanner;
  PythonToken token;
  python_scanner_init(&scanner, source, strlen(source));
  while (python_scanner_next(&scanner, &token)) {
    g_string_append_c(out, kinds[token.kind]);
    if (token.kind != TOKEN_NEWLINE && token.kind != TOKEN_BREAK)
      g_string_append_len(out, token.start, (gssize)token.length);
    g_string_append_c(out, ' ');
  }
  ck_assert_int_eq(token.kind, TOKEN_END);
  ck_assert_ptr_eq(token.start, source + strlen(source));
  g_strchomp(out->str);
  return g_string_free(out, FALSE);
}

static void check_tokens(const gchar *source, const gchar *wanted) {
  g_autofree gchar *tokens = tokens_of(source);
  ck_assert_str_eq(tokens, wanted);
}

START_TEST(names_numbers_and_operators) {
  check_tokens("x_1 **= y // 2\n", "Nx_1 O**= Ny O// D2 ;");
  check_tokens("a:=-1.5e-3j", "Na O:= O- D1.5e-3j ;");
  check_tokens("0xFe+1_000", "D0xFe O+ D1_000 ;");
  check_tokens("1if x else.5", "D1 Nif Nx Nelse D.5 ;");
  check_tokens("f(*a, **k)->...", "Nf O( O* Na O, O** Nk O) O-> O... ;");
  check_tokens("größe != ñ", "Ngröße O!= Nñ ;");
}
END_TEST

START_TEST(strings_with_prefixes_and_escapes) {
  check_tokens("rb'a\\'b' f\"{x}\"", "Srb'a\\'b' Sf\"{x}\" ;");
  check_tokens("'''a\n'b'\n''' + ''", "S'''a\n'b'\n''' O+ S'' ;");
  check_tokens("bar'x'", "Nbar S'x' ;");
  check_tokens("'# no comment' # one", "S'# no comment' C# one ;");
  check_tokens("'a\\\nb'", "S'a\\\nb' ;");
}
END_TEST

START_TEST(an_unclosed_string_ends_with_its_line_or_the_source) {
  check_tokens("x = 'a\ny\n", "Nx O= S'a ; Ny ;");
  check_tokens("x = '''a\ny", "Nx O= S'''a\ny ;");
  check_tokens("'\\", "S'\\ ;");
}
END_TEST

START_TEST(newlines_end_statements_and_breaks_do_not) {
  check_tokens("a\n\n# c\nb\n", "Na ; - C# c - Nb ;");
  check_tokens("f(1,\n  2)\n", "Nf O( D1 O, - D2 O) ;");
  check_tokens("a = \\\n 1\n", "Na O= - D1 ;");
  check_tokens("a; b # c", "Na O; Nb C# c ;");
  check_tokens("", "");
  check_tokens("(", "O( ;");
  check_tokens(")\n", "O) ;");
}
END_TEST

START_TEST(what_begins_no_token_is_an_error) {
  check_tokens("$ ! ?\n", "?$ ?! ?? ;");
  check_tokens("\xE2\x80\x9C", "?\xE2\x80\x9C ;");
  check_tokens("\xFF", "?\xFF ;");
  check_tokens("a \\ b", "Na ?\\ Nb ;");
}
END_TEST

START_TEST(tokens_know_their_place) {
  const gchar *source = "a\n  b = '''x\ny''' + c\n";
  PythonScanner scanner;
  PythonToken token;
  python_scanner_init(&scanner, source, strlen(source));
  for (int i = 0; i < 5; i++)
    python_scanner_next(&scanner, &token);
  ck_assert_int_eq(token.kind, TOKEN_STRING);
  ck_assert_uint_eq(token.line, 2);
  ck_assert_uint_eq(token.last_line, 3);
  ck_assert_uint_eq(token.column, 6);
  python_scanner_next(&scanner, &token);
  ck_assert_uint_eq(token.line, 3);
  ck_assert_uint_eq(token.column, 5);
}
END_TEST

START_TEST(keywords_are_whole_words) {
  ck_assert(python_is_keyword("async", 5));
  ck_assert(python_is_keyword("yield", 5));
  ck_assert(python_is_keyword("False", 5));
  ck_assert(python_is_keyword("with", 4));
  ck_assert(!python_is_keyword("asyn", 4));
  ck_assert(!python_is_keyword("within", 6));
  ck_assert(!python_is_keyword("match", 5));
  ck_assert(!python_is_keyword("", 0));
}
END_TEST

int main(void) {
  const TTest *const tests[] = {
      names_numbers_and_operators,
      strings_with_prefixes_and_escapes,
      an_unclosed_string_ends_with_its_line_or_the_source,
      newlines_end_statements_and_breaks_do_not,
      what_begins_no_token_is_an_error,
      tokens_know_their_place,
      keywords_are_whole_words,
      NULL,
  };
  return run_case("python_tokens", tests);
}
