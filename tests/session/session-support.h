/* What the session's tests share: waiting in the main loop, and a stand-in for melograph-cli. */
#pragma once
#include "support.h"
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

static inline gboolean
note_timeout(gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until the condition holds; fails after 120 s. */
#define test_wait_for(condition)                                                                                       \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    gboolean timed_out = FALSE;                                                                                        \
    guint source = g_timeout_add_seconds(120, note_timeout, &timed_out);                                               \
    while (!(condition) && !timed_out)                                                                                 \
      g_main_context_iteration(NULL, TRUE);                                                                            \
    g_assert_false(timed_out);                                                                                         \
    g_source_remove(source);                                                                                           \
  }                                                                                                                    \
  G_STMT_END

/* Makes workers run the shell script `body` in place of melograph-cli. */
static inline void
test_fake_program(const char *folder, const char *body)
{
  g_autofree char *path = g_build_filename(folder, "melograph-cli", NULL);
  g_autofree char *script = g_strdup_printf("#!/bin/sh\n%s\n", body);
  g_assert_true(g_file_set_contents(path, script, -1, NULL));
  g_assert_cmpint(g_chmod(path, 0755), ==, 0);
  g_setenv("MELOGRAPH_CLI", path, TRUE);
}

static inline void
test_write(const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0755), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static inline void
test_append(const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  FILE *file = fopen(path, "a");
  g_assert_nonnull(file);
  fputs(text, file);
  fclose(file);
}
