#include "ui/dataset/histograms.h"
#include "plot/summary.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/wrap-box.h"
#include <glib/gi18n.h>
#include <math.h>

enum { MOST_CLASSES = 40, BINS = 10 };

typedef struct {
  MgDatasetModel *model;
  GtkWidget *balance, *lengths;
  MgBars bars[2];
  GPtrArray *names; /* char * */
} Histograms;

static void
free_histograms(gpointer data)
{
  Histograms *histograms = data;
  g_signal_handlers_disconnect_by_data(histograms->model, histograms);
  g_object_unref(histograms->model);
  for (int i = 0; i < 2; i++)
    g_free((MgBar *)histograms->bars[i].bars);
  g_ptr_array_unref(histograms->names);
  g_free(histograms);
}

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  mg_bars_draw(cr, width, height, style, data, -1);
}

static const char *
keep(Histograms *histograms, char *name)
{
  g_ptr_array_add(histograms->names, name);
  return name;
}

static void
count_classes(Histograms *histograms)
{
  size_t n = mg_dataset_model_n_classes(histograms->model);
  MgBar *bars = g_new0(MgBar, MAX(n, 1));
  for (size_t i = 0; i < n; i++) {
    const MgDatasetClass *class = mg_dataset_model_class(histograms->model, i);
    bars[i] = (MgBar){keep(histograms, g_strdup(class->label)), class->tracks, 0};
  }
  histograms->bars[0] = (MgBars){bars, MIN(n, MOST_CLASSES), _("Tracks of each class"), 0};
}

/* The width of bins that are round: 1, 2 or 5 times a power of ten. */
static double
round_width(double width)
{
  double power = pow(10, floor(log10(MAX(width, 1e-3)))), share = width / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

static void
count_lengths(Histograms *histograms)
{
  const MgManifest *manifest = mg_dataset_model_manifest(histograms->model);
  double longest = 0;
  guint n = manifest ? manifest->tracks->len : 0;
  for (guint i = 0; i < n; i++)
    longest = MAX(longest, mg_manifest_track(manifest, i)->duration);
  double width = round_width(longest / BINS);
  MgBar *bars = g_new0(MgBar, BINS + 1);
  for (guint i = 0; i < n; i++)
    bars[MIN(BINS, (int)(mg_manifest_track(manifest, i)->duration / width))].value++;
  size_t used = n ? MIN(BINS, (size_t)(longest / width)) + 1 : 0;
  for (size_t i = 0; i < used; i++)
    bars[i].name = keep(histograms, g_strdup_printf("%g–%g\u202f%s", i * width, (i + 1) * width, _("s")));
  histograms->bars[1] = (MgBars){bars, used, _("Lengths of the tracks"), 1};
}

static void
follow(Histograms *histograms)
{
  GtkWidget *const drawings[] = {histograms->balance, histograms->lengths};
  for (int i = 0; i < 2; i++)
    g_free((MgBar *)histograms->bars[i].bars);
  g_ptr_array_set_size(histograms->names, 0);
  count_classes(histograms);
  count_lengths(histograms);
  for (int i = 0; i < 2; i++) {
    int height = (int)ceil(mg_bars_height(mg_drawing_style(), &histograms->bars[i]));
    g_autofree char *text = mg_bars_summary(&histograms->bars[i]);
    gtk_widget_set_size_request(drawings[i], 300, MAX(height, 60));
    mg_drawing_set_text(MG_DRAWING(drawings[i]), histograms->bars[i].title, text);
    mg_drawing_changed(MG_DRAWING(drawings[i]));
  }
}

GtkWidget *
mg_histograms_new(MgDatasetModel *model)
{
  Histograms *histograms = g_new0(Histograms, 1);
  GtkWidget *box = mg_wrap_box_new(18);
  histograms->model = g_object_ref(model);
  histograms->names = g_ptr_array_new_with_free_func(g_free);
  histograms->balance = mg_drawing_new("classes", 300, 60);
  histograms->lengths = mg_drawing_new("lengths", 300, 60);
  mg_drawing_set_funcs(MG_DRAWING(histograms->balance), draw, NULL, &histograms->bars[0]);
  mg_drawing_set_funcs(MG_DRAWING(histograms->lengths), draw, NULL, &histograms->bars[1]);
  gtk_widget_set_hexpand(histograms->balance, TRUE);
  gtk_widget_set_hexpand(histograms->lengths, TRUE);
  mg_wrap_box_append(MG_WRAP_BOX(box), histograms->balance);
  mg_wrap_box_append(MG_WRAP_BOX(box), histograms->lengths);
  g_signal_connect_swapped(model, "changed", G_CALLBACK(follow), histograms);
  g_object_set_data_full(G_OBJECT(box), "histograms", histograms, free_histograms);
  follow(histograms);
  return box;
}
