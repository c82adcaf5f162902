#include "ui/live/live-page.h"
#include "audio/decoder.h"
#include "base/file.h"
#include "session/listening.h"
#include "session/retrain.h"
#include "ui/live/class-bars.h"
#include "ui/live/layer-maps.h"
#include "ui/live/model-button.h"
#include "ui/live/moment-list.h"
#include "ui/live/running-picture.h"
#include "ui/trace.h"
#include "ui/train/shared.h"
#include "ui/widgets/device-button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/param-panel.h"
#include "ui/widgets/stack.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <glib/gi18n.h>
#include <math.h>

#define MG_TYPE_LIVE_PAGE (mg_live_page_get_type())
G_DECLARE_FINAL_TYPE(MgLivePage, mg_live_page, MG, LIVE_PAGE, AdwBin)

static const double quietest = -60; /* dB, where the level meter begins */

struct _MgLivePage {
  AdwBin parent_instance;
  MgWorkspace *workspace;
  MgListening *listening;
  GtkStack *stack; /* "empty" or "heard" */
  GtkWidget *panel, *models, *start, *stop, *mark, *keep, *retrain, *log, *level, *state, *error, *picture, *bars,
      *moments;
  GPtrArray *answers;      /* MgClassBars *, one a model */
  double heard_end, shown; /* s: the last decision of the first model; when the time was last shown */
  char *said;              /* its answer; NULL: none yet */
  char *log_path;
  gint64 traced; /* when the segment of the answer that is not painted yet was complete; 0: none */
};

G_DEFINE_FINAL_TYPE(MgLivePage, mg_live_page, ADW_TYPE_BIN)

/* Files. */

/* A file of the workspace's recordings whose name tells when it was made; NULL and an error said where there is no
 * place for it. */
static char *
new_file(MgLivePage *page, const char *folder, const char *prefix, const char *suffix)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *stamp = g_date_time_format(now, "%Y-%m-%d %H-%M-%S"),
                  *path = mg_workspace_path(page->workspace, folder);
  g_autofree char *name =
      g_strdup_printf("%s%s.%03d%s", prefix, stamp, g_date_time_get_microsecond(now) / 1000, suffix);
  if (mg_folder_make(path, &error))
    return g_build_filename(path, name, NULL);
  mg_window_toast(GTK_WIDGET(page), error->message);
  return NULL;
}

/* Showing. */

static void
show_state(MgLivePage *page)
{
  gboolean active = mg_listening_active(page->listening), heard = mg_listening_n_models(page->listening) > 0;
  g_auto(GStrv) models = mg_model_button_chosen(MG_MODEL_BUTTON(page->models));
  gtk_widget_set_visible(page->start, !active);
  gtk_widget_set_visible(page->stop, active);
  gtk_widget_set_sensitive(page->start, models[0] != NULL);
  gtk_widget_set_sensitive(page->retrain, models[0] != NULL);
  gtk_widget_set_sensitive(page->models, !active);
  gtk_widget_set_sensitive(page->log, !active);
  gtk_widget_set_sensitive(page->mark, heard && page->said);
  gtk_widget_set_sensitive(page->keep, heard);
  gtk_widget_set_visible(page->level, active);
}

static void
show_answers(MgLivePage *page)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(page->bars)))
    gtk_box_remove(GTK_BOX(page->bars), child);
  g_ptr_array_set_size(page->answers, 0);
  for (guint i = 0; i < mg_listening_n_models(page->listening); i++) {
    const GPtrArray *labels = mg_listening_labels(page->listening, i);
    GtkWidget *bars = mg_class_bars_new(mg_listening_model_name(page->listening, i), labels);
    double seconds = mg_listening_segment_seconds(page->listening, i);
    g_autofree char *wait = g_strdup_printf(_("answers after %.3g s of sound"), seconds);
    mg_class_bars_wait(MG_CLASS_BARS(bars), wait);
    mg_moment_list_set_labels(MG_MOMENT_LIST(page->moments), labels);
    g_ptr_array_add(page->answers, bars);
    gtk_box_append(GTK_BOX(page->bars), bars);
  }
  if (page->answers->len > 0)
    gtk_stack_set_visible_child_name(page->stack, "heard");
  show_state(page);
}

static gboolean
on_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  MgLivePage *page = MG_LIVE_PAGE(widget);
  if (!mg_listening_active(page->listening))
    return G_SOURCE_CONTINUE;
  if (page->answers->len != mg_listening_n_models(page->listening))
    show_answers(page);                             /* it has begun to hear */
  double peak = mg_listening_peak(page->listening); /* asked once: each call begins a new one */
  gtk_level_bar_set_value(GTK_LEVEL_BAR(page->level), CLAMP(peak, quietest, 0) - quietest);
  double seconds = mg_listening_seconds(page->listening);
  if (seconds - page->shown < 0.1)
    return G_SOURCE_CONTINUE;
  guint gaps = mg_listening_gaps(page->listening);
  g_autofree char *clock_text = mg_format_clock(seconds, 1), *text = NULL;
  if (gaps > 0)
    text = g_strdup_printf(g_dngettext(NULL, "%s heard, %u gap", "%s heard, %u gaps", gaps), clock_text, gaps);
  else
    text = g_strdup_printf(_("%s heard"), clock_text);
  gtk_label_set_text(GTK_LABEL(page->state), text);
  page->shown = seconds;
  return G_SOURCE_CONTINUE;
}

/* Once the answer is on the screen. */
static void
trace_painted(GdkFrameClock *clock, MgLivePage *page)
{
  mg_trace("decision", (double)(g_get_monotonic_time() - page->traced) / 1000);
  g_signal_handlers_disconnect_by_func(clock, trace_painted, page);
  page->traced = 0;
}

static void
trace(MgLivePage *page)
{
  if (!mg_trace_on() || page->traced || !gtk_widget_get_mapped(GTK_WIDGET(page)))
    return;
  page->traced = mg_listening_due(page->listening);
  g_signal_connect_object(gtk_widget_get_frame_clock(GTK_WIDGET(page)), "after-paint", G_CALLBACK(trace_painted), page,
                          0);
}

static void
on_decided(MgListening *listening, const MgLiveDecision *decision, MgLivePage *page)
{
  trace(page);
  if (page->answers->len != mg_listening_n_models(listening))
    show_answers(page);
  const char *label = mg_listening_labels(listening, decision->model)->pdata[decision->y_pred];
  mg_class_bars_show(page->answers->pdata[decision->model], decision);
  mg_running_picture_add(MG_RUNNING_PICTURE(page->picture), decision, label);
  if (decision->model > 0)
    return;
  gboolean first = !page->said;
  page->heard_end = decision->end;
  g_free(page->said);
  page->said = g_strdup(label);
  if (first)
    show_state(page);
}

static void
on_ended(MgListening *listening, const GError *error, MgLivePage *page)
{
  mg_notice_set(page->error, MG_NOTICE_ERROR, error ? mg_device_error_text(error) : NULL);
  if (page->log_path && !error) {
    g_autofree char *text = g_strdup_printf(_("Decisions in %s"), page->log_path);
    mg_window_toast(GTK_WIDGET(page), text);
  }
  show_state(page);
}

/* Listening. */

static void
forget(MgLivePage *page)
{
  mg_running_picture_clear(MG_RUNNING_PICTURE(page->picture));
  g_clear_pointer(&page->said, g_free);
  g_clear_pointer(&page->log_path, g_free);
  page->shown = -1;
  mg_notice_set(page->error, MG_NOTICE_ERROR, NULL);
}

static void
start(MgLivePage *page)
{
  g_auto(GStrv) models = mg_model_button_chosen(MG_MODEL_BUTTON(page->models));
  if (!models[0])
    return;
  forget(page);
  if (gtk_check_button_get_active(GTK_CHECK_BUTTON(page->log)))
    page->log_path = new_file(page, "recordings", "live ", ".csv");
  mg_listening_start(page->listening, (const char *const *)models, mg_device_chosen(GTK_WIDGET(page)),
                     mg_param_panel_params(MG_PARAM_PANEL(page->panel)), page->log_path);
  show_answers(page);
}

static void
on_parameters(MgParamPanel *panel, MgLivePage *page)
{
  const MgParams *params = mg_param_panel_params(panel);
  mg_listening_set_threshold(page->listening, mg_params_float(params, "threshold"));
  mg_listening_set_smoothing(page->listening, mg_params_float(params, "smoothing"));
}

/* Marking and keeping. */

typedef struct {
  MgLivePage *page; /* a reference */
  char *path, *said;
  double start, end;
} Saving;

static void
free_saving(Saving *saving)
{
  g_object_unref(saving->page);
  g_free(saving->path);
  g_free(saving->said);
  g_free(saving);
}

static Saving *
save(MgLivePage *page, double start, double end, char *path, GAsyncReadyCallback callback)
{
  Saving *saving = g_new0(Saving, 1);
  *saving = (Saving){g_object_ref(page), path, g_strdup(page->said), start, end};
  mg_listening_save_async(page->listening, start, end, path, callback, saving);
  return saving;
}

static void
on_moment_saved(GObject *source, GAsyncResult *result, gpointer data)
{
  Saving *saving = data;
  g_autoptr(GError) error = NULL;
  if (mg_listening_save_finish(MG_LISTENING(source), result, &error))
    mg_moment_list_add(MG_MOMENT_LIST(saving->page->moments), saving->path, saving->start, saving->end - saving->start,
                       saving->said);
  else
    mg_window_toast(GTK_WIDGET(saving->page), error->message);
  free_saving(saving);
}

/* The segment that the last answer was about. */
static void
mark(MgLivePage *page)
{
  char *path = page->said ? new_file(page, "recordings/moments", "", ".wav") : NULL;
  if (!path)
    return;
  double start = MAX(0, page->heard_end - mg_listening_segment_seconds(page->listening, 0));
  mg_running_picture_mark(MG_RUNNING_PICTURE(page->picture), page->heard_end);
  save(page, start, page->heard_end, path, on_moment_saved);
}

static void
on_kept(GObject *source, GAsyncResult *result, gpointer data)
{
  Saving *saving = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_path_get_basename(saving->path), *text = g_strdup_printf(_("Recorded %s"), name);
  gboolean good =
      mg_listening_save_finish(MG_LISTENING(source), result, &error) &&
      mg_workspace_add_track(saving->page->workspace, saving->path, NULL, saving->end - saving->start, 0, 1, &error);
  mg_window_toast(GTK_WIDGET(saving->page), good ? text : error->message);
  free_saving(saving);
}

static void
keep(MgLivePage *page)
{
  char *path = new_file(page, "recordings", "", ".wav");
  if (path)
    save(page, mg_listening_kept_from(page->listening), mg_listening_seconds(page->listening), path, on_kept);
}

static void
retrain(MgLivePage *page)
{
  g_auto(GStrv) models = mg_model_button_chosen(MG_MODEL_BUTTON(page->models));
  g_autoptr(GError) error = NULL;
  MgRun *run = models[0] ? mg_retrain_start(page->workspace, mg_shared_runs(page->workspace), models[0], &error) : NULL;
  if (error)
    mg_window_toast(GTK_WIDGET(page), error->message);
  if (!run)
    return;
  g_autofree char *text = g_strdup_printf(_("Training %s"), mg_run_name(run));
  mg_window_toast_action(GTK_WIDGET(page), text, _("_Look"), "win.page('train')");
}

static void
mark_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
  mark(MG_LIVE_PAGE(widget));
}

/* Building. */

static GtkWidget *
new_tools(MgLivePage *page)
{
  GtkWidget *box = mg_wrap_box_new(6), *right = mg_wrap_box_new(6);
  GtkWidget *devices = mg_device_button_new(FALSE);
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(devices), "audio-input-microphone-symbolic");
  page->models = mg_model_button_new(mg_shared_runs(page->workspace), FALSE);
  page->start = mg_button_new(NULL, _("_Listen"), _("Classify what the microphone hears"));
  page->stop = mg_button_new("media-playback-stop-symbolic", _("St_op"), _("Stop listening"));
  gtk_widget_add_css_class(page->start, "suggested-action");
  page->level = gtk_level_bar_new_for_interval(0, -quietest);
  page->state = mg_figure_label_new(0);
  page->mark = mg_button_new("starred-symbolic", _("_Mark"), _("Keep the segment of the last answer (M)"));
  page->keep = mg_button_new("document-save-symbolic", _("_Save sound"), _("Save the last minutes as a recording"));
  page->retrain = mg_button_new("view-refresh-symbolic", _("_Retrain"),
                                _("Go on training the first model on the library's sounds of its classes and on the "
                                  "moments that were kept"));
  page->log = gtk_check_button_new_with_mnemonic(_("L_og"));
  gtk_widget_set_tooltip_text(page->log, _("Write every decision into a CSV file of the workspace's recordings"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(page->log), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Log decisions"), -1);
  gtk_widget_add_css_class(page->state, "dim-label");
  gtk_widget_set_size_request(page->level, 96, -1);
  gtk_widget_set_valign(page->level, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(page->level), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Input level"), -1);
  g_signal_connect_swapped(page->models, "changed", G_CALLBACK(show_state), page);
  g_signal_connect_swapped(page->start, "clicked", G_CALLBACK(start), page);
  g_signal_connect_swapped(page->stop, "clicked", G_CALLBACK(mg_listening_stop), page->listening);
  g_signal_connect_swapped(page->mark, "clicked", G_CALLBACK(mark), page);
  g_signal_connect_swapped(page->keep, "clicked", G_CALLBACK(keep), page);
  g_signal_connect_swapped(page->retrain, "clicked", G_CALLBACK(retrain), page);
  gtk_widget_set_halign(right, GTK_ALIGN_END);
  gtk_widget_set_hexpand(right, TRUE);
  mg_wrap_box_append(MG_WRAP_BOX(right), page->log);
  mg_wrap_box_append(MG_WRAP_BOX(right), page->keep);
  mg_wrap_box_append(MG_WRAP_BOX(right), page->mark);
  mg_wrap_box_append(MG_WRAP_BOX(right), page->retrain);
  mg_wrap_box_append(MG_WRAP_BOX(box), page->models);
  mg_wrap_box_append(MG_WRAP_BOX(box), devices);
  mg_wrap_box_append(MG_WRAP_BOX(box), page->start);
  mg_wrap_box_append(MG_WRAP_BOX(box), page->stop);
  mg_wrap_box_append(MG_WRAP_BOX(box), page->level);
  mg_wrap_box_append(MG_WRAP_BOX(box), page->state);
  mg_wrap_box_append(MG_WRAP_BOX(box), right);
  return box;
}

static GtkWidget *
new_heard(MgLivePage *page)
{
  GtkWidget *heard = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *box = mg_wrap_box_new(18);
  GtkWidget *scroller = gtk_scrolled_window_new();
  page->picture = mg_running_picture_new(page->listening);
  page->bars = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_set_hexpand(page->picture, TRUE);
  gtk_widget_set_vexpand(page->picture, TRUE);
  gtk_widget_set_vexpand(page->bars, TRUE);
  gtk_widget_set_size_request(page->bars, 240, 220);
  gtk_widget_set_size_request(page->picture, 400, 260);
  mg_wrap_box_append(MG_WRAP_BOX(box), page->picture);
  mg_wrap_box_append(MG_WRAP_BOX(box), page->bars);
  gtk_box_append(GTK_BOX(heard), box);
  gtk_box_append(GTK_BOX(heard), mg_layer_maps_new(page->listening));
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), heard);
  return scroller;
}

static GtkWidget *
new_empty(void)
{
  GtkWidget *status = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(status), "audio-input-microphone-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(status), _("Nothing heard yet"));
  adw_status_page_set_description(ADW_STATUS_PAGE(status),
                                  _("Choose one or several models, press Listen, and let something sound"));
  gtk_widget_set_vexpand(status, TRUE);
  return status;
}

static void
show_moments(MgLivePage *page)
{
  gtk_widget_set_visible(page->moments, mg_moment_list_n(MG_MOMENT_LIST(page->moments)) > 0);
}

static GtkWidget *
new_content(MgLivePage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  page->error = mg_notice_new();
  page->stack = GTK_STACK(mg_stack_new());
  page->moments = mg_moment_list_new(page->workspace);
  gtk_stack_add_named(page->stack, new_empty(), "empty");
  gtk_stack_add_named(page->stack, new_heard(page), "heard");
  g_signal_connect_swapped(page->moments, "changed", G_CALLBACK(show_moments), page);
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  gtk_widget_set_margin_top(box, 12);
  gtk_widget_set_margin_bottom(box, 12);
  gtk_box_append(GTK_BOX(box), new_tools(page));
  gtk_box_append(GTK_BOX(box), page->error);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(page->stack));
  gtk_box_append(GTK_BOX(box), page->moments);
  show_moments(page);
  return box;
}

static void
mg_live_page_dispose(GObject *object)
{
  MgLivePage *page = MG_LIVE_PAGE(object);
  if (page->listening) {
    g_signal_handlers_disconnect_by_data(page->listening, page);
    mg_listening_stop(page->listening);
  }
  g_clear_object(&page->listening);
  g_clear_object(&page->panel);
  g_clear_object(&page->workspace);
  g_clear_pointer(&page->said, g_free);
  g_clear_pointer(&page->log_path, g_free);
  g_clear_pointer(&page->answers, g_ptr_array_unref);
  G_OBJECT_CLASS(mg_live_page_parent_class)->dispose(object);
}

static void
mg_live_page_class_init(MgLivePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = mg_live_page_dispose;
  gtk_widget_class_install_action(widget_class, "live.mark", NULL, mark_action);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_m, 0, "live.mark", NULL);
}

static void
mg_live_page_init(MgLivePage *page)
{
  page->answers = g_ptr_array_new();
}

static GtkWidget *
create(MgWorkspace *workspace)
{
  static const MgParamTable *const tables[] = {&mg_live_params, NULL};
  g_autoptr(MgParams) params = mg_params_new(tables);
  MgLivePage *page = g_object_new(MG_TYPE_LIVE_PAGE, NULL);
  page->workspace = g_object_ref(workspace);
  page->listening = mg_listening_new();
  page->panel = g_object_ref_sink(mg_param_panel_new(params, NULL));
  adw_bin_set_child(ADW_BIN(page), new_content(page));
  g_signal_connect(page->panel, "changed", G_CALLBACK(on_parameters), page);
  g_signal_connect(page->listening, "decided", G_CALLBACK(on_decided), page);
  g_signal_connect(page->listening, "ended", G_CALLBACK(on_ended), page);
  gtk_widget_add_tick_callback(GTK_WIDGET(page), on_tick, NULL, NULL);
  show_state(page);
  return GTK_WIDGET(page);
}

static GtkWidget *
parameters(GtkWidget *page)
{
  return MG_LIVE_PAGE(page)->panel;
}

static gboolean
open_if_model(GtkWidget *widget, const char *path)
{
  MgLivePage *page = MG_LIVE_PAGE(widget);
  if (!g_str_has_suffix(path, ".safetensors"))
    return FALSE;
  mg_model_button_open(MG_MODEL_BUTTON(page->models), path);
  return TRUE;
}

/* Sounds and folders of sounds: the page's models are for telling what they are. */
static gboolean
classify_dropped(GtkWidget *widget, const char *const *paths)
{
  g_auto(GStrv) models = mg_model_button_chosen(MG_MODEL_BUTTON(MG_LIVE_PAGE(widget)->models));
  for (const char *const *path = paths; *path; path++)
    if (!mg_decoder_accepts_name(*path) && (!g_file_test(*path, G_FILE_TEST_IS_DIR) || mg_workspace_is_run(*path)))
      return FALSE;
  mg_window_classify(widget, models[0], paths);
  return TRUE;
}

const MgPage mg_live_page = {
    .name = "live",
    .title = N_("Live"),
    .icon = "melograph-live-symbolic",
    .create = create,
    .parameters = parameters,
    .open = open_if_model,
    .drop = classify_dropped,
};
