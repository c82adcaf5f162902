#include "session/learning.h"
#include "base/file.h"
#include "train/explain.h"
#include "train/file-segments.h"
#include "train/run-config.h"
#include "train/run-confusion.h"
#include "train/run-split.h"

/* What a thread found; never changed once made. */
typedef struct {
  char **tracks;
  GPtrArray *filters, *maps;
  MgMatrix *input;
  char *layer, *message;
  int n_parts;
  guint *confusion;
  char **labels;
  int epoch;
} Found;

static void
found_free(Found *found)
{
  if (!found)
    return;
  g_strfreev(found->tracks);
  g_clear_pointer(&found->filters, g_ptr_array_unref);
  g_clear_pointer(&found->maps, g_ptr_array_unref);
  mg_matrix_free(found->input);
  g_free(found->layer);
  g_free(found->message);
  g_free(found->confusion);
  g_strfreev(found->labels);
  g_free(found);
}

struct _MgLearning {
  GObject parent_instance;
  MgRun *run;
  guint track;
  int part;
  gint64 read;    /* times of the files that were read last */
  gboolean busy;  /* a thread reads */
  gboolean stale; /* another question has come in the meantime */
  guint64 errand; /* answers to older ones are dropped */
  Found *found;   /* NULL: nothing yet */
};

G_DEFINE_FINAL_TYPE(MgLearning, mg_learning, G_TYPE_OBJECT)

static guint changed_signal;

typedef struct {
  char *folder;
  guint track;
  int part;
  guint64 number;
} Errand;

static void
errand_free(gpointer data)
{
  g_free(((Errand *)data)->folder);
  g_free(data);
}

/* On the thread. */

/* The tracks that it is validated with; without any, those that it learns from. */
static GPtrArray *
pick_tracks(const MgManifest *manifest, MgSplit side)
{
  GPtrArray *tracks = g_ptr_array_new();
  for (guint i = 0; i < manifest->tracks->len; i++)
    if (mg_manifest_track(manifest, i)->split == side)
      g_ptr_array_add(tracks, (gpointer)mg_manifest_track(manifest, i));
  return tracks;
}

static void
name_tracks(Found *found, const GPtrArray *tracks)
{
  found->tracks = g_new0(char *, tracks->len + 1);
  for (guint i = 0; i < tracks->len; i++)
    found->tracks[i] = g_strdup(((const MgTrack *)tracks->pdata[i])->path);
}

static GPtrArray *
take_maps(MgFeatureMaps *maps)
{
  GPtrArray *own = maps ? g_ptr_array_ref(maps->maps) : NULL;
  mg_feature_maps_free(maps);
  return own;
}

static int
count_parts(const MgModel *model, const MgTrack *track)
{
  g_autoptr(MgFileSegments) segments =
      mg_file_segments_open(track->path, track->start, track->end, model->front_end, NULL);
  return segments ? (int)mg_file_segments_n(segments) : 0;
}

static gboolean
look(Found *found, const Errand *errand, const MgTrack *track, GError **error)
{
  g_autofree char *path = g_build_filename(errand->folder, "checkpoints", "last.safetensors", NULL);
  g_autoptr(MgModel) model = mg_model_load(path, error);
  if (!model)
    return FALSE;
  found->filters = take_maps(mg_feature_filters(model, NULL, NULL)); /* a network without convolutions has none */
  found->n_parts = count_parts(model, track);
  int part = CLAMP(errand->part, 1, MAX(found->n_parts, 1));
  g_autoptr(MgSeen) seen = mg_seen_load(model, track->path, track->start, track->end, part, error);
  MgFeatureMaps *maps = seen ? mg_feature_maps(seen, NULL, error) : NULL;
  if (seen)
    found->input = mg_matrix_copy(seen->picture);
  if (!maps)
    return FALSE;
  found->layer = g_strdup(maps->layer);
  found->maps = take_maps(maps);
  return TRUE;
}

static gboolean
look_at_run(Found *found, const Errand *errand, GError **error)
{
  g_autoptr(MgRunConfig) config = mg_run_config_load_network(errand->folder, error);
  g_autoptr(MgManifest) manifest =
      config ? mg_run_split_load(errand->folder, (const char *const *)config->labels, error) : NULL;
  if (!manifest)
    return FALSE;
  g_autoptr(GPtrArray) validation = pick_tracks(manifest, MG_SPLIT_VAL),
                       training = pick_tracks(manifest, MG_SPLIT_TRAIN);
  const GPtrArray *tracks = validation->len > 0 ? validation : training;
  name_tracks(found, tracks);
  return tracks->len > 0 && look(found, errand, tracks->pdata[MIN(errand->track, tracks->len - 1)], error);
}

static void
read_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Errand *errand = data;
  g_autoptr(GError) error = NULL;
  Found *found = g_new0(Found, 1);
  found->confusion = mg_run_confusion_load(errand->folder, &found->labels, &found->epoch, NULL); /* none yet */
  if (!look_at_run(found, errand, &error) && error)
    found->message = g_strdup(error->message);
  g_task_return_pointer(task, found, (GDestroyNotify)found_free);
}

/* On the main thread. */

static void read_soon(MgLearning *learning);

static void
on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  MgLearning *learning = MG_LEARNING(source);
  Errand *errand = g_task_get_task_data(G_TASK(result));
  Found *found = g_task_propagate_pointer(G_TASK(result), NULL);
  learning->busy = FALSE;
  if (learning->stale)
    read_soon(learning);
  if (errand->number != learning->errand) {
    found_free(found);
    return;
  }
  found_free(learning->found);
  learning->found = found;
  g_signal_emit(learning, changed_signal, 0);
}

static void
read_soon(MgLearning *learning)
{
  learning->stale = learning->busy;
  if (learning->busy || !learning->run)
    return;
  Errand *errand = g_new(Errand, 1);
  *errand = (Errand){g_strdup(mg_run_folder(learning->run)), learning->track, learning->part, learning->errand};
  learning->busy = TRUE;
  g_autoptr(GTask) task = g_task_new(learning, NULL, on_read, NULL);
  g_task_set_task_data(task, errand, errand_free);
  g_task_run_in_thread(task, read_on_thread);
}

static gint64
files_time(MgRun *run)
{
  g_autofree char *checkpoint = g_build_filename(mg_run_folder(run), "checkpoints", "last.safetensors", NULL);
  return mg_file_modified(checkpoint);
}

/* The checkpoint comes once an epoch, the run's news much more often. */
static void
on_run_changed(MgLearning *learning)
{
  gint64 now = files_time(learning->run);
  if (now < 0 || now == learning->read)
    return;
  learning->read = now;
  read_soon(learning);
}

static void
forget(MgLearning *learning)
{
  if (learning->run)
    g_signal_handlers_disconnect_by_data(learning->run, learning);
  g_clear_object(&learning->run);
  g_clear_pointer(&learning->found, found_free);
  learning->errand++;
  learning->read = -1;
}

void
mg_learning_follow(MgLearning *learning, MgRun *run)
{
  if (run == learning->run)
    return;
  forget(learning);
  learning->track = 0;
  learning->part = 1;
  if (run) {
    learning->run = g_object_ref(run);
    g_signal_connect_swapped(run, "changed", G_CALLBACK(on_run_changed), learning);
    on_run_changed(learning);
  }
  g_signal_emit(learning, changed_signal, 0);
}

void
mg_learning_choose(MgLearning *learning, guint track, int part)
{
  if (learning->track == track && learning->part == part)
    return;
  learning->track = track;
  learning->part = MAX(part, 1);
  learning->errand++;
  read_soon(learning);
}

const char *const *
mg_learning_tracks(MgLearning *learning)
{
  static const char *const none[] = {NULL};
  return learning->found && learning->found->tracks ? (const char *const *)learning->found->tracks : none;
}

guint
mg_learning_track(MgLearning *learning)
{
  return learning->track;
}

int
mg_learning_part(MgLearning *learning)
{
  return learning->part;
}

int
mg_learning_n_parts(MgLearning *learning)
{
  return learning->found ? learning->found->n_parts : 0;
}

const char *
mg_learning_layer(MgLearning *learning)
{
  return learning->found && learning->found->layer ? learning->found->layer : "";
}

const GPtrArray *
mg_learning_filters(MgLearning *learning)
{
  return learning->found ? learning->found->filters : NULL;
}

const GPtrArray *
mg_learning_maps(MgLearning *learning)
{
  return learning->found ? learning->found->maps : NULL;
}

const MgMatrix *
mg_learning_input(MgLearning *learning)
{
  return learning->found ? learning->found->input : NULL;
}

const guint *
mg_learning_confusion(MgLearning *learning, const char *const **labels, int *epoch)
{
  if (!learning->found || !learning->found->confusion)
    return NULL;
  *labels = (const char *const *)learning->found->labels;
  *epoch = learning->found->epoch;
  return learning->found->confusion;
}

const char *
mg_learning_message(MgLearning *learning)
{
  return learning->found && learning->found->message ? learning->found->message : "";
}

static void
mg_learning_finalize(GObject *object)
{
  forget(MG_LEARNING(object));
  G_OBJECT_CLASS(mg_learning_parent_class)->finalize(object);
}

static void
mg_learning_class_init(MgLearningClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_learning_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_learning_init(MgLearning *learning)
{
  learning->part = 1;
  learning->read = -1;
}

MgLearning *
mg_learning_new(void)
{
  return g_object_new(MG_TYPE_LEARNING, NULL);
}
