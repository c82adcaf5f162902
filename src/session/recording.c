#include "session/recording.h"
#include "audio/recorder.h"
#include "base/file.h"
#include <math.h>

#define PROGRESS_MS 50
#define TAIL 65536 /* floats taken for the waveform at once */
#define WANTED_SR 44100
#define WANTED_CHANNELS 1

struct _MgRecording {
  GObject parent;
  char *folder, *path;
  MgRecorder *recorder;
  MgSound *sound;
  MgRecorderState state;
  int channels;
  guint timer;
  gboolean starting, unwanted; /* stopped before it had started */
  float *tail;
};

G_DEFINE_FINAL_TYPE(MgRecording, mg_recording, G_TYPE_OBJECT)

enum { PROGRESS, ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];
static GParamSpec *active_property;

MgRecording *
mg_recording_new(const char *folder)
{
  MgRecording *recording = g_object_new(MG_TYPE_RECORDING, NULL);
  recording->folder = g_strdup(folder);
  return recording;
}

gboolean
mg_recording_active(MgRecording *recording)
{
  return recording->starting || recording->recorder;
}

double
mg_recording_seconds(MgRecording *recording)
{
  return recording->state.seconds;
}

double
mg_recording_peak(MgRecording *recording)
{
  float peak = 0;
  for (int i = 0; i < MIN(recording->channels, 8); i++)
    peak = MAX(peak, recording->state.peak[i]);
  return peak > 0 ? MIN(20 * log10(peak), 0) : -INFINITY;
}

MgSound *
mg_recording_sound(MgRecording *recording)
{
  return recording->sound;
}

static void
end(MgRecording *recording, const char *path, const char *message)
{
  g_clear_handle_id(&recording->timer, g_source_remove);
  g_clear_object(&recording->sound);
  recording->state = (MgRecorderState){0};
  recording->starting = FALSE;
  g_object_notify_by_pspec(G_OBJECT(recording), active_property);
  g_signal_emit(recording, signals[ENDED], 0, path, message);
}

void
mg_recording_stop(MgRecording *recording)
{
  g_autoptr(GError) error = NULL;
  recording->unwanted = recording->starting;
  MgRecorder *recorder = g_steal_pointer(&recording->recorder);
  if (!recorder)
    return;
  mg_recorder_stop(recorder, &error);
  end(recording, recording->path, error ? error->message : NULL);
}

static void
take_tail(MgRecording *recording)
{
  size_t got;
  while ((got = mg_recorder_tail(recording->recorder, recording->tail, TAIL)) > 0)
    mg_sound_append(recording->sound, recording->tail, got / recording->channels);
}

static gboolean
look(gpointer data)
{
  MgRecording *recording = data;
  g_autoptr(GError) error = NULL;
  gboolean good = mg_recorder_state(recording->recorder, &recording->state, &error);
  take_tail(recording);
  g_signal_emit(recording, signals[PROGRESS], 0);
  if (good)
    return G_SOURCE_CONTINUE;
  recording->timer = 0;
  mg_recorder_stop(g_steal_pointer(&recording->recorder), NULL);
  end(recording, recording->path, error ? error->message : NULL);
  return G_SOURCE_REMOVE;
}

/* What the starting thread hands to the main thread. */
typedef struct {
  char *device, *path;
  MgRecorder *recorder;
  int sr, channels;
} Start;

static void
free_start(gpointer data)
{
  Start *start = data;
  if (start->recorder)
    mg_recorder_stop(start->recorder, NULL);
  g_free(start->device);
  g_free(start->path);
  g_free(start);
}

static void
start_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Start *start = data;
  GError *error = NULL;
  MgInput *input = mg_input_open(start->device, WANTED_SR, WANTED_CHANNELS, &error);
  if (input) {
    start->sr = mg_input_sr(input);
    start->channels = mg_input_channels(input);
    start->recorder = mg_recorder_start(input, start->path, &error);
  }
  if (start->recorder)
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void
finish_start(GObject *object, GAsyncResult *result, gpointer data)
{
  MgRecording *recording = MG_RECORDING(object);
  Start *start = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  if (!g_task_propagate_boolean(G_TASK(result), &error)) {
    end(recording, NULL, error->message);
    return;
  }
  recording->starting = FALSE;
  recording->recorder = g_steal_pointer(&start->recorder);
  recording->channels = start->channels;
  recording->sound = mg_sound_new_live(start->sr, start->channels);
  recording->timer = g_timeout_add(PROGRESS_MS, look, recording);
  g_object_notify_by_pspec(G_OBJECT(recording), active_property);
  if (recording->unwanted)
    mg_recording_stop(recording);
}

/* "2026-11-20 20-22-31.wav": sorts by time, and is allowed on every file system. */
static char *
new_path(const char *folder)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *stamp = g_date_time_format(now, "%Y-%m-%d %H-%M-%S");
  g_autofree char *name = g_strconcat(stamp, ".wav", NULL);
  char *path = g_build_filename(folder, name, NULL);
  for (int i = 2; g_file_test(path, G_FILE_TEST_EXISTS); i++) {
    g_autofree char *taken = path, *other = g_strdup_printf("%s (%d).wav", stamp, i);
    path = g_build_filename(folder, other, NULL);
  }
  return path;
}

void
mg_recording_start(MgRecording *recording, const char *device)
{
  g_autoptr(GError) error = NULL;
  if (mg_recording_active(recording))
    return;
  if (!mg_folder_make(recording->folder, &error)) {
    end(recording, NULL, error->message);
    return;
  }
  g_free(recording->path);
  recording->path = new_path(recording->folder);
  recording->starting = TRUE;
  recording->unwanted = FALSE;
  g_autoptr(GTask) task = g_task_new(recording, NULL, finish_start, NULL);
  Start *start = g_new0(Start, 1);
  start->device = g_strdup(device);
  start->path = g_strdup(recording->path);
  g_task_set_task_data(task, start, free_start);
  g_task_run_in_thread(task, start_in_thread);
  g_object_notify_by_pspec(G_OBJECT(recording), active_property);
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_boolean(value, mg_recording_active(MG_RECORDING(object)));
}

static void
finalize(GObject *object)
{
  MgRecording *recording = MG_RECORDING(object);
  g_clear_handle_id(&recording->timer, g_source_remove);
  if (recording->recorder)
    mg_recorder_stop(recording->recorder, NULL); /* what was recorded is in the file */
  g_clear_object(&recording->sound);
  g_free(recording->folder);
  g_free(recording->path);
  g_free(recording->tail);
  G_OBJECT_CLASS(mg_recording_parent_class)->finalize(object);
}

static void
mg_recording_class_init(MgRecordingClass *class)
{
  GObjectClass *object = G_OBJECT_CLASS(class);
  GType type = G_TYPE_FROM_CLASS(class);
  object->get_property = get_property;
  object->finalize = finalize;
  active_property = g_param_spec_boolean("active", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property(object, 1, active_property);
  signals[PROGRESS] = g_signal_new("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] =
      g_signal_new("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
mg_recording_init(MgRecording *recording)
{
  recording->tail = g_new(float, TAIL);
}
