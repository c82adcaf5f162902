#include "dataset/store-labels.h"
#include "dataset/store.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t n)
{
  g_autofree char *folder = g_strdup(fuzz_folder());
  fuzz_put(folder, "workspace.db", data, n);
  g_autoptr(GError) error = NULL, cause = NULL, reason = NULL, why = NULL, last = NULL;
  g_autoptr(MgStore) store = mg_store_open(folder, &error);
  fuzz_check(store, error);
  if (!store)
    return 0;
  g_autoptr(GPtrArray) tracks = mg_store_tracks(store, &cause);
  fuzz_check(tracks, cause);
  g_autoptr(GPtrArray) runs = mg_store_runs(store, &reason);
  fuzz_check(runs, reason);
  g_autoptr(GPtrArray) labels = mg_store_labels(store, "a.wav", &why);
  fuzz_check(labels, why);
  MgStoreTrack track = {.path = (char *)"/b.wav", .duration = 1, .sr = 8000, .channels = 1};
  if (!mg_store_add_track(store, &track, &last))
    fuzz_check(NULL, last);
  return 0;
}
