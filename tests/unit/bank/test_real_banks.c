/* Real material, where it is at hand: the number of blocks that are found. */
#include "bank_suite.h"

/* The bank at a path below PROCTOR_BANKS; NULL where it is absent. */
static Bank *read_real(const gchar *name) {
  const gchar *root = g_getenv("PROCTOR_BANKS");
  g_autofree gchar *path =
      g_build_filename(root != NULL ? root : PROCTOR_BANKS_DEFAULT, name, NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_print("skipped: %s is absent\n", path);
    return NULL;
  }
  const gchar *const paths[] = {path, NULL};
  g_autoptr(GError) error = NULL;
  Bank *bank = bank_read(files_disk(), paths, &error);
  ck_assert_msg(bank != NULL, "%s", error != NULL ? error->message : "");
  return bank;
}

static guint count_snippets(const Bank *bank) {
  guint count = 0;
  for (guint i = 0; i < bank->documents->len; i++)
    count += ((const Document *)g_ptr_array_index(bank->documents, i))->snippets->len;
  return count;
}

START_TEST(the_users_bank) {
  g_autoptr(Bank) bank = read_real("user");
  if (bank == NULL)
    return;
  ck_assert_uint_eq(count_snippets(bank), 34);
  const Document *document = g_ptr_array_index(bank->documents, 0);
  guint swallowed = 0;
  for (guint i = 0; i < document->snippets->len; i++)
    swallowed += snippet_at(document, i)->placement == SNIPPET_SWALLOWED;
  ck_assert_uint_eq(swallowed, 6);
  ck_assert_uint_eq(document->remarks->len, 6);
  const Snippet *lock = bank_find(bank, "interview-questions/advanced-python-design/11.2", NULL);
  ck_assert_ptr_nonnull(lock);
  ck_assert_uint_eq(lock->first_line, 340);
  ck_assert_uint_eq(lock->last_line, 352);
}
END_TEST

/* All labelled fences, and unlabelled ones that are sessions. */
START_TEST(other_peoples_banks) {
  static const struct {
    const gchar *name;
    guint count;
  } banks[] = {{"wtfpython", 252}, {"wilfredinni", 584}, {"practical-python", 736}};
  for (gsize i = 0; i < G_N_ELEMENTS(banks); i++) {
    g_autoptr(Bank) bank = read_real(banks[i].name);
    if (bank != NULL)
      ck_assert_uint_eq(count_snippets(bank), banks[i].count);
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {the_users_bank, other_peoples_banks, NULL};
  return run_case("real_banks", tests);
}
