#include "cli/model-option.h"
#include "base/error.h"
#include "train/evaluator.h"
#include "train/model-file.h"
#include <glib/gi18n-lib.h>

char *
mg_model_option_path(const MgModelOption *option, const char *command, GError **error)
{
  if (!option->model == !option->run) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("%s: expected either --model FILE.safetensors or --run DIR"),
                command);
    return NULL;
  }
  if (option->model)
    return mg_model_find(option->model, error);
  return mg_checkpoint_path(option->run, option->checkpoint ? option->checkpoint : "best", error);
}

gboolean
mg_embedding_option_find(char **embedding, GError **error)
{
  if (!*embedding)
    return TRUE;
  char *path = g_file_test(*embedding, G_FILE_TEST_IS_DIR) ? mg_checkpoint_path(*embedding, "best", error)
                                                           : mg_model_find(*embedding, error);
  g_free(*embedding);
  *embedding = path;
  return path != NULL;
}

void
mg_model_option_clear(MgModelOption *option)
{
  g_free(option->model);
  g_free(option->run);
  g_free(option->checkpoint);
}
