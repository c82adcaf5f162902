/* Marked moments become a training that starts from the model that heard them. */
#include "session-support.h"
#include "audio/encoder.h"
#include "base/error.h"
#include "session/retrain.h"
#include "train/run-config.h"
#include <math.h>

enum { SR = 8000 };

/* A second of a tone, kept as a moment under a class. */
static void
keep_moment(MgWorkspace *workspace, const char *name, const char *label, double hz)
{
  g_autofree char *relative = g_strconcat("recordings/moments/", name, NULL),
                  *path = mg_workspace_path(workspace, relative);
  g_autofree float *samples = g_new(float, SR);
  g_autofree char *folder = g_path_get_dirname(path);
  g_autoptr(GError) error = NULL;
  for (int i = 0; i < SR; i++)
    samples[i] = 0.4f * (float)sin(2 * G_PI * hz * i / SR);
  g_mkdir_with_parents(folder, 0755);
  g_assert_true(mg_wav_write(path, samples, SR, 1, SR, FALSE, &error));
  g_assert_true(mg_workspace_add_track(workspace, path, label, 1, SR, 1, &error));
}

static void
test_moments(void)
{
  char *folder = test_folder();
  g_autoptr(GError) error = NULL;
  g_autoptr(MgWorkspace) workspace = mg_workspace_open(folder, &error);
  g_assert_no_error(error);
  g_autofree char *runs_folder = mg_workspace_path(workspace, "runs");
  g_autoptr(MgRunList) runs = mg_run_list_new(runs_folder);
  g_autofree char *model = g_build_filename(MG_SOURCE_DIR, "models", "digits.safetensors", NULL);
  keep_moment(workspace, "a.wav", "clap", 200);
  keep_moment(workspace, "b.wav", "clap", 220);
  g_assert_null(mg_retrain_start(workspace, runs, model, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_DATA);
  g_clear_error(&error);
  keep_moment(workspace, "c.wav", "whistle", 900);
  keep_moment(workspace, "d.wav", "whistle", 950);
  MgRun *run = mg_retrain_start(workspace, runs, model, &error);
  g_assert_no_error(error);
  test_wait_for(mg_run_series(run, "train", "loss").n > 0 || mg_run_state(run) == MG_RUN_FAILED);
  g_assert_cmpstr(mg_run_message(run), ==, "");
  g_autoptr(MgRunConfig) config = mg_run_config_load(mg_run_folder(run), &error);
  g_assert_no_error(error);
  g_assert_cmpstr(mg_params_text(config->params, "init"), ==, model);
  g_assert_cmpstr(config->labels[0], ==, "clap");
  g_assert_cmpstr(config->labels[1], ==, "whistle");
  g_assert_null(config->labels[2]);
  g_assert_cmpstr(mg_params_text(config->params, "sr"), ==, "8000"); /* the model's front end */
  mg_run_stop(run);
  test_wait_for(!mg_run_is_active(run));
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/retrain/moments", test_moments);
  return g_test_run();
}
