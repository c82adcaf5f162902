#include "session/decision.h"
#include "base/error.h"
#include "ml/figures.h"
#include "ml/folds.h"
#include "train/table-model.h"
#include "train/table-run.h"
#include <math.h>

enum { COLS = 96, ROWS = 72, FOLDS = 4 }; /* of the grid that is asked; one of the folds is not learned from */

/* A request and what came of it. */
typedef struct {
  MgSamples *samples; /* of two columns */
  const MgClassifierClass *class;
  MgParams *params;
  MgProgress *progress;
  MgPoint *points;
  MgMatrix *grid; /* (ROWS * COLS, classes) */
  MgRegions regions;
  MgScatter scatter;
  const char *shapes[MG_N_POINT_SHAPES];
  double accuracy[2], seconds; /* of the others, of those learned from */
} Lesson;

struct _MgDecision {
  GObject parent_instance;
  Lesson *shown;        /* or NULL */
  Lesson *wanted;       /* comes when what goes on has ended, or NULL */
  MgProgress *progress; /* of what goes on, or NULL */
  gboolean forget;      /* what goes on is of no use any more */
  char *message;
};

G_DEFINE_FINAL_TYPE(MgDecision, mg_decision, G_TYPE_OBJECT)

static guint changed_signal;
static const MgScatter nothing;

static void
lesson_free(Lesson *lesson)
{
  if (!lesson)
    return;
  mg_samples_free(lesson->samples);
  mg_params_free(lesson->params);
  mg_progress_unref(lesson->progress);
  mg_matrix_free(lesson->grid);
  g_free(lesson->points);
  g_free(lesson);
}

/* Two columns of a table. */
static MgSamples *
pick_columns(const MgSamples *samples, guint x, guint y)
{
  size_t n = samples->x->rows;
  MgSamples *two = g_new0(MgSamples, 1);
  two->name = g_strdup(samples->name);
  two->columns = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(two->columns, g_strdup(samples->columns->pdata[x]));
  g_ptr_array_add(two->columns, g_strdup(samples->columns->pdata[y]));
  two->labels = g_ptr_array_copy(samples->labels, (GCopyFunc)(void *)g_strdup, NULL);
  g_ptr_array_set_free_func(two->labels, g_free);
  two->rows = g_strdupv(samples->rows);
  two->groups = g_strdupv(samples->groups);
  two->y = g_memdup2(samples->y, n * sizeof *two->y);
  two->x = mg_matrix_new(n, 2, NULL);
  for (size_t row = 0; row < n; row++) {
    mg_matrix_row(two->x, row)[0] = mg_matrix_row(samples->x, row)[x];
    mg_matrix_row(two->x, row)[1] = mg_matrix_row(samples->x, row)[y];
  }
  return two;
}

/* On a thread. */

static MgTableModel *
learn(Lesson *lesson, const int *folds, GError **error)
{
  size_t n;
  g_autofree guint32 *rows = mg_folds_rows(folds, lesson->samples->x->rows, 0, FALSE, &n);
  g_autoptr(MgSamples) picked = mg_samples_pick(lesson->samples, rows, n);
  return mg_table_model_learn(lesson->class, lesson->params, picked, lesson->progress, &lesson->seconds, error);
}

static void
place_points(Lesson *lesson, const MgTableModel *model, const int *folds)
{
  static const MgPointShape shape_of[] = {MG_POINT_TRIANGLE, MG_POINT_DISC};
  const MgSamples *samples = lesson->samples;
  g_autoptr(MgMatrix) probabilities = mg_table_model_predict(model, samples->x);
  size_t right[2] = {0}, all[2] = {0};
  lesson->points = g_new(MgPoint, MAX(samples->x->rows, 1));
  for (size_t row = 0; row < samples->x->rows; row++) {
    const float *at = mg_matrix_row(samples->x, row);
    int learned = folds[row] != 0;
    gboolean wrong = mg_most_probable(mg_matrix_row(probabilities, row), (int)probabilities->cols) != samples->y[row];
    lesson->points[row] = (MgPoint){at[0], at[1], samples->y[row], shape_of[learned], wrong};
    right[learned] += !wrong;
    all[learned]++;
  }
  for (int learned = 0; learned < 2; learned++)
    lesson->accuracy[learned] = all[learned] ? (double)right[learned] / (double)all[learned] : NAN;
}

static void
make_scatter(Lesson *lesson)
{
  const MgSamples *samples = lesson->samples;
  lesson->scatter = (MgScatter){.points = lesson->points,
                                .n = samples->x->rows,
                                .groups = (const char *const *)samples->labels->pdata,
                                .n_groups = (int)samples->labels->len,
                                .shapes = lesson->shapes,
                                .x_title = samples->columns->pdata[0],
                                .y_title = samples->columns->pdata[1]};
}

/* The world of a scatter with axes does not depend on the picture's size. */
static gboolean
ask_grid(Lesson *lesson, const MgTableModel *model, GError **error)
{
  MgGeometry world = mg_scatter_geometry(600, 400, &mg_style_light, &lesson->scatter);
  g_autoptr(MgMatrix) x = mg_matrix_new(ROWS * COLS, 2, error);
  if (!x)
    return FALSE;
  for (int row = 0; row < ROWS; row++)
    for (int col = 0; col < COLS; col++) {
      float *at = mg_matrix_row(x, (size_t)row * COLS + col);
      at[0] = (float)(world.x0 + (world.x1 - world.x0) * col / (COLS - 1));
      at[1] = (float)(world.y0 + (world.y1 - world.y0) * row / (ROWS - 1));
    }
  lesson->grid = mg_table_model_predict(model, x);
  lesson->regions =
      (MgRegions){COLS, ROWS, (int)lesson->grid->cols, lesson->grid->data, world.x0, world.x1, world.y0, world.y1};
  lesson->scatter.regions = &lesson->regions;
  return TRUE;
}

static gboolean
work(Lesson *lesson, GError **error)
{
  g_autofree int *folds = mg_folds_deal(lesson->samples, FOLDS, 0, error);
  g_autoptr(MgTableModel) model = folds ? learn(lesson, folds, error) : NULL;
  if (!model || !mg_progress_go_on(lesson->progress, error))
    return FALSE;
  place_points(lesson, model, folds);
  make_scatter(lesson);
  return ask_grid(lesson, model, error);
}

static void
work_on_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  if (work(data, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

/* One at a time; the newest waits. */

static void begin(MgDecision *decision);

static void
on_worked(GObject *source, GAsyncResult *result, gpointer data)
{
  MgDecision *decision = MG_DECISION(source);
  Lesson *lesson = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean good = g_task_propagate_boolean(G_TASK(result), &error);
  g_clear_pointer(&decision->progress, mg_progress_unref);
  if (good && !decision->forget) {
    lesson_free(decision->shown);
    decision->shown = lesson;
  } else {
    lesson_free(lesson);
  }
  if (error && !g_error_matches(error, MG_ERROR, MG_ERROR_CANCELLED)) {
    g_free(decision->message);
    decision->message = g_strdup(error->message);
  }
  if (decision->wanted)
    begin(decision);
  g_signal_emit(decision, changed_signal, 0);
}

static void
begin(MgDecision *decision)
{
  Lesson *lesson = g_steal_pointer(&decision->wanted);
  decision->forget = FALSE;
  decision->progress = mg_progress_ref(lesson->progress);
  g_clear_pointer(&decision->message, g_free);
  g_autoptr(GTask) task = g_task_new(decision, NULL, on_worked, NULL);
  g_task_set_task_data(task, lesson, NULL); /* on_worked() takes it */
  g_task_run_in_thread(task, work_on_thread);
}

static Lesson *
lesson_new(const MgSamples *samples, guint x, guint y, const MgClassifierClass *class, const MgParams *params)
{
  g_autoptr(GPtrArray) tables = mg_table_run_tables(class, NULL);
  Lesson *lesson = g_new0(Lesson, 1);
  lesson->samples = pick_columns(samples, x, y);
  lesson->class = class;
  lesson->params = mg_params_new((const MgParamTable *const *)tables->pdata);
  mg_params_take(lesson->params, params);
  lesson->progress = mg_progress_new(NULL, NULL);
  return lesson;
}

void
mg_decision_learn(MgDecision *decision, const MgSamples *samples, guint x, guint y, const MgClassifierClass *class,
                  const MgParams *params)
{
  g_clear_pointer(&decision->wanted, lesson_free);
  decision->forget = TRUE;
  mg_progress_cancel(decision->progress);
  if (samples) {
    decision->wanted = lesson_new(samples, x, y, class, params);
    if (!decision->progress)
      begin(decision);
  } else {
    g_clear_pointer(&decision->shown, lesson_free);
  }
  g_signal_emit(decision, changed_signal, 0);
}

gboolean
mg_decision_is_working(MgDecision *decision)
{
  return decision->progress != NULL;
}

const char *
mg_decision_message(MgDecision *decision)
{
  return decision->message ? decision->message : "";
}

const MgScatter *
mg_decision_scatter(MgDecision *decision)
{
  return decision->shown ? &decision->shown->scatter : &nothing;
}

const char *
mg_decision_row(MgDecision *decision, size_t i)
{
  g_return_val_if_fail(i < mg_decision_scatter(decision)->n, NULL);
  return decision->shown->samples->rows[i];
}

double
mg_decision_accuracy(MgDecision *decision, gboolean learned)
{
  return decision->shown ? decision->shown->accuracy[learned != FALSE] : NAN;
}

double
mg_decision_seconds(MgDecision *decision)
{
  return decision->shown ? decision->shown->seconds : NAN;
}

static void
mg_decision_finalize(GObject *object)
{
  MgDecision *decision = MG_DECISION(object);
  lesson_free(decision->shown);
  lesson_free(decision->wanted);
  mg_progress_unref(decision->progress);
  g_free(decision->message);
  G_OBJECT_CLASS(mg_decision_parent_class)->finalize(object);
}

static void
mg_decision_class_init(MgDecisionClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = mg_decision_finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_decision_init(MgDecision *decision)
{
}

MgDecision *
mg_decision_new(void)
{
  return g_object_new(MG_TYPE_DECISION, NULL);
}
