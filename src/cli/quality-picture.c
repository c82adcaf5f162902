#include "cli/quality-picture.h"
#include "base/error.h"
#include "plot/confusion.h"
#include "plot/export.h"
#include "plot/quality.h"
#include "train/prediction-curves.h"
#include <glib/gi18n-lib.h>

enum { MOST_CURVES = 8 };

/* The lines look into the curves, which the picture keeps. */
typedef struct {
  MgQuality quality;
  GArray *lines;     /* MgQualityLine */
  GPtrArray *curves; /* GArray * of MgPredictionCurve, one a run */
  GPtrArray *names;  /* char * */
} Picture;

static Picture *
picture_new(const char *kind)
{
  Picture *picture = g_new0(Picture, 1);
  picture->quality.look = mg_quality_look(kind);
  picture->lines = g_array_new(FALSE, FALSE, sizeof(MgQualityLine));
  picture->curves = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
  picture->names = g_ptr_array_new_with_free_func(g_free);
  return picture;
}

static void
picture_free(Picture *picture)
{
  g_array_unref(picture->lines);
  g_ptr_array_unref(picture->curves);
  g_ptr_array_unref(picture->names);
  g_free(picture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Picture, picture_free)

static MgPredictions *
load(const char *run, const char *split, GError **error)
{
  MgSplit side;
  if (!mg_split_parse(split, &side, error))
    return NULL;
  g_autofree char *name =
      side == MG_SPLIT_TEST ? g_strdup("predictions.csv") : g_strdup_printf("predictions-%s.csv", split);
  g_autofree char *path = g_build_filename(run, name, NULL);
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return mg_predictions_load(path, error);
  g_set_error(error, MG_ERROR, MG_ERROR_DATA, _("%s: not there; melograph-cli evaluate --run %s --split %s makes it"),
              path, run, split);
  return NULL;
}

/* Hue tells the curve, dashes a second run. */
static gboolean
add_run(Picture *picture, const char *run, const char *split, MgPredictionCurveKind kind, guint most, gboolean several,
        GError **error)
{
  g_autoptr(MgPredictions) predictions = load(run, split, error);
  if (!predictions)
    return FALSE;
  GArray *curves = mg_prediction_curves(predictions, kind, most);
  g_autofree char *base = g_filename_display_basename(run);
  for (guint i = 0; i < curves->len; i++) {
    const MgPredictionCurve *curve = &g_array_index(curves, MgPredictionCurve, i);
    char *name = several ? g_strdup_printf("%s: %s", base, curve->name) : g_strdup(curve->name);
    gboolean one = kind == MG_CURVE_CALIBRATION || kind == MG_CURVE_POSITION;
    MgQualityLine line = {name,
                          curve->x,
                          curve->y,
                          curve->weights,
                          curve->n,
                          one ? (int)picture->curves->len : (int)i,
                          picture->curves->len > 0};
    g_ptr_array_add(picture->names, name);
    g_array_append_val(picture->lines, line);
  }
  g_ptr_array_add(picture->curves, curves);
  return TRUE;
}

static void
draw(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const Picture *picture = data;
  mg_quality_draw(cr, width, height, &mg_style_light, &picture->quality);
}

static void
draw_confusion(cairo_t *cr, double width, double height, gboolean vector, gpointer data)
{
  const MgPredictions *predictions = data;
  g_autofree guint *matrix = mg_predictions_confusion(predictions);
  mg_confusion_draw(cr, width, height, &mg_style_light, matrix, (int)predictions->labels->len,
                    (const char *const *)predictions->labels->pdata, -1);
}

static gboolean
confusion_picture(const char *const *runs, const char *split, const char *out, GError **error)
{
  if (runs[1]) {
    g_set_error(error, MG_ERROR, MG_ERROR_USAGE, _("curves: --type confusion: expected one --run"));
    return FALSE;
  }
  g_autoptr(MgPredictions) predictions = load(runs[0], split, error);
  return predictions && mg_export(out, 640, 560, 1, draw_confusion, predictions, error);
}

gboolean
mg_quality_picture(const char *const *runs, const char *name, const char *split, const char *out, GError **error)
{
  MgPredictionCurveKind kind;
  if (g_str_equal(name, "confusion"))
    return confusion_picture(runs, split, out, error);
  if (!mg_prediction_curve_kind_parse(name, &kind, error)) {
    g_prefix_error(error, "curves: --type: ");
    return FALSE;
  }
  guint n = g_strv_length((char **)runs);
  g_autoptr(Picture) picture = picture_new(name);
  for (guint i = 0; i < n; i++)
    if (!add_run(picture, runs[i], split, kind, MAX(MOST_CURVES / n, 1), n > 1, error))
      return FALSE;
  picture->quality.lines = (const MgQualityLine *)(void *)picture->lines->data;
  picture->quality.n = picture->lines->len;
  picture->quality.empty = _("No truth is known");
  return mg_export(out, 640, 480, 1, draw, picture, error);
}
