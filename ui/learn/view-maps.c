/* What kernels make of the lesson's sound: one that is chosen, and those of a trained network's first layer. */
#include "learn/lesson-facts.h"
#include "dsp/resample.h"
#include "plot/maps.h"
#include "plot/text.h"
#include "train/explain.h"
#include "ui/learn/picture.h"
#include "ui/widgets/format.h"
#include <gio/gio.h>
#include <glib/gi18n.h>

typedef struct {
  GPtrArray *maps; /* MgMatrix * */
} Sheet;

static void
free_sheet(gpointer data)
{
  Sheet *sheet = data;
  g_ptr_array_unref(sheet->maps);
  g_free(sheet);
}

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  const Sheet *sheet = ((const MgLessonPicture *)data)->made;
  mg_background(cr, style, width, height);
  if (sheet)
    mg_maps_draw(cr, width, height, style, NULL, (MgMatrix *const *)sheet->maps->pdata, sheet->maps->len, NULL,
                 mg_colormap_find("magma"));
}

/* The chosen kernel. */

static char *
make_kernel(MgLessonPicture *picture)
{
  const MgLessonState *state = mg_lesson_stage_state(picture->stage);
  const char *kernel = mg_lesson_state_value(state, picture->view, "kernel");
  g_autoptr(MgMatrix) mel = mg_lesson_mel(state, NULL);
  MgMatrix *map = mel ? mg_lesson_convolve(mel, kernel) : NULL;
  if (!map)
    return NULL;
  Sheet *sheet = g_new0(Sheet, 1);
  sheet->maps = g_ptr_array_new_with_free_func((GDestroyNotify)mg_matrix_free);
  g_ptr_array_add(sheet->maps, g_steal_pointer(&mel));
  g_ptr_array_add(sheet->maps, map);
  if (picture->made)
    free_sheet(picture->made);
  picture->made = sheet;
  double clicks = 0, tone = 0;
  mg_lesson_fact("click_response")->find(state, &clicks);
  mg_lesson_fact("tone_response")->find(state, &tone);
  return g_strdup_printf(_("Mean answer to clicks %.1f, to the tone %.1f"), clicks, tone);
}

GtkWidget *
mg_lesson_kernel_new(MgLessonStage *stage, const MgLessonSection *view)
{
  return mg_lesson_picture_new(stage, view, 260, make_kernel, draw, free_sheet);
}

/* A network's first layer, asked on a thread. */

typedef struct {
  char *model;
  float *samples;
  size_t n;
  int sr;
  char *layer;
} Question;

static void
free_question(gpointer data)
{
  Question *question = data;
  g_free(question->model);
  g_free(question->samples);
  g_free(question->layer);
  g_free(question);
}

static Sheet *
ask(Question *question, GError **error)
{
  g_autofree char *path = mg_model_find(question->model, error);
  g_autoptr(MgModel) model = path ? mg_model_load(path, error) : NULL;
  if (!model)
    return NULL;
  int sr = (int)mg_params_int(model->front_end, "sr");
  size_t n = question->n;
  g_autofree float *samples = sr == question->sr
                                  ? g_memdup2(question->samples, n * sizeof(float))
                                  : mg_resample(question->samples, question->n, question->sr, sr, &n, error);
  g_autoptr(MgSeen) seen = samples ? mg_seen_of_samples(model, samples, n, error) : NULL;
  g_autoptr(MgFeatureMaps) maps = seen ? mg_feature_maps(seen, NULL, error) : NULL;
  if (!maps)
    return NULL;
  Sheet *sheet = g_new0(Sheet, 1);
  sheet->maps = g_ptr_array_ref(maps->maps);
  question->layer = g_strdup(maps->layer);
  return sheet;
}

static void
ask_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  Sheet *sheet = ask(data, &error);
  if (sheet)
    g_task_return_pointer(task, sheet, free_sheet);
  else
    g_task_return_error(task, error);
}

static void
take_answer(GObject *box, GAsyncResult *result, gpointer data)
{
  MgLessonPicture *picture = mg_lesson_picture_of(GTK_WIDGET(box));
  Question *question = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  Sheet *sheet = g_task_propagate_pointer(G_TASK(result), &error);
  if (!picture || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    if (sheet)
      free_sheet(sheet);
    return;
  }
  g_autofree char *caption =
      sheet
          ? g_strdup_printf(ngettext("%u map of the layer %s of %s", "%u maps of the layer %s of %s", sheet->maps->len),
                            sheet->maps->len, question->layer, question->model)
          : mg_format_sentence(error->message);
  mg_lesson_picture_show(picture, sheet, caption);
}

static void
ask_for_maps(MgLessonStage *stage, GtkWidget *box)
{
  MgLessonPicture *picture = mg_lesson_picture_of(box);
  const MgLessonSamples *samples = mg_lesson_stage_samples(stage);
  GCancellable *former = g_object_get_data(G_OBJECT(box), "asking");
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  if (former)
    g_cancellable_cancel(former);
  g_object_set_data_full(G_OBJECT(box), "asking", g_object_ref(cancellable), g_object_unref);
  Question *question = g_new0(Question, 1);
  question->model = g_strdup(mg_lesson_state_value(mg_lesson_stage_state(stage), picture->view, "model"));
  question->samples = g_memdup2(samples->samples, samples->n * sizeof(float));
  question->n = samples->n;
  question->sr = samples->sr;
  g_autoptr(GTask) task = g_task_new(box, cancellable, take_answer, NULL);
  g_task_set_task_data(task, question, free_question);
  g_task_run_in_thread(task, ask_in_thread);
}

GtkWidget *
mg_lesson_first_layer_new(MgLessonStage *stage, const MgLessonSection *view)
{
  GtkWidget *box = mg_lesson_picture_new(stage, view, 300, NULL, draw, free_sheet);
  g_signal_connect_object(stage, "sound", G_CALLBACK(ask_for_maps), box, 0);
  return box;
}
