/* Commands are found by a few letters, the likeliest first. */
#include "support.h"
#include "ui/palette.h"

static void
test_score(void)
{
  g_assert_cmpint(mg_palette_score("Fit all", ""), ==, 0);
  g_assert_cmpint(mg_palette_score("Fit all", "fa"), ==, 8);
  g_assert_cmpint(mg_palette_score("Fit all", "fit"), ==, 10);
  g_assert_cmpint(mg_palette_score("Fit all", "z"), <, 0);
  g_assert_cmpint(mg_palette_score("Fit all", "tif"), <, 0);
  g_assert_cmpint(mg_palette_score("Перейти: Уроки", "ПУ"), ==, 8);
}

/* Whole words before scattered letters. */
static void
test_order(void)
{
  g_assert_cmpint(mg_palette_score("Go to Train", "train"), >, mg_palette_score("The usual panes train", "thain"));
  g_assert_cmpint(mg_palette_score("Export the picture", "exp"), >,
                  mg_palette_score("Several n_mels side by side xp", "exp"));
}

/* No command twice, each of a known family. */
static void
test_table(void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (const MgCommandLine *command = mg_palette_commands; command->title; command++) {
    g_assert_true(g_hash_table_add(seen, (gpointer)command->title));
    g_assert_nonnull(strchr(command->action, '.'));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/palette/score", test_score);
  g_test_add_func("/palette/order", test_order);
  g_test_add_func("/palette/table", test_table);
  return g_test_run();
}
