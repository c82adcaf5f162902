#include "dataset/manifest.h"
#include "fuzz.h"

/* A data set told by a CSV. Its sounds are absent, so that nothing else is read. */
int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autofree char *folder = g_strdup(fuzz_folder()), *path = g_build_filename(folder, "sounds.csv", NULL);
  fuzz_put(folder, "sounds.csv", data, n);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgManifest) manifest = mg_manifest_open(path, NULL, NULL, &error);
  fuzz_check(manifest, error);
  return 0;
}
