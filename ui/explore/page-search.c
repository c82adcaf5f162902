#include "ui/explore/page.h"
#include "ui/window.h"
#include <glib/gi18n.h>
#include <math.h>

#define STRETCH 40.0    /* s of sound in which onsets are looked for at a time */
#define NEAR 0.02       /* s that two places have to be apart to be two */
#define LOUD 0.5        /* of the track's largest amplitude: -6 dB */
#define QUIET_COLUMNS 5 /* below that before it is loud anew */
#define COLUMN 0.01     /* s */

static void
go_to(Page *page, double seconds)
{
  mg_timeline_set_cursor(page->timeline, seconds);
  mg_timeline_follow_cursor(page->timeline);
  gtk_widget_activate_action(GTK_WIDGET(page), "explore.seek", NULL);
}

/* Onsets: stretch by stretch, as the analysis of the overlays gives them. */

static void
stop_search(Page *page)
{
  if (page->searched)
    g_signal_handlers_disconnect_by_data(page->searched, page);
  g_clear_object(&page->searched);
}

/* The nearest event in the stretch on the wanted side of the cursor; NaN: none. */
static double
nearest_event(Page *page)
{
  double cursor = mg_timeline_cursor(page->timeline), found = NAN;
  g_autoptr(GArray) times = mg_analysis_events(page->searched, page->search_from, page->search_to);
  for (guint i = 0; i < times->len; i++) {
    double time = g_array_index(times, double, i);
    if (page->search_back ? time < cursor - NEAR : (time > cursor + NEAR && isnan(found)))
      found = time;
  }
  return found;
}

static void
ask_for_stretch(Page *page)
{
  mg_analysis_want(page->searched, 0, MAX(page->search_from, 0), page->search_to);
}

static gboolean
move_stretch(Page *page)
{
  double step = page->search_back ? -STRETCH : STRETCH;
  page->search_from += step;
  page->search_to += step;
  return page->search_to > 0 && page->search_from < mg_timeline_duration(page->timeline);
}

static void
look(Page *page)
{
  while (page->searched && !mg_analysis_working(page->searched, NULL, NULL)) {
    double found = nearest_event(page);
    const char *failure = mg_analysis_failure(page->searched);
    if (isfinite(found))
      go_to(page, found);
    else if (!failure && move_stretch(page)) {
      ask_for_stretch(page);
      continue;
    } else
      mg_window_toast(GTK_WIDGET(page), failure ? failure : _("There is no further onset"));
    stop_search(page);
  }
}

static void
search_onset(Page *page, gboolean back)
{
  const MgFeature *feature = mg_feature_find("onset_detect", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(MgParams) params = mg_feature_params(feature);
  stop_search(page);
  if (!page->analyses)
    return;
  page->searched = mg_analysis_store_get(page->analyses, feature, params, &error);
  if (!page->searched) {
    mg_window_toast(GTK_WIDGET(page), error->message);
    return;
  }
  double cursor = mg_timeline_cursor(page->timeline);
  page->search_back = back;
  page->search_from = back ? cursor - STRETCH : cursor;
  page->search_to = back ? cursor : cursor + STRETCH;
  g_signal_connect_object(page->searched, "changed", G_CALLBACK(look), page, G_CONNECT_SWAPPED);
  ask_for_stretch(page);
  look(page);
}

static void
next_onset(GtkWidget *widget, const char *name, GVariant *parameter)
{
  search_onset(MG_EXPLORE_PAGE(widget), FALSE);
}

static void
former_onset(GtkWidget *widget, const char *name, GVariant *parameter)
{
  search_onset(MG_EXPLORE_PAGE(widget), TRUE);
}

/* Loud places: where the amplitude comes near the track's largest after having been away from it. */

static void
search_loud(Page *page, gboolean back)
{
  double duration = mg_timeline_duration(page->timeline), cursor = mg_timeline_cursor(page->timeline);
  size_t n = (size_t)(duration / COLUMN), quiet = QUIET_COLUMNS;
  double found = NAN;
  float largest = 0;
  if (!mg_page_path(page) || !page->sound || n == 0)
    return;                                                     /* a recording under way has no places yet that stay */
  g_autofree float *low = g_new(float, 3 * n), *high = low + n; /* the last third is the rms, which does not matter */
  mg_sound_columns(page->sound, -1, 0, duration, n, low, high, high + n);
  for (size_t i = 0; i < n; i++)
    largest = MAX(largest, high[i] = MAX(high[i], -low[i]));
  for (size_t i = 0; i < n && largest > 0; i++) {
    double time = (double)i / (double)n * duration;
    gboolean loud = high[i] >= LOUD * largest;
    if (loud && quiet >= QUIET_COLUMNS && (back ? time < cursor - NEAR : time > cursor + NEAR && isnan(found)))
      found = time;
    quiet = loud ? 0 : quiet + 1;
  }
  if (isfinite(found))
    go_to(page, found);
  else
    mg_window_toast(GTK_WIDGET(page), _("There is no further loud place"));
}

static void
next_loud(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  if (mg_recording_path(mg_workspace_recording(page->workspace)))
    gtk_widget_activate_action(widget, "win.mark-recording", NULL); /* M means this while it records */
  else
    search_loud(page, FALSE);
}

static void
former_loud(GtkWidget *widget, const char *name, GVariant *parameter)
{
  search_loud(MG_EXPLORE_PAGE(widget), TRUE);
}

void
mg_page_install_search_actions(GtkWidgetClass *class)
{
  gtk_widget_class_install_action(class, "explore.next-onset", NULL, next_onset);
  gtk_widget_class_install_action(class, "explore.former-onset", NULL, former_onset);
  gtk_widget_class_install_action(class, "explore.next-loud", NULL, next_loud);
  gtk_widget_class_install_action(class, "explore.former-loud", NULL, former_loud);
}

void
mg_page_drop_search(Page *page)
{
  stop_search(page);
}
