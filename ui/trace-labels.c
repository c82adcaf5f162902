#include "ui/trace-labels.h"
#include "ui/trace.h"
#include "ui/widgets/elastic.h"
#include <stdio.h>

typedef struct {
  GtkWidget *root;
  GString *clipped, *wide; /* JSON strings */
  guint looked_at;
} Search;

static void
append_json(GString *json, const char *text)
{
  g_string_append(json, json->len ? ", \"" : "\"");
  for (; *text; text = g_utf8_next_char(text)) {
    gunichar c = g_utf8_get_char(text);
    if (c == '"' || c == '\\')
      g_string_append_c(json, '\\');
    if (c >= ' ')
      g_string_append_unichar(json, c);
  }
  g_string_append_c(json, '"');
}

/* What is cut short is to be read where the pointer rests: on the label, or on the control or cell around it. */
static gboolean
has_tooltip(GtkWidget *label)
{
  int most = 4; /* levels of a control */
  for (GtkWidget *at = label; at && most > 0; at = gtk_widget_get_parent(at), most--)
    if (gtk_widget_get_has_tooltip(at))
      return TRUE;
  return FALSE;
}

/* Scrolled out of sight is not lost. */
static gboolean
scrolls(GtkWidget *label)
{
  GtkWidget *scroller = gtk_widget_get_ancestor(label, GTK_TYPE_SCROLLED_WINDOW);
  GtkPolicyType across = GTK_POLICY_NEVER;
  if (scroller)
    gtk_scrolled_window_get_policy(GTK_SCROLLED_WINDOW(scroller), &across, NULL);
  return across != GTK_POLICY_NEVER;
}

static gboolean
leaves_window(const Search *search, GtkWidget *label)
{
  double x, y, width = gtk_widget_get_width(label);
  if (!gtk_widget_translate_coordinates(label, search->root, 0, 0, &x, &y))
    return FALSE;
  return !scrolls(label) && (x < -1 || x + width > gtk_widget_get_width(search->root) + 1);
}

/* Text that is wider than its place, and does not say so by an ellipsis. */
static gboolean
is_squeezed(GtkLabel *label)
{
  int width, height;
  pango_layout_get_pixel_size(gtk_label_get_layout(label), &width, &height);
  return !gtk_label_get_wrap(label) && width > gtk_widget_get_width(GTK_WIDGET(label)) + 2;
}

/* The window cuts off what is wider than its place, or lets it be scrolled sideways; nobody looks for it there. */
static void
look_at_width(Search *search, GtkWidget *widget)
{
  gboolean scrolls = g_str_equal(gtk_widget_get_name(widget), MG_PAGE_SCROLLER);
  GtkWidget *child = scrolls                 ? gtk_scrolled_window_get_child(GTK_SCROLLED_WINDOW(widget))
                     : MG_IS_ELASTIC(widget) ? adw_bin_get_child(ADW_BIN(widget))
                                             : NULL;
  int place = gtk_widget_get_width(widget), least = 0;
  if (!child)
    return;
  gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  if (least <= place)
    return;
  g_autofree char *text = g_strdup_printf("%d pixels in a place of %d", least, place);
  append_json(search->wide, text);
}

static void
look(Search *search, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped(widget) || !gtk_widget_get_child_visible(widget))
    return;
  look_at_width(search, widget);
  if (GTK_IS_LABEL(widget) && *gtk_label_get_text(GTK_LABEL(widget))) {
    gboolean cut = pango_layout_is_ellipsized(gtk_label_get_layout(GTK_LABEL(widget))) && !has_tooltip(widget);
    search->looked_at++;
    if (cut || is_squeezed(GTK_LABEL(widget)) || leaves_window(search, widget))
      append_json(search->clipped, gtk_label_get_text(GTK_LABEL(widget)));
  }
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    look(search, child);
}

char *
mg_trace_labels_find(GtkWidget *window)
{
  g_autoptr(GString) clipped = g_string_new(NULL), wide = g_string_new(NULL);
  Search search = {.root = window, .clipped = clipped, .wide = wide};
  look(&search, window);
  return g_strdup_printf("{\"event\": \"labels\", \"labels\": %u, \"clipped\": [%s], \"wide\": [%s]}", search.looked_at,
                         clipped->str, wide->str);
}

static gboolean
tell(GtkWidget *window, GVariant *arguments, gpointer data)
{
  g_autofree char *line = mg_trace_labels_find(window);
  fprintf(stderr, "%s\n", line);
  return TRUE;
}

static void
watch(GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new();
  gtk_shortcut_controller_add_shortcut(
      GTK_SHORTCUT_CONTROLLER(keys),
      gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_F12, GDK_CONTROL_MASK | GDK_SHIFT_MASK),
                       gtk_callback_action_new(tell, NULL, NULL)));
  gtk_shortcut_controller_set_scope(GTK_SHORTCUT_CONTROLLER(keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_widget_add_controller(window, keys);
}

static void
watch_new(GListModel *windows, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++) {
    g_autoptr(GtkWidget) window = g_list_model_get_item(windows, i);
    watch(window);
  }
}

void
mg_trace_labels_watch(void)
{
  GListModel *windows = gtk_window_get_toplevels();
  if (!mg_trace_on())
    return;
  g_signal_connect(windows, "items-changed", G_CALLBACK(watch_new), NULL);
  watch_new(windows, 0, 0, g_list_model_get_n_items(windows));
}
