#include "base/scratch.h"
#include "base/file.h"

struct MgScratch {
  char *folder;
};

MgScratch *
mg_scratch_new(const char *name, GError **error)
{
  g_autofree char *pattern = g_strdup_printf("melograph-%s-XXXXXX", name);
  char *folder = g_dir_make_tmp(pattern, error);
  if (!folder)
    return NULL;
  MgScratch *scratch = g_new(MgScratch, 1);
  scratch->folder = folder;
  return scratch;
}

char *
mg_scratch_path(const MgScratch *scratch, const char *file)
{
  return g_build_filename(scratch->folder, file, NULL);
}

void
mg_scratch_free(MgScratch *scratch)
{
  if (!scratch)
    return;
  mg_folder_remove(scratch->folder, NULL);
  g_free(scratch->folder);
  g_free(scratch);
}
