#include "session/recording.h"
#include "audio/recorder.h"
#include "base/file.h"
#include "session/recovery.h"
#include <glib/gi18n-lib.h>
#include <math.h>

#define PROGRESS_MS 50
#define TAIL 65536 /* floats taken for the waveform at once */
#define WANTED_SR 44100
#define WANTED_CHANNELS 1

static const double most_drift = 0.1; /* of the sample rate: what differs less is jitter */

struct _MgRecording {
  GObject parent;
  char *folder, *path, *device;
  MgRecorder *recorder; /* records, or only listens */
  MgSound *sound;
  MgRecorderState state;
  int sr, channels;
  double pre_roll;
  guint timer;
  gboolean recording, starting, unwanted; /* unwanted: stopped before it had started */
  gboolean paused, told_rate;
  double told_sleep; /* s */
  float *tail;
};

G_DEFINE_FINAL_TYPE(MgRecording, mg_recording, G_TYPE_OBJECT)

enum { PROGRESS, ENDED, NOTICED, N_SIGNALS };
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
  return recording->recording || (recording->starting && recording->path);
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

static void watch(MgRecording *recording);

/* The device goes on listening where it is to. */
static void
let_go_of_device(MgRecording *recording)
{
  MgRecorder *recorder = g_steal_pointer(&recording->recorder);
  if (recorder)
    mg_recorder_stop(recorder, NULL);
}

static void
end(MgRecording *recording, const GError *error)
{
  g_autofree char *path = g_steal_pointer(&recording->path);
  if (path)
    mg_recovery_unmark(path);
  g_clear_handle_id(&recording->timer, g_source_remove);
  g_clear_object(&recording->sound);
  recording->state = (MgRecorderState){0};
  gboolean was_started = recording->recording;
  recording->recording = recording->starting = recording->paused = FALSE;
  g_object_notify_by_pspec(G_OBJECT(recording), active_property);
  g_signal_emit(recording, signals[ENDED], 0, was_started ? path : NULL, error);
}

void
mg_recording_stop(MgRecording *recording)
{
  g_autoptr(GError) error = NULL;
  recording->unwanted = recording->starting;
  if (!recording->recording)
    return;
  mg_recorder_stop(g_steal_pointer(&recording->recorder), &error);
  end(recording, error);
  mg_recording_set_pre_roll(recording, recording->device, recording->pre_roll);
}

static void
take_tail(MgRecording *recording)
{
  size_t got;
  while ((got = mg_recorder_tail(recording->recorder, recording->tail, TAIL)) > 0)
    if (recording->sound)
      mg_sound_append(recording->sound, recording->tail, got / recording->channels);
}

/* What does not end a recording, and is told at once. */
static void
tell_notices(MgRecording *recording)
{
  const MgRecorderState *state = &recording->state;
  g_autofree char *text = NULL;
  if (state->slept > recording->told_sleep) {
    text = g_strdup_printf(_("The computer has slept for %.0f s: so much is missing from the recording"),
                           state->slept - recording->told_sleep);
    recording->told_sleep = state->slept;
  } else if (!recording->told_rate && state->heard_sr > 0 && fabs(state->heard_sr / recording->sr - 1) > most_drift) {
    text =
        g_strdup_printf(_("The device gives %.0f samples a second; the file says %d: it will sound at another pitch"),
                        state->heard_sr, recording->sr);
    recording->told_rate = TRUE;
  }
  if (text)
    g_signal_emit(recording, signals[NOTICED], 0, text);
}

static gboolean
look(gpointer data)
{
  MgRecording *recording = data;
  g_autoptr(GError) error = NULL;
  gboolean good = mg_recorder_state(recording->recorder, &recording->state, &error);
  take_tail(recording);
  if (recording->recording)
    g_signal_emit(recording, signals[PROGRESS], 0);
  if (good) {
    if (recording->recording)
      tell_notices(recording);
    return G_SOURCE_CONTINUE;
  }
  recording->timer = 0;
  if (!mg_recorder_hears(recording->recorder)) {
    let_go_of_device(recording);
    recording->pre_roll = 0;
  }
  end(recording, error);
  return G_SOURCE_REMOVE;
}

static void
watch(MgRecording *recording)
{
  if (!recording->timer)
    recording->timer = g_timeout_add(PROGRESS_MS, look, recording);
}

gboolean
mg_recording_can_go_on(MgRecording *recording)
{
  return recording->recorder && !recording->recording && !recording->starting;
}

void
mg_recording_pause(MgRecording *recording, gboolean paused)
{
  if (!recording->recording || recording->paused == paused)
    return;
  recording->paused = paused;
  mg_recorder_pause(recording->recorder, paused);
  g_object_notify_by_pspec(G_OBJECT(recording), active_property);
}

gboolean
mg_recording_paused(MgRecording *recording)
{
  return recording->paused;
}

const char *
mg_recording_path(MgRecording *recording)
{
  return recording->recording ? recording->path : NULL;
}

double
mg_recording_pre_roll(MgRecording *recording)
{
  return recording->pre_roll;
}

/* What the starting thread hands to the main thread. */
typedef struct {
  char *device, *path; /* path NULL: only listen */
  double pre_roll;
  MgRecorder *recorder; /* the one that listens already, or NULL */
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

static gboolean
open_device(Start *start, GError **error)
{
  MgInput *input = mg_input_open(start->device, WANTED_SR, WANTED_CHANNELS, error);
  if (!input)
    return FALSE;
  start->sr = mg_input_sr(input);
  start->channels = mg_input_channels(input);
  start->recorder = mg_recorder_listen(input, start->pre_roll);
  return TRUE;
}

static void
start_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Start *start = data;
  GError *error = NULL;
  gboolean good = start->recorder || open_device(start, &error);
  if (good && start->path)
    good = mg_recorder_begin(start->recorder, start->path, &error) && mg_recovery_mark(start->path, &error);
  if (good)
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

/* A file is being written from now on. */
static void
begin(MgRecording *recording)
{
  recording->recording = TRUE;
  recording->told_rate = FALSE;
  recording->told_sleep = 0;
  mg_recorder_pause(recording->recorder, FALSE);
  recording->sound = mg_sound_new_live(recording->sr, recording->channels);
  g_object_notify_by_pspec(G_OBJECT(recording), active_property);
  if (recording->unwanted)
    mg_recording_stop(recording);
}

static void
finish_start(GObject *object, GAsyncResult *result, gpointer data)
{
  MgRecording *recording = MG_RECORDING(object);
  Start *start = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean good = g_task_propagate_boolean(G_TASK(result), &error);
  recording->starting = FALSE;
  if (start->recorder && (good || mg_recorder_hears(start->recorder))) {
    recording->recorder = g_steal_pointer(&start->recorder);
    if (start->sr > 0) {
      recording->sr = start->sr;
      recording->channels = start->channels;
    }
  }
  if (!good) {
    recording->pre_roll = start->path ? recording->pre_roll : 0;
    end(recording, error);
    return;
  }
  watch(recording);
  if (start->path)
    begin(recording);
  else if (recording->pre_roll == 0)
    let_go_of_device(recording); /* not wanted any more */
  if (!recording->recorder)
    g_clear_handle_id(&recording->timer, g_source_remove);
}

/* Opens the device where none listens, and the file `path` where there is one. */
static void
start_thread(MgRecording *recording)
{
  g_autoptr(GTask) task = g_task_new(recording, NULL, finish_start, NULL);
  Start *start = g_new0(Start, 1);
  start->device = g_strdup(recording->device);
  start->path = g_strdup(recording->path);
  start->pre_roll = recording->pre_roll;
  start->recorder = g_steal_pointer(&recording->recorder);
  g_clear_handle_id(&recording->timer, g_source_remove);
  recording->starting = TRUE;
  recording->unwanted = FALSE;
  g_task_set_task_data(task, start, free_start);
  g_task_run_in_thread(task, start_in_thread);
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

static void
start_in(MgRecording *recording, const char *folder)
{
  g_autoptr(GError) error = NULL;
  if (!mg_folder_make(folder, &error)) {
    end(recording, error);
    return;
  }
  recording->path = new_path(folder);
  start_thread(recording);
  g_object_notify_by_pspec(G_OBJECT(recording), active_property);
}

void
mg_recording_start(MgRecording *recording, const char *device)
{
  if (recording->recording || recording->starting)
    return;
  if (recording->recorder && (recording->pre_roll == 0 || g_strcmp0(device, recording->device) != 0))
    let_go_of_device(recording); /* it has listened after a failure, or to another device */
  g_free(recording->device);
  recording->device = g_strdup(device);
  start_in(recording, recording->folder);
}

void
mg_recording_go_on(MgRecording *recording, const char *folder)
{
  if (mg_recording_can_go_on(recording))
    start_in(recording, folder);
}

void
mg_recording_set_pre_roll(MgRecording *recording, const char *device, double seconds)
{
  char *copy = g_strdup(device);
  recording->pre_roll = seconds;
  if (recording->recording || recording->starting) {
    g_free(copy);
    return; /* it listens again after the end */
  }
  g_clear_handle_id(&recording->timer, g_source_remove);
  let_go_of_device(recording);
  g_free(recording->device);
  recording->device = copy;
  if (seconds > 0)
    start_thread(recording);
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
  if (recording->path)
    mg_recovery_unmark(recording->path);
  g_clear_object(&recording->sound);
  g_free(recording->folder);
  g_free(recording->device);
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
  signals[NOTICED] =
      g_signal_new("noticed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ENDED] =
      g_signal_new("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
}

static void
mg_recording_init(MgRecording *recording)
{
  recording->tail = g_new(float, TAIL);
}
