/* --model F.safetensors (or NAME of a shipped one) or --run DIR: the ways of naming a trained model. */
#pragma once
#include <glib.h>
#include <glib/gi18n-lib.h>

typedef struct {
  char *model, *run, *checkpoint;
} MgModelOption;

#define MG_MODEL_OPTION_ENTRIES(option)                                                                                \
  {"model",                                                                                                            \
   0,                                                                                                                  \
   0,                                                                                                                  \
   G_OPTION_ARG_FILENAME,                                                                                              \
   &(option).model,                                                                                                    \
   N_("A trained model, or the name of one that comes with the program"),                                              \
   "FILE.safetensors"},                                                                                                \
      {"run", 0, 0, G_OPTION_ARG_FILENAME, &(option).run, N_("A run folder, in place of --model"), "DIR"},             \
  {                                                                                                                    \
    "checkpoint", 0, 0, G_OPTION_ARG_STRING, &(option).checkpoint, N_("best or last of the run; best"), "NAME"         \
  }

/* The model file's path; MG_ERROR_USAGE unless exactly one of both is given. g_free() it. */
char *mg_model_option_path(const MgModelOption *option, const char *command, GError **error);
/* --embedding: a file, the name of a model that comes with the program, or a run, whose best checkpoint it is, becomes
 * the file's path. NULL stays. */
gboolean mg_embedding_option_find(char **embedding, GError **error);
void mg_model_option_clear(MgModelOption *option);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgModelOption, mg_model_option_clear)
