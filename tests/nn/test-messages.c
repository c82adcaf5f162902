/* What is wrong with a network's files is told in Russian where the window speaks it, on one line; sizes stay what they
 * are. */
#include "nn/description.h"
#include "nn/onnx.h"
#include "nn/safetensors.h"
#include "base/data-dir.h"
#include "base/file.h"
#include "support.h"
#include <libintl.h>
#include <locale.h>
#include <string.h>

#define NETWORK(layer) "{\"name\": \"x\", \"layers\": [" layer "]}"

static const struct {
  const char *name, *text, *expected;
} broken[] = {
    {"no-json", "[", "x.json: это не JSON: строка 1: "},
    {"no-network", "{}", "x.json: это не описание сети: нужен объект с текстом «name»"},
    {"line-break", NETWORK("{\"type\": \"no\\nne\"}"), "x.json: слой 1: тип «no"},
    {"no-type", NETWORK("{}"), "x.json: слой 1: нет типа слоя; есть типы conv2d, "},
    {"missing", NETWORK("{\"type\": \"linear\"}"), "x.json: слой linear1 (linear): нет ключа «out_features»: "},
    {"value", NETWORK("{\"type\": \"linear\", \"out_features\": -1}"),
     "x.json: слой linear1 (linear): out_features=-1: нужно целое число от 1 до "},
    {"inputs", NETWORK("{\"type\": \"relu\", \"inputs\": [\"later\"]}"),
     "x.json: слой relu1: inputs: «later»; нужно имя слоя"},
    {"window", NETWORK("{\"type\": \"maxpool\", \"kernel_height\": 9}"),
     "x.json: слой maxpool1 (maxpool): вход 8 x 8 с дополнением"},
    {"large",
     NETWORK("{\"type\": \"linear\", \"out_features\": 1000000}, {\"type\": \"linear\", \"out_features\": 1000000}"),
     "x.json: слой linear2 (linear): больше, чем принимает программа: слоёв не больше 4096, значений в слое не больше "
     "67108864, весов всего не больше 134217728"},
};

static void
check(const GError *error, const char *expected)
{
  if (!g_str_has_prefix(error->message, expected) || strchr(error->message, '\n') || strstr(error->message, "must be"))
    g_test_fail_printf("“%s”; expected it to begin with “%s”", error->message, expected);
}

static void
test_description(gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE(data);
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_description_parse(broken[i].text, "x.json", (MgShape){1, 8, 8}, 2, &error));
  check(error, broken[i].expected);
}

static void
test_files(void)
{
  char *folder = test_folder();
  g_autofree char *path = g_build_filename(folder, "short", NULL);
  g_autofree char *few = g_strdup_printf("%s: 3 байт мало для файла safetensors", path);
  g_autofree char *other = g_strdup_printf("%s: это не файл ONNX, или он обрезан: ", path);
  g_autoptr(GError) error = NULL, onnx_error = NULL;
  g_assert_true(mg_file_write(path, "abc", 3, NULL));
  g_assert_null(mg_safetensors_load(path, &error));
  check(error, few);
  g_assert_null(mg_onnx_load(path, &onnx_error));
  check(onnx_error, other);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_setenv("LANGUAGE", "ru", TRUE);
  setlocale(LC_ALL, "");
  bindtextdomain(GETTEXT_PACKAGE, mg_data_dir_locale());
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  g_autofree char *russian = g_build_filename(mg_data_dir_locale(), "ru", "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);
  if (!g_file_test(russian, G_FILE_TEST_EXISTS)) {
    g_print("1..0 # SKIP no translations: built without the window\n");
    return 0;
  }
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
    g_autofree char *name = g_strconcat("/messages/description/", broken[i].name, NULL);
    g_test_add_data_func(name, GSIZE_TO_POINTER(i), test_description);
  }
  g_test_add_func("/messages/files", test_files);
  return g_test_run();
}
