/* A child that does not heed SIGTERM does not hold up who waits for it. */
#include "base/error.h"
#include "support.h"
#include "train/train-process.h"
#include <glib/gstdio.h>

typedef struct {
  char *program;
  MgProgress *progress;
  gboolean good;
  GError *error;
} Work;

static gpointer
work_in_thread(gpointer data)
{
  Work *work = data;
  work->good = mg_train_process(work->program, (const char *const[]){"train", NULL}, work->progress, &work->error);
  return NULL;
}

static void
test_hanging(void)
{
  char *folder = test_folder();
  g_autofree char *ready = g_build_filename(folder, "ready", NULL);
  g_autofree char *script =
      g_strdup_printf("#!/bin/sh\ntrap '' TERM\ntouch '%s'\nwhile :; do sleep 0.05; done\n", ready);
  Work work = {.program = g_build_filename(folder, "melograph-cli", NULL), .progress = mg_progress_new(NULL, NULL)};
  g_assert_true(g_file_set_contents(work.program, script, -1, NULL));
  g_assert_cmpint(g_chmod(work.program, 0755), ==, 0);
  g_setenv("MELOGRAPH_PATIENCE", "0.4", TRUE);
  GThread *thread = g_thread_new("work", work_in_thread, &work);
  while (!g_file_test(ready, G_FILE_TEST_EXISTS)) /* or the signal comes before the trap */
    g_usleep(10000);
  mg_progress_cancel(work.progress);
  g_thread_join(thread);
  g_assert_false(work.good);
  g_assert_error(work.error, MG_ERROR, MG_ERROR_CANCELLED);
  g_clear_error(&work.error);
  mg_progress_unref(work.progress);
  g_free(work.program);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/train/process/hanging", test_hanging);
  return g_test_run();
}
