/* base/param: what is accepted, what the messages say, files that read back. */
#include "base/param.h"
#include "base/error.h"
#include "support.h"

static const MgParamSpec first_specs[] = {
    {.name = "n_fft",
     .type = MG_PARAM_INT,
     .default_value = "2048",
     .min = 16,
     .max = 65536,
     .unit = "samples",
     .help = "Length"},
    {.name = "fmax",
     .type = MG_PARAM_FLOAT,
     .default_value = "auto",
     .min = 0,
     .max = 96000,
     .automatic = "sr / 2",
     .help = "Top"},
    {.name = "center", .type = MG_PARAM_BOOL, .default_value = "true", .help = "Padded"},
    {.name = "window", .type = MG_PARAM_CHOICE, .default_value = "hann", .choices = "hann|hamming", .help = "Window"},
    {.name = "seed", .type = MG_PARAM_INT, .default_value = "0", .help = "Seed"},
};
static const MgParamSpec second_specs[] = {
    {.name = "note", .type = MG_PARAM_TEXT, .default_value = "", .help = "Free text"},
    {.name = "seed", .type = MG_PARAM_INT, .default_value = "7", .help = "Named in two tables"},
    {.name = "rate", .type = MG_PARAM_FLOAT, .default_value = "0.10", .help = "Not in its shortest form"},
    {.name = "parts",
     .type = MG_PARAM_LIST,
     .default_value = "none",
     .choices = "low|mid|high",
     .help = "Some of them"},
};
static const MgParamTable first = MG_PARAM_TABLE("first", "First", first_specs);
static const MgParamTable second = MG_PARAM_TABLE("second", "Second", second_specs);
static const MgParamTable *const both[] = {&first, &second, NULL};
static const MgParamTable *const only_second[] = {&second, NULL};

static void
assert_refused(const char *name, const char *text, const char *part_of_message)
{
  g_autoptr(MgParams) params = mg_params_new(both);
  g_autofree char *before = mg_params_key(params, NULL);
  g_autoptr(GError) error = NULL;
  g_assert_false(mg_params_set(params, name, text, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, name));
  g_assert_nonnull(strstr(error->message, part_of_message));
  g_assert_null(strchr(error->message, '\n'));
  g_autofree char *after = mg_params_key(params, NULL);
  g_assert_cmpstr(before, ==, after);
}

static void
test_defaults(void)
{
  g_autoptr(MgParams) params = mg_params_new(both);
  g_assert_cmpint(mg_params_int(params, "n_fft"), ==, 2048);
  g_assert_true(mg_params_is_auto(params, "fmax"));
  g_assert_cmpfloat(mg_params_float_or(params, "fmax", 11025), ==, 11025);
  g_assert_true(mg_params_bool(params, "center"));
  g_assert_cmpstr(mg_params_text(params, "window"), ==, "hann");
  g_assert_cmpint(mg_params_int(params, "seed"), ==, 0); /* the first table's */
  for (size_t t = 0; both[t]; t++)
    for (size_t i = 0; i < both[t]->n; i++)
      g_assert_true(mg_params_is_default(params, both[t]->specs[i].name));
  g_assert_true(mg_params_has(params, "note"));
  g_assert_false(mg_params_has(params, "hop"));
  g_assert_null(mg_params_spec(params, "hop"));
}

static void
test_accepted(void)
{
  static const char *const cases[][3] = {
      {"n_fft", "512", "512"},
      {"n_fft", "1e3", "1000"},
      {"n_fft", "16", "16"},
      {"n_fft", "65536", "65536"},
      {"fmax", "8000.50", "8000.5"},
      {"fmax", "auto", "auto"},
      {"fmax", "0", "0"},
      {"center", "no", "false"},
      {"center", "1", "true"},
      {"window", "hamming", "hamming"},
      {"note", "a=b; c", "a=b; c"},
      {"seed", "-5", "-5"},
      {"parts", "high, low", "low,high"},
      {"parts", "mid,mid", "mid"},
      {"parts", "", "none"},
      {"parts", "none", "none"},
  };
  g_autoptr(MgParams) params = mg_params_new(both);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    mg_params_set(params, cases[i][0], cases[i][1], &error);
    g_assert_no_error(error);
    g_assert_cmpstr(mg_params_text(params, cases[i][0]), ==, cases[i][2]);
  }
}

static void
test_refused(void)
{
  assert_refused("n_fft", "15", "from 16 to 65536");
  assert_refused("n_fft", "65537", "from 16 to 65536");
  assert_refused("n_fft", "2048.5", "whole number");
  assert_refused("n_fft", "", "whole number");
  assert_refused("n_fft", "nan", "whole number");
  assert_refused("n_fft", "2048x", "n_fft=2048x");
  assert_refused("n_fft", "auto", "whole number"); /* not allowed there */
  assert_refused("fmax", "inf", "a number");
  assert_refused("fmax", "high", "or auto (sr / 2)");
  assert_refused("center", "maybe", "true or false");
  assert_refused("window", "hanning", "hann, hamming");
  assert_refused("window", "hann|hamming", "hann, hamming");
  assert_refused("seed", "1e300", "whole number");
  assert_refused("parts", "low,top", "some of low, mid, high");
  assert_refused("parts", "low,none", "some of low, mid, high");
  assert_refused("parts", "low,,mid", "some of low, mid, high");
  assert_refused("hop", "1", "n_fft, fmax, center, window, seed, note");
}

static void
test_list(void)
{
  g_autoptr(MgParams) params = mg_params_new(both);
  g_assert_false(mg_params_lists(params, "parts", "low"));
  g_assert_true(mg_params_set(params, "parts", "low,high", NULL));
  g_assert_true(mg_params_lists(params, "parts", "low"));
  g_assert_false(mg_params_lists(params, "parts", "mid"));
  g_assert_true(mg_params_lists(params, "parts", "high"));
}

static void
test_assign(void)
{
  g_autoptr(MgParams) params = mg_params_new(both);
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_params_assign(params, "note=a=b", &error));
  g_assert_cmpstr(mg_params_text(params, "note"), ==, "a=b");
  g_assert_false(mg_params_assign(params, "n_fft", &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_clear_error(&error);
  g_assert_false(mg_params_assign(params, "=5", &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
}

static void
test_computed_values(void)
{
  g_autoptr(MgParams) params = mg_params_new(both);
  mg_params_set_int(params, "seed", G_GINT64_CONSTANT(9007199254740991));
  g_assert_cmpint(mg_params_int(params, "seed"), ==, G_GINT64_CONSTANT(9007199254740991));
  mg_params_set_float(params, "fmax", 123.25);
  g_assert_cmpfloat(mg_params_float(params, "fmax"), ==, 123.25);
  g_assert_false(mg_params_is_default(params, "fmax"));
}

static void
test_copies(void)
{
  g_autoptr(MgParams) params = mg_params_new(both);
  mg_params_assign(params, "n_fft=512", NULL);
  g_autoptr(MgParams) copy = mg_params_copy(params);
  mg_params_assign(params, "n_fft=1024", NULL);
  g_assert_cmpint(mg_params_int(copy, "n_fft"), ==, 512);
  g_autoptr(MgParams) part = mg_params_new(only_second);
  g_assert_cmpint(mg_params_int(part, "seed"), ==, 7);
  mg_params_assign(copy, "seed=3", NULL);
  mg_params_take(part, copy);
  g_assert_cmpint(mg_params_int(part, "seed"), ==, 3);
  g_assert_false(mg_params_has(part, "n_fft"));
}

static void
test_key_file(void)
{
  g_autoptr(MgParams) params = mg_params_new(both);
  mg_params_assign(params, "n_fft=512", NULL);
  mg_params_assign(params, "note= Зима; [x] = \\ ", NULL);
  g_autoptr(GKeyFile) file = g_key_file_new();
  mg_params_to_key_file(params, file);
  g_autofree char *text = g_key_file_to_data(file, NULL, NULL);
  g_autoptr(GKeyFile) again = g_key_file_new();
  g_assert_true(g_key_file_load_from_data(again, text, (gsize)-1, 0, NULL));
  g_key_file_set_string(again, "elsewhere", "n_fft", "nonsense"); /* another program's group */
  g_autoptr(MgParams) back = mg_params_new(both);
  g_autoptr(GError) error = NULL;
  g_assert_true(mg_params_from_key_file(back, again, "config.ini", &error));
  g_autofree char *key = mg_params_key(params, NULL), *back_key = mg_params_key(back, NULL);
  g_assert_cmpstr(key, ==, back_key);
  g_key_file_set_string(again, "first", "n_fft", "3");
  g_assert_false(mg_params_from_key_file(back, again, "config.ini", &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, "config.ini"));
  g_assert_nonnull(strstr(error->message, "n_fft=3"));
}

static void
test_keys(void)
{
  g_autoptr(MgParams) params = mg_params_new(both);
  mg_params_assign(params, "fmax=8000.0", NULL);
  g_autofree char *key = mg_params_key(params, "first");
  g_assert_cmpstr(key, ==, "n_fft=2048;fmax=8000;center=true;window=hann;seed=0;");
  g_autofree char *none = mg_params_key(params, "absent");
  g_assert_cmpstr(none, ==, "");
}

/* Mistakes of the program end it, with the name in the message. */
static void
test_unknown_name(void)
{
  if (g_test_subprocess()) {
    g_autoptr(MgParams) params = mg_params_new(both);
    mg_params_int(params, "hop");
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_failed();
  g_test_trap_assert_stderr("*no parameter is called hop*");
}

static void
test_bad_default(void)
{
  static const MgParamSpec specs[] = {{.name = "bad", .type = MG_PARAM_INT, .default_value = "many", .help = "Bad"}};
  static const MgParamTable table = MG_PARAM_TABLE("bad", "Bad", specs);
  static const MgParamTable *const tables[] = {&table, NULL};
  if (g_test_subprocess()) {
    mg_params_free(mg_params_new(tables));
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_failed();
  g_test_trap_assert_stderr("*the default of bad*");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/param/defaults", test_defaults);
  g_test_add_func("/param/accepted", test_accepted);
  g_test_add_func("/param/refused", test_refused);
  g_test_add_func("/param/list", test_list);
  g_test_add_func("/param/assign", test_assign);
  g_test_add_func("/param/computed-values", test_computed_values);
  g_test_add_func("/param/copies", test_copies);
  g_test_add_func("/param/key-file", test_key_file);
  g_test_add_func("/param/keys", test_keys);
  g_test_add_func("/param/unknown-name", test_unknown_name);
  g_test_add_func("/param/bad-default", test_bad_default);
  return g_test_run();
}
