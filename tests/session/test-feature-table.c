#include "session-support.h"
#include "session/feature-table.h"
#include "ml/table-check.h"

/* Rows of two classes; every third is the row before again. */
static void
write_table(const char *folder, const char *name, const char *header)
{
  g_autoptr(GString) text = g_string_new(header);
  for (int i = 0; i < 30; i++) {
    int row = i % 3 == 2 ? i - 1 : i;
    g_string_append_printf(text, "%d.wav,%d,%g,%g,%s\n", i, 100 + i, (row * 37 % 17) * 0.1, row * 11 % 13 * 0.2,
                           i % 2 ? "rap" : "classique");
  }
  test_write(folder, name, text->str);
}

static MgFeatureTable *
open_table(const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  MgFeatureTable *table = mg_feature_table_new();
  mg_feature_table_open(table, path);
  g_assert_cmpint(mg_feature_table_state(table), ==, MG_TABLE_READING);
  test_wait_for(mg_feature_table_state(table) != MG_TABLE_READING);
  return table;
}

/* What header and first row suggest, and what is warned of. */
static void
test_guess(void)
{
  char *folder = test_folder();
  write_table(folder, "table.csv", "filename,length,a,b,label\n");
  g_autoptr(MgFeatureTable) table = open_table(folder, "table.csv");
  g_assert_cmpstr(mg_feature_table_message(table), ==, "");
  g_assert_cmpstr(mg_feature_table_label(table), ==, "label");
  g_assert_cmpstr(mg_feature_table_ignore(table), ==, "filename,length");
  g_assert_null(mg_feature_table_group(table));
  g_assert_cmpuint(g_strv_length((char **)mg_feature_table_header(table)), ==, 5);
  g_assert_cmpuint(g_strv_length((char **)mg_feature_table_texts(table)), ==, 2);
  g_assert_cmpuint(mg_feature_table_samples(table)->x->rows, ==, 30);
  g_assert_cmpuint(mg_feature_table_samples(table)->columns->len, ==, 2);
  g_assert_cmpuint(mg_feature_table_duplicates(table), ==, 10);
  g_assert_cmpuint(mg_feature_table_suspects(table)->len, ==, 0);
  g_assert_true(mg_feature_table_names_tracks(table));
  mg_feature_table_set_layout(table, "label", NULL, "filename");
  test_wait_for(mg_feature_table_state(table) != MG_TABLE_READING);
  g_assert_cmpuint(mg_feature_table_suspects(table)->len, ==, 1);
  g_assert_cmpuint(g_array_index(mg_feature_table_suspects(table), MgSuspect, 0).column, ==, 0); /* length */
  test_remove(folder);
}

/* Other names; a column of text that is asked for as a feature; no file. */
static void
test_layout(void)
{
  char *folder = test_folder();
  write_table(folder, "table.csv", "artist,n,a,b,style\n");
  g_autoptr(MgFeatureTable) table = open_table(folder, "table.csv");
  g_assert_cmpstr(mg_feature_table_label(table), ==, "style");
  g_assert_cmpstr(mg_feature_table_ignore(table), ==, "artist");
  g_assert_false(mg_feature_table_names_tracks(table));
  mg_feature_table_set_layout(table, "style", "artist", "");
  test_wait_for(mg_feature_table_state(table) != MG_TABLE_READING);
  g_assert_cmpint(mg_feature_table_state(table), ==, MG_TABLE_READY);
  g_assert_true(mg_feature_table_names_tracks(table));
  g_assert_cmpstr(mg_feature_table_samples(table)->groups[3], ==, "3.wav");
  mg_feature_table_set_layout(table, "style", NULL, "");
  test_wait_for(mg_feature_table_state(table) != MG_TABLE_READING);
  g_assert_cmpint(mg_feature_table_state(table), ==, MG_TABLE_FAILED);
  g_assert_nonnull(strstr(mg_feature_table_message(table), "artist"));
  g_assert_null(mg_feature_table_samples(table));
  g_assert_cmpuint(g_strv_length((char **)mg_feature_table_header(table)), ==, 5); /* to choose others */
  g_autoptr(MgFeatureTable) none = open_table(folder, "none.csv");
  g_assert_cmpint(mg_feature_table_state(none), ==, MG_TABLE_FAILED);
  g_assert_nonnull(strstr(mg_feature_table_message(none), "none.csv"));
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/feature-table/guess", test_guess);
  g_test_add_func("/session/feature-table/layout", test_layout);
  return g_test_run();
}
