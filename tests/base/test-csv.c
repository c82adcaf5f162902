/* base/csv: RFC 4180 reading, messages, and writing that reads back. */
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "support.h"

static MgCsv *
parse(const char *text)
{
  g_autoptr(GError) error = NULL;
  MgCsv *csv = mg_csv_parse(text, "table.csv", &error);
  g_assert_no_error(error);
  return csv;
}

static void
assert_refused(const char *text, const char *part_of_message)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_csv_parse(text, "table.csv", &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "table.csv"));
  g_assert_nonnull(strstr(error->message, part_of_message));
}

static void
test_plain(void)
{
  g_autoptr(MgCsv) csv = parse("name,value\nfirst,1\nsecond,2\n");
  g_assert_cmpuint(csv->columns->len, ==, 2);
  g_assert_cmpuint(csv->rows->len, ==, 2);
  g_assert_cmpint(mg_csv_column(csv, "value"), ==, 1);
  g_assert_cmpint(mg_csv_column(csv, "absent"), ==, -1);
  g_assert_cmpstr(mg_csv_get(csv, 1, 0), ==, "second");
}

static void
test_line_endings(void)
{
  const char *texts[] = {"a,b\r\n1,2\r\n3,4\r\n", "a,b\n1,2\n3,4", "a,b\r1,2\r3,4\r",
                         "\xef\xbb\xbf"
                         "a,b\n\n1,2\n\r\n3,4\n"};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(MgCsv) csv = parse(texts[i]);
    g_assert_cmpint(mg_csv_column(csv, "a"), ==, 0);
    g_assert_cmpuint(csv->rows->len, ==, 2);
    g_assert_cmpstr(mg_csv_get(csv, 1, 1), ==, "4");
  }
}

static void
test_quotes(void)
{
  g_autoptr(MgCsv) csv = parse("a,b\n\"x, \"\"y\"\"\",\"two\nlines\"\n,\"\"\n");
  g_assert_cmpstr(mg_csv_get(csv, 0, 0), ==, "x, \"y\"");
  g_assert_cmpstr(mg_csv_get(csv, 0, 1), ==, "two\nlines");
  g_assert_cmpstr(mg_csv_get(csv, 1, 0), ==, "");
  g_assert_cmpstr(mg_csv_get(csv, 1, 1), ==, "");
}

static void
test_refused(void)
{
  assert_refused("", "empty");
  assert_refused("a,b\n1,2\n\n1,2,3\n", "line 4");
  assert_refused("a,b\n\"two\nlines\",2\n1\n", "line 4");
  assert_refused("a,b\n1,2\n3,\"open\n5,6\n", "line 3");
  assert_refused("a,\"b\n", "line 1");
}

static void
test_round_trip(void)
{
  const char *const fields[] = {"plain", "", "a,b", "say \"so\"", "two\nlines", "Горе не беда"};
  g_autoptr(GString) text = g_string_new("1,2,3,4,5,6\n");
  g_autoptr(GString) line = g_string_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
    mg_csv_append(line, fields[i]);
  g_string_append(text, line->str);
  g_autoptr(MgCsv) csv = parse(text->str);
  for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
    g_assert_cmpstr(mg_csv_get(csv, 0, (int)i), ==, fields[i]);
}

static void
test_numbers(void)
{
  g_autoptr(GString) line = g_string_new(NULL);
  mg_csv_append_number(line, 0.5, 6);
  mg_csv_append_number(line, 1.0 / 3, 4);
  mg_csv_append_number(line, 12, 6);
  g_assert_cmpstr(line->str, ==, "0.5,0.3333,12");
}

static void
test_files(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "x.csv", NULL);
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_csv_load(path, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_IO);
  g_clear_error(&error);
  g_assert_true(mg_file_write(path, "a\n\xff\n", 4, NULL));
  g_assert_null(mg_csv_load(path, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  g_clear_error(&error);
  g_assert_true(mg_file_write(path, "a\n\0\n", 4, NULL));
  g_assert_null(mg_csv_load(path, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  test_remove(folder);
}

static void
test_reader(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgCsvReader) reader = mg_csv_reader_new("a,b\r\n\"x\ny\",1\n\n2,\"\"\"\"\n3\n", "table.csv", &error);
  g_assert_cmpuint(mg_csv_reader_fields(reader)->len, ==, 2);
  g_assert_true(mg_csv_reader_next(reader, &error));
  g_assert_cmpuint(mg_csv_reader_line(reader), ==, 2);
  g_assert_cmpstr(mg_csv_reader_fields(reader)->pdata[0], ==, "x\ny");
  g_assert_true(mg_csv_reader_next(reader, &error));
  g_assert_cmpuint(mg_csv_reader_line(reader), ==, 5);
  g_assert_cmpstr(mg_csv_reader_fields(reader)->pdata[1], ==, "\"");
  g_assert_no_error(error);
  g_assert_false(mg_csv_reader_next(reader, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "line 6"));
}

/* Nothing that is written computes in a spreadsheet, and everything is read as it was. */
static void
test_formulas(void)
{
  const char *const fields[] = {"=1+2", "+1", "-cmd", "@sum", "\tx", "\r=1", "'=1", "''-", "'plain", "a=b", "=\"a\",b"};
  g_autoptr(GString) text = g_string_new("1,2,3,4,5,6,7,8,9,10,11,12\n"), line = g_string_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
    mg_csv_append(line, fields[i]);
  mg_csv_append_number(line, -2.5, 9);
  g_assert_nonnull(strstr(line->str, ",-2.5"));
  g_auto(GStrv) cells = g_strsplit(line->str, ",", -1);
  for (char **cell = cells; *cell && !g_str_equal(*cell, "-2.5"); cell++)
    g_assert_false(**cell && strchr("=+-@\t\r", (*cell)[**cell == '"' && (*cell)[1]]));
  g_string_append(text, line->str);
  g_autoptr(MgCsv) csv = parse(text->str);
  for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
    g_assert_cmpstr(mg_csv_get(csv, 0, (int)i), ==, fields[i]);
}

/* Who asks for it has the texts as they are. */
static void
test_formulas_wanted(void)
{
  g_autoptr(GString) line = g_string_new(NULL);
  mg_csv_set_formulas(TRUE);
  mg_csv_append(line, "=1+2");
  mg_csv_append(line, "-x");
  mg_csv_append(line, "'=1"); /* or it were read without */
  mg_csv_set_formulas(FALSE);
  mg_csv_append(line, "-x");
  g_assert_cmpstr(line->str, ==, "=1+2,-x,''=1,'-x");
}

static void
test_paths(void)
{
  const char *const paths[] = {"/a/b.wav", "a.wav", "/caf\xe9 \xff.wav", "/100%.wav", "=1.wav"};
  for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(GString) text = g_string_new("path\n"), line = g_string_new(NULL);
    mg_csv_append_path(line, paths[i]);
    g_assert_true(g_utf8_validate(line->str, -1, NULL));
    g_string_append(text, line->str);
    g_autoptr(MgCsv) csv = parse(text->str);
    g_autofree char *path = mg_csv_path(mg_csv_get(csv, 0, 0));
    g_assert_cmpstr(path, ==, paths[i]);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/csv/plain", test_plain);
  g_test_add_func("/csv/line-endings", test_line_endings);
  g_test_add_func("/csv/quotes", test_quotes);
  g_test_add_func("/csv/refused", test_refused);
  g_test_add_func("/csv/round-trip", test_round_trip);
  g_test_add_func("/csv/formulas", test_formulas);
  g_test_add_func("/csv/formulas-wanted", test_formulas_wanted);
  g_test_add_func("/csv/paths", test_paths);
  g_test_add_func("/csv/numbers", test_numbers);
  g_test_add_func("/csv/files", test_files);
  g_test_add_func("/csv/reader", test_reader);
  return g_test_run();
}
