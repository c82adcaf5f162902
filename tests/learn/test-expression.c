/* The arithmetic of lessons against C's own, and what it refuses. */
#include "learn/expression.h"
#include "support.h"

static gboolean
find(const char *name, gpointer data, double *value)
{
  *value = 12;
  return g_str_equal(name, "f0");
}

static void
test_values(void)
{
  static const struct {
    const char *text;
    double value;
  } cases[] = {{"3", 3},          {" 2 + 3*4 ", 14}, {"(2+3)*4", 20},    {"-f0 / 5", -2.4},
               {"10 - 2 - 3", 5}, {"16/4/2", 2},     {"1e3 - -1", 1001}, {".5 * f0", 6}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    double value;
    g_assert_true(mg_expression_value(cases[i].text, find, NULL, &value, &error));
    g_assert_no_error(error);
    g_assert_cmpfloat_with_epsilon(value, cases[i].value, 1e-12);
  }
}

static void
test_refused(void)
{
  g_autofree char *deep = g_strnfill(5000, '(');
  const char *const texts[] = {"", "2 +", "f1", "2 3", "(2", "1/0", "2 ** 3", "$f0", "1e999", deep};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;
    double value;
    g_assert_false(mg_expression_value(texts[i], find, NULL, &value, &error));
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, "expected"));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/expression/values", test_values);
  g_test_add_func("/expression/refused", test_refused);
  return g_test_run();
}
