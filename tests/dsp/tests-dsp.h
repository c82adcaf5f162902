/* What the tests of this folder share. */
#pragma once
#include "base/npy.h"
#include "base/param.h"
#include "support.h"
#include <string.h>

/* "name=value name=value …" */
static inline void
test_set(MgParams *params, const char *settings)
{
  g_auto(GStrv) list = g_strsplit_set(settings, " ", -1);
  for (char **setting = list; *setting; setting++) {
    GError *error = NULL;
    if (**setting)
      mg_params_assign(params, *setting, &error);
    g_assert_no_error(error);
  }
}

/* A reference array by its name, from tests/refs/ or from beside the project; NULL where the test is skipped.
 */
static inline MgMatrix *
test_reference(const char *name)
{
  g_autofree char *file = g_strdup_printf("%s.npy", name);
  g_autofree char *relative = g_build_filename("refs", file, NULL);
  g_autofree char *path = test_file(relative);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autofree char *shared = g_build_filename("reference", file, NULL);
    g_free(path);
    path = test_shared(shared);
  }
  if (!path)
    return NULL;
  GError *error = NULL;
  MgMatrix *matrix = mg_npy_load(path, &error);
  g_assert_no_error(error);
  return matrix;
}
