#include "ui/explore/page.h"
#include "base/file.h"
#include "ui/widgets/ask-file.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <glib/gi18n.h>
#include <math.h>

/* What was brushed before or after a stroke, whichever is not in force. */
typedef struct {
  Page *page;
  GArray *regions;
} Stroke;

static void
free_stroke(gpointer data)
{
  Stroke *stroke = data;
  g_array_unref(stroke->regions);
  g_free(stroke);
}

static GArray *
copy_regions(Page *page)
{
  size_t n;
  const MgRegion *regions = mg_tools_regions(page->tools, &n);
  GArray *copy = g_array_new(FALSE, FALSE, sizeof(MgRegion));
  if (n > 0)
    g_array_append_vals(copy, regions, (guint)n);
  return copy;
}

static void
turn(gpointer data, gboolean again)
{
  Stroke *stroke = data;
  GArray *other = copy_regions(stroke->page);
  mg_tools_set_regions(stroke->page->tools, (const MgRegion *)(gconstpointer)stroke->regions->data,
                       stroke->regions->len);
  g_array_unref(stroke->regions);
  stroke->regions = other;
}

static void
note(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  Stroke *stroke = g_new(Stroke, 1);
  *stroke = (Stroke){page, copy_regions(page)};
  mg_history_add(mg_workspace_history(page->workspace), page, turn, stroke, free_stroke);
}

static void
clear(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  note(widget, NULL, NULL);
  mg_tools_set_regions(page->tools, NULL, 0);
  mg_page_drop_part(page);
}

static gboolean
is_muting(Page *page)
{
  return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(page->brush_mute));
}

/* The selected pane's window, as long in seconds; its hop lets frames flow into each other. */
static MgParams *
mask_params(Page *page)
{
  static const MgParamTable *const tables[] = {&mg_stft_params, NULL};
  MgParams *params = mg_params_new(tables);
  const MgParams *own = page->selected ? mg_pane_params(page->selected) : NULL;
  int sr = 0;
  if (own && mg_params_has(own, "n_fft") && mg_audio_params_sr(own, &sr, NULL)) {
    double n_fft = (double)mg_params_int(own, "n_fft") * (sr > 0 ? (double)mg_sound_sr(page->sound) / sr : 1);
    mg_params_set_int(params, "n_fft", (gint64)CLAMP(round(n_fft), 64, 65536));
  }
  return params;
}

/* What was brushed, alone or taken out, over the selection, else where it is, else over what is seen. */
static MgMask *
brushed_mask(Page *page, double *start, double *end)
{
  size_t n;
  const MgRegion *regions = mg_tools_regions(page->tools, &n);
  g_autoptr(MgParams) params = mask_params(page);
  if (n == 0)
    return NULL;
  if (mg_selection_is_stretch(mg_page_selection(page)) || is_muting(page))
    mg_page_find_stretch(page, start, end);
  else {
    *start = INFINITY;
    *end = 0;
    for (size_t i = 0; i < n; i++) {
      *start = MIN(*start, MAX(regions[i].start, 0));
      *end = MAX(*end, MIN(regions[i].end, mg_timeline_duration(page->timeline)));
    }
  }
  return mg_mask_new(regions, n, is_muting(page) ? MG_MASK_MUTE : MG_MASK_KEEP, params);
}

static MgMask *
box_mask(Page *page, double *start, double *end)
{
  MgSelection *selection = mg_page_selection(page);
  g_autoptr(MgParams) params = mask_params(page);
  if (!mg_selection_is_box(selection))
    return NULL;
  *start = mg_selection_start(selection);
  *end = mg_selection_end(selection);
  MgRegion box = {*start - 1, *end + 1, mg_selection_low(selection), mg_selection_high(selection)};
  return mg_mask_new(&box, 1, MG_MASK_KEEP, params);
}

gboolean
mg_page_play_mask(Page *page)
{
  double start, end;
  gboolean brushing = mg_tools_current(page->tools) == MG_TOOL_BRUSH;
  g_autoptr(MgMask) mask = brushing ? brushed_mask(page, &start, &end) : NULL;
  if (!mask)
    mask = box_mask(page, &start, &end);
  if (mask)
    mg_page_play_masked(page, mask, start, end);
  return mask != NULL;
}

static void
play(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  double start, end;
  g_autoptr(MgMask) mask = mg_page_path(page) ? brushed_mask(page, &start, &end) : NULL;
  if (mask)
    mg_page_play_masked(page, mask, start, end);
}

/* Saving: the part is made as for playing, and its file copied. */

static void
copy(Page *page, const char *path)
{
  g_autoptr(GError) error = NULL;
  size_t length;
  g_autofree char *data = mg_file_read(mg_part_file(page->saved), (size_t)1 << 31, &length, &error);
  g_autofree char *name = g_filename_display_basename(path), *text = g_strdup_printf(_("Saved %s"), name);
  gboolean saved = data && mg_file_write(path, data, length, &error);
  mg_window_toast(GTK_WIDGET(page), saved ? text : error->message);
}

static void
finish(MgPart *part, const char *message, Page *page)
{
  if (message)
    mg_window_toast(GTK_WIDGET(page), message);
  else
    copy(page, g_object_get_data(G_OBJECT(part), "path"));
  g_clear_object(&page->saved);
}

static void
save(GtkWidget *widget, const char *path, gpointer data)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  double start, end;
  g_autoptr(MgMask) mask = mg_page_path(page) ? brushed_mask(page, &start, &end) : NULL;
  if (!mask)
    mask = mg_page_path(page) ? box_mask(page, &start, &end) : NULL;
  if (!mask)
    return;
  if (page->saved)
    mg_part_stop(page->saved);
  g_clear_object(&page->saved);
  page->saved = mg_part_new_masked(mg_page_path(page), mask, start, end);
  g_object_set_data_full(G_OBJECT(page->saved), "path", g_strdup(path), g_free);
  g_signal_connect_object(page->saved, "done", G_CALLBACK(finish), page, 0);
}

static void
ask(GtkWidget *widget, const char *name, GVariant *parameter)
{
  Page *page = MG_EXPLORE_PAGE(widget);
  if (!mg_page_path(page))
    return;
  g_autofree char *proposal = mg_ask_file_name(mg_page_path(page), "-part.wav");
  mg_ask_file(widget, GTK_FILE_CHOOSER_ACTION_SAVE, _("Save what is heard as a WAV file"), _("_Save"), proposal, save,
              NULL, NULL);
}

/* The bar */

static void
follow_tools(Page *page)
{
  size_t n;
  mg_tools_regions(page->tools, &n);
  gtk_widget_set_visible(page->brush_bar, n > 0 || mg_tools_current(page->tools) == MG_TOOL_BRUSH);
  gtk_widget_action_set_enabled(GTK_WIDGET(page), "explore.play-brushed", n > 0);
  gtk_widget_action_set_enabled(GTK_WIDGET(page), "explore.clear-brushed", n > 0);
}

static void
append_button(MgWrapBox *box, const char *label, const char *action, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_with_label(label);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_widget_add_css_class(button, "flat");
  mg_wrap_box_append(box, button);
}

static GtkWidget *
new_modes(Page *page)
{
  GtkWidget *modes = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *keep = gtk_toggle_button_new_with_label(_("Only this"));
  page->brush_mute = gtk_toggle_button_new_with_label(_("All but this"));
  gtk_widget_set_tooltip_text(keep, _("What was brushed is heard alone"));
  gtk_widget_set_tooltip_text(page->brush_mute, _("What was brushed is taken out"));
  gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(page->brush_mute), GTK_TOGGLE_BUTTON(keep));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(keep), TRUE);
  gtk_box_append(GTK_BOX(modes), keep);
  gtk_box_append(GTK_BOX(modes), page->brush_mute);
  gtk_widget_add_css_class(modes, "linked");
  return modes;
}

GtkWidget *
mg_page_new_brush_bar(Page *page)
{
  GtkWidget *bar = page->brush_bar = mg_wrap_box_new(6);
  MgWrapBox *box = MG_WRAP_BOX(bar);
  GtkWidget *hint = gtk_label_new(_("Paint over a spectrogram"));
  gtk_widget_add_css_class(hint, "dim-label");
  gtk_label_set_ellipsize(GTK_LABEL(hint), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(GTK_LABEL(hint), 10); /* and what the line has left */
  gtk_widget_set_tooltip_text(hint, _("Paint over a spectrogram"));
  gtk_label_set_xalign(GTK_LABEL(hint), 0);
  gtk_widget_set_hexpand(hint, TRUE);
  gtk_widget_add_css_class(bar, "brush-bar");
  mg_wrap_box_append(box, hint);
  mg_wrap_box_append(box, new_modes(page));
  append_button(box, _("Play"), "explore.play-brushed", _("Hear it (Space)"));
  append_button(box, _("Save…"), "explore.save-part", _("Save what is heard as a WAV file"));
  append_button(box, _("Clear"), "explore.clear-brushed", _("Forget what was brushed"));
  g_signal_connect_object(page->tools, "changed", G_CALLBACK(follow_tools), page, G_CONNECT_SWAPPED);
  follow_tools(page);
  return bar;
}

void
mg_page_install_brush_actions(GtkWidgetClass *class)
{
  gtk_widget_class_install_action(class, "explore.note-brush", NULL, note);
  gtk_widget_class_install_action(class, "explore.play-brushed", NULL, play);
  gtk_widget_class_install_action(class, "explore.save-part", NULL, ask);
  gtk_widget_class_install_action(class, "explore.clear-brushed", NULL, clear);
}
