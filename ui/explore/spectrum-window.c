#include "ui/explore/spectrum-window.h"
#include "plot/spectrum.h"
#include "session/slice-job.h"
#include "ui/widgets/drawing.h"
#include "ui/widgets/escape.h"
#include "ui/widgets/format.h"
#include <glib/gi18n.h>
#include <math.h>

#define MOST_PEAKS 12
#define LOW_HZ 20.0
#define RANGE_DB 100.0

struct _MgSpectrumWindow {
  AdwWindow parent;
  MgTimeline *timeline;
  MgSelection *selection;
  size_t n_fft;
  GtkWidget *drawing, *place, *peaks, *failure;
  MgSlice *slice; /* NULL: not there yet */
  double peak_hz[MOST_PEAKS], peak_db[MOST_PEAKS];
  GCancellable *making;
  guint wish;
};

G_DEFINE_FINAL_TYPE(MgSpectrumWindow, mg_spectrum_window, ADW_TYPE_WINDOW)

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  MgSpectrumWindow *window = data;
  const MgSlice *slice = window->slice;
  if (!slice)
    return;
  double top = slice->n_peaks ? ceil(slice->peaks[0].db / 10) * 10 : 0;
  MgSpectrum spectrum = {slice->db,      slice->bins,     slice->bin_hz,   LOW_HZ,        top - RANGE_DB,
                         MAX(top, -120), window->peak_hz, window->peak_db, slice->n_peaks};
  mg_spectrum_draw(cr, width, height, style, &spectrum, _("Hz"), _("dB"));
}

static void
append_cell(GtkGrid *grid, const char *text, int column, int row, gboolean head)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 1);
  gtk_widget_add_css_class(label, "numeric");
  gtk_widget_add_css_class(label, head ? "dim-label" : "body");
  gtk_label_set_selectable(GTK_LABEL(label), !head);
  gtk_grid_attach(grid, label, column, row, 1, 1);
}

static void
list_peaks(MgSpectrumWindow *window)
{
  GtkGrid *grid = GTK_GRID(window->peaks);
  for (GtkWidget *child; (child = gtk_widget_get_first_child(window->peaks));)
    gtk_grid_remove(grid, child);
  append_cell(grid, _("Hz"), 0, 0, TRUE);
  append_cell(grid, _("Note"), 1, 0, TRUE);
  append_cell(grid, _("dB"), 2, 0, TRUE);
  for (size_t i = 0; i < window->slice->n_peaks; i++) {
    const MgPeak *peak = &window->slice->peaks[i];
    g_autofree char *hz = g_strdup_printf("%.1f", peak->hz), *note = mg_format_note(peak->hz);
    g_autofree char *db = g_strdup_printf("%s%.1f", peak->db < 0 ? "\u2212" : "", fabs(peak->db));
    append_cell(grid, hz, 0, (int)i + 1, FALSE);
    append_cell(grid, note ? note : "", 1, (int)i + 1, FALSE);
    append_cell(grid, db, 2, (int)i + 1, FALSE);
    window->peak_hz[i] = peak->hz;
    window->peak_db[i] = peak->db;
  }
}

static void
describe(MgSpectrumWindow *window)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (size_t i = 0; i < MIN(window->slice->n_peaks, 3); i++) {
    g_autofree char *hz = mg_format_value(window->slice->peaks[i].hz, _("Hz"));
    g_string_append_printf(text, "%s%s", i ? ", " : "", hz);
  }
  mg_drawing_set_text(MG_DRAWING(window->drawing), _("Spectrum"), text->str);
}

static void
finish(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(MgSpectrumWindow) window = data;
  g_autoptr(GError) error = NULL;
  MgSlice *slice = mg_slice_finish(result, &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object(&window->making);
  g_autofree char *sentence = error ? mg_format_sentence(error->message) : NULL;
  gtk_label_set_text(GTK_LABEL(window->failure), sentence ? sentence : "");
  gtk_widget_set_visible(window->failure, sentence != NULL);
  if (!slice)
    return;
  g_clear_pointer(&window->slice, mg_slice_free);
  window->slice = slice;
  list_peaks(window);
  describe(window);
  mg_drawing_changed(MG_DRAWING(window->drawing));
}

static void
show_place(MgSpectrumWindow *window, double start, double end)
{
  g_autofree char *from = mg_format_clock(start, 3), *to = mg_format_clock(end, 3);
  g_autofree char *text = end > start ? g_strdup_printf(_("Mean of %s–%s · n_fft %zu"), from, to, window->n_fft)
                                      : g_strdup_printf(_("At %s · n_fft %zu"), from, window->n_fft);
  gtk_label_set_text(GTK_LABEL(window->place), text);
}

/* One at a time: where another place was asked for meanwhile, it follows. */
static gboolean
make(gpointer data)
{
  MgSpectrumWindow *window = data;
  const char *track = mg_selection_track(window->selection);
  if (window->making)
    return G_SOURCE_CONTINUE;
  window->wish = 0;
  if (!track)
    return G_SOURCE_REMOVE;
  gboolean stretch = mg_selection_is_stretch(window->selection);
  double start = stretch ? mg_selection_start(window->selection) : mg_timeline_cursor(window->timeline);
  double end = stretch ? mg_selection_end(window->selection) : start;
  show_place(window, start, end);
  window->making = g_cancellable_new();
  mg_slice_async(track, start, end, window->n_fft, MOST_PEAKS, window->making, finish, g_object_ref(window));
  return G_SOURCE_REMOVE;
}

static void
make_soon(MgSpectrumWindow *window)
{
  if (!window->wish)
    window->wish = g_timeout_add(40, make, window);
}

static GtkWidget *
new_list(MgSpectrumWindow *window)
{
  GtkWidget *scroller = gtk_scrolled_window_new();
  window->peaks = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(window->peaks), 12);
  gtk_grid_set_row_spacing(GTK_GRID(window->peaks), 6);
  gtk_widget_set_margin_start(window->peaks, 12);
  gtk_widget_set_margin_end(window->peaks, 18);
  gtk_widget_set_margin_top(window->peaks, 12);
  gtk_widget_set_valign(window->peaks, GTK_ALIGN_START);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), window->peaks);
  return scroller;
}

static GtkWidget *
new_content(MgSpectrumWindow *window)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  window->place = gtk_label_new(NULL);
  window->failure = gtk_label_new(NULL);
  window->drawing = mg_drawing_new("spectrum", 320, 220);
  mg_drawing_set_funcs(MG_DRAWING(window->drawing), draw, NULL, window);
  gtk_widget_set_hexpand(window->drawing, TRUE);
  gtk_widget_set_vexpand(window->drawing, TRUE);
  gtk_widget_add_css_class(window->place, "numeric");
  gtk_widget_add_css_class(window->failure, "notice");
  gtk_label_set_wrap(GTK_LABEL(window->failure), TRUE);
  gtk_widget_set_visible(window->failure, FALSE);
  gtk_widget_set_margin_bottom(window->place, 6);
  gtk_box_append(GTK_BOX(row), window->drawing);
  gtk_box_append(GTK_BOX(row), new_list(window));
  gtk_box_append(GTK_BOX(box), adw_header_bar_new());
  gtk_box_append(GTK_BOX(box), window->failure);
  gtk_box_append(GTK_BOX(box), window->place);
  gtk_box_append(GTK_BOX(box), row);
  return box;
}

GtkWidget *
mg_spectrum_window_new(GtkWindow *parent, MgTimeline *timeline, MgSelection *selection, size_t n_fft)
{
  MgSpectrumWindow *window =
      g_object_new(MG_TYPE_SPECTRUM_WINDOW, "transient-for", parent, "title", _("Spectrum"), "default-width", 720,
                   "default-height", 420, "destroy-with-parent", TRUE, NULL);
  window->timeline = g_object_ref(timeline);
  window->selection = g_object_ref(selection);
  window->n_fft = n_fft;
  adw_window_set_content(ADW_WINDOW(window), new_content(window));
  mg_close_on_escape(GTK_WIDGET(window));
  g_signal_connect_object(timeline, "moved", G_CALLBACK(make_soon), window, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "notify", G_CALLBACK(make_soon), window, G_CONNECT_SWAPPED);
  make_soon(window);
  return GTK_WIDGET(window);
}

static void
dispose(GObject *object)
{
  MgSpectrumWindow *window = MG_SPECTRUM_WINDOW(object);
  g_clear_handle_id(&window->wish, g_source_remove);
  g_cancellable_cancel(window->making);
  g_clear_object(&window->making);
  g_clear_object(&window->timeline);
  g_clear_object(&window->selection);
  G_OBJECT_CLASS(mg_spectrum_window_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_clear_pointer(&MG_SPECTRUM_WINDOW(object)->slice, mg_slice_free);
  G_OBJECT_CLASS(mg_spectrum_window_parent_class)->finalize(object);
}

static void
mg_spectrum_window_class_init(MgSpectrumWindowClass *class)
{
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void
mg_spectrum_window_init(MgSpectrumWindow *window)
{
}
