#include "ui/learn/stage.h"
#include "audio/encoder.h"
#include "base/file.h"
#include <glib/gstdio.h>
#include <string.h>

struct _MgLessonStage {
  GObject parent;
  MgWorkspace *workspace;
  char *name;
  MgLessonState *state;
  MgLessonSamples *samples;
  char *path; /* of the sound's file; NULL: none */
  char *spec; /* the sound that is there or being made, as text */
  guint idle;
  GCancellable *making;
  MgResults *results;
  gboolean closed;
};

G_DEFINE_FINAL_TYPE(MgLessonStage, mg_lesson_stage, G_TYPE_OBJECT)

enum { CHANGED, SOUND, FAILED, CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

/* A sound that is made on a thread. */
typedef struct {
  MgLessonSound *sound;
  MgLessonSamples *samples;
  char *path;
} Making;

static void
free_making(gpointer data)
{
  Making *making = data;
  mg_lesson_sound_free(making->sound);
  mg_lesson_samples_free(making->samples);
  g_free(making->path);
  g_free(making);
}

/* Each sound is a file of its own, because what Explore's panes show is kept by the file's name. */
static char *
new_path(void)
{
  static guint number;
  g_autofree char *name = g_strdup_printf("sound-%d-%u.wav", (int)getpid(), number++);
  return g_build_filename(g_get_user_cache_dir(), "melograph", "lessons", name, NULL);
}

static void
make_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Making *making = data;
  GError *error = NULL;
  g_autofree char *folder = g_path_get_dirname(making->path);
  making->samples = mg_lesson_sound_render(making->sound, 0, &error);
  if (making->samples && mg_folder_make(folder, &error) &&
      mg_wav_write(making->path, making->samples->samples, (gint64)making->samples->n, 1, making->samples->sr, FALSE,
                   &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void
drop_sound(MgLessonStage *stage)
{
  mg_lesson_state_take_sound(stage->state, NULL);
  g_clear_pointer(&stage->samples, mg_lesson_samples_free);
  if (stage->path) {
    if (g_strcmp0(mg_player_path(mg_workspace_player(stage->workspace)), stage->path) == 0)
      mg_player_stop(mg_workspace_player(stage->workspace));
    g_unlink(stage->path);
  }
  g_clear_pointer(&stage->path, g_free);
}

static void
finish_making(GObject *source, GAsyncResult *result, gpointer data)
{
  MgLessonStage *stage = MG_LESSON_STAGE(source);
  Making *making = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean made = g_task_propagate_boolean(G_TASK(result), &error);
  if (stage->closed || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_unlink(making->path);
    return;
  }
  g_clear_object(&stage->making);
  if (!made) {
    g_signal_emit(stage, signals[FAILED], 0, error->message);
    return;
  }
  gboolean played = stage->path && mg_player_state(mg_workspace_player(stage->workspace)) == MG_PLAYER_PLAYING &&
                    g_strcmp0(mg_player_path(mg_workspace_player(stage->workspace)), stage->path) == 0;
  drop_sound(stage);
  stage->samples = g_steal_pointer(&making->samples);
  stage->path = g_strdup(making->path);
  mg_lesson_state_take_sound(stage->state, stage->samples);
  g_signal_emit(stage, signals[SOUND], 0);
  g_signal_emit(stage, signals[CHANGED], 0);
  if (played) /* what is being heard goes on as it is now */
    mg_lesson_stage_play(stage);
}

static char *
spec_of(const MgLessonSound *sound)
{
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%s %g %d %d", sound->demo ? sound->demo : "", sound->seconds, sound->sr, sound->target);
  for (guint i = 0; i < sound->parts->len; i++) {
    const MgLessonPart *part = &g_array_index(sound->parts, MgLessonPart, i);
    g_string_append_printf(text, ";%d %.9g %.9g %.9g %.9g %.9g %.9g", part->kind, part->hz, part->to_hz,
                           part->amplitude, part->phase, part->from, part->to);
  }
  return g_string_free(text, FALSE);
}

static void
make_sound(MgLessonStage *stage)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(MgLessonSound) sound = mg_lesson_state_sound(stage->state, &error);
  g_autofree char *spec = sound ? spec_of(sound) : NULL;
  if (error)
    g_signal_emit(stage, signals[FAILED], 0, error->message);
  if (!sound || g_strcmp0(spec, stage->spec) == 0)
    return;
  g_free(stage->spec);
  stage->spec = g_steal_pointer(&spec);
  g_cancellable_cancel(stage->making);
  g_clear_object(&stage->making);
  stage->making = g_cancellable_new();
  Making *making = g_new0(Making, 1);
  making->sound = g_steal_pointer(&sound);
  making->path = new_path();
  g_autoptr(GTask) task = g_task_new(stage, stage->making, finish_making, NULL);
  g_task_set_task_data(task, making, free_making);
  g_task_run_in_thread(task, make_in_thread);
}

static gboolean
follow(gpointer data)
{
  MgLessonStage *stage = data;
  stage->idle = 0;
  make_sound(stage);
  g_signal_emit(stage, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
follow_soon(MgLessonStage *stage)
{
  if (!stage->idle && !stage->closed)
    stage->idle = g_idle_add(follow, stage);
}

void
mg_lesson_stage_set(MgLessonStage *stage, const char *name, const char *text)
{
  if (g_strcmp0(mg_lesson_state_get(stage->state, name), text) == 0)
    return;
  mg_lesson_state_set(stage->state, name, text);
  follow_soon(stage);
}

void
mg_lesson_stage_set_number(MgLessonStage *stage, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  mg_lesson_stage_set(stage, name, g_ascii_formatd(text, sizeof text, "%.12g", value));
}

void
mg_lesson_stage_solve(MgLessonStage *stage)
{
  mg_lesson_state_solve(stage->state);
  follow_soon(stage);
}

MgLessonState *
mg_lesson_stage_state(MgLessonStage *stage)
{
  return stage->state;
}

MgWorkspace *
mg_lesson_stage_workspace(MgLessonStage *stage)
{
  return stage->workspace;
}

const char *
mg_lesson_stage_name(MgLessonStage *stage)
{
  return stage->name;
}

const MgLessonSamples *
mg_lesson_stage_samples(MgLessonStage *stage)
{
  return stage->samples;
}

const char *
mg_lesson_stage_path(MgLessonStage *stage)
{
  return stage->path;
}

void
mg_lesson_stage_play(MgLessonStage *stage)
{
  MgPlayer *player = mg_workspace_player(stage->workspace);
  if (mg_player_state(player) == MG_PLAYER_PLAYING)
    mg_player_stop(player);
  else if (stage->path)
    mg_player_play(player, stage->path, 0, 0, 0);
}

MgResults *
mg_lesson_stage_results(MgLessonStage *stage)
{
  if (!stage->results)
    stage->results = mg_results_new();
  return stage->results;
}

void
mg_lesson_stage_choose(MgLessonStage *stage, MgResultRow *row)
{
  if (row)
    mg_lesson_stage_set_number(stage, "chosen_wrong", mg_result_row_is_wrong(row));
  g_signal_emit(stage, signals[CHOSEN], 0, row);
}

MgLessonStage *
mg_lesson_stage_new(MgWorkspace *workspace, MgLessonFile *file, const char *name)
{
  MgLessonStage *stage = g_object_new(MG_TYPE_LESSON_STAGE, NULL);
  stage->workspace = g_object_ref(workspace);
  stage->name = g_strdup(name);
  stage->state = mg_lesson_state_new(file);
  follow_soon(stage);
  return stage;
}

void
mg_lesson_stage_close(MgLessonStage *stage)
{
  if (stage->closed)
    return;
  stage->closed = TRUE;
  g_clear_handle_id(&stage->idle, g_source_remove);
  g_cancellable_cancel(stage->making);
  g_clear_object(&stage->making);
  drop_sound(stage);
  if (stage->results)
    mg_results_stop(stage->results);
}

static void
dispose(GObject *object)
{
  MgLessonStage *stage = MG_LESSON_STAGE(object);
  if (stage->state)
    mg_lesson_stage_close(stage);
  g_clear_object(&stage->results);
  g_clear_object(&stage->workspace);
  g_clear_pointer(&stage->state, mg_lesson_state_free);
  g_clear_pointer(&stage->name, g_free);
  g_clear_pointer(&stage->spec, g_free);
  G_OBJECT_CLASS(mg_lesson_stage_parent_class)->dispose(object);
}

static void
mg_lesson_stage_class_init(MgLessonStageClass *class)
{
  GType type = G_TYPE_FROM_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SOUND] = g_signal_new("sound", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CHOSEN] =
      g_signal_new("chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, MG_TYPE_RESULT_ROW);
}

static void
mg_lesson_stage_init(MgLessonStage *stage)
{
}
