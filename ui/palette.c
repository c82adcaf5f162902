#include "ui/palette.h"
#include "dsp/feature.h"
#include "session/pane.h"
#include "ui/pages.h"
#include "ui/widgets/drawing.h"
#include <glib/gi18n.h>

const MgCommandLine mg_palette_commands[] = {
    {N_("Add sound files"), "win.open", NULL, NULL},
    {N_("Add a folder"), "win.add-folder", NULL, NULL},
    {N_("Classify sound files"), "win.classify", NULL, NULL},
    {N_("Open a workspace"), "win.open-workspace", NULL, NULL},
    {N_("Play and stop"), "win.play", NULL, "space"},
    {N_("Pause"), "win.pause", NULL, "p"},
    {N_("Loop the selection"), "win.loop", NULL, "l"},
    {N_("Record"), "win.record", NULL, "r"},
    {N_("To the start"), "win.to-start", NULL, NULL},
    {N_("Mark this moment of the recording"), "win.mark-recording", NULL, "m"},
    {N_("Go on recording elsewhere"), "win.record-elsewhere", NULL, NULL},
    {N_("Record the 5 s before the start, too"), "win.pre-roll", NULL, NULL},
    {N_("Undo"), "win.undo", NULL, NULL},
    {N_("Redo"), "win.redo", NULL, NULL},
    {N_("Show or hide the library"), "win.library", NULL, NULL},
    {N_("Show or hide the parameters"), "win.parameters", NULL, NULL},
    {N_("Present the page on the whole screen"), "win.present", NULL, NULL},
    {N_("Preferences"), "win.preferences", NULL, NULL},
    {N_("Help"), "win.help", NULL, NULL},
    {N_("Keys and mouse"), "win.show-help-overlay", NULL, NULL},
    {N_("About Melograph"), "app.about", NULL, NULL},
    {N_("Quit"), "app.quit", NULL, NULL},
    {N_("Style: as the system has it"), "app.style", "system", NULL},
    {N_("Style: light"), "app.style", "light", NULL},
    {N_("Style: dark"), "app.style", "dark", NULL},
    {N_("Select time"), "hand.tool", "time", "1"},
    {N_("Select time and frequency"), "hand.tool", "box", "2"},
    {N_("Move the picture"), "hand.tool", "pan", "3"},
    {N_("Measure, with harmonics"), "hand.tool", "measure", "4"},
    {N_("Brush: hear a region"), "hand.tool", "brush", "5"},
    {N_("Fit all"), "explore.fit", NULL, "<Control>f"},
    {N_("Zoom to the selection"), "explore.zoom-selection", NULL, "<Control>e"},
    {N_("Clear the selection"), "explore.clear", NULL, "Escape"},
    {N_("Label the selection"), "explore.add-label", NULL, "<Control>b"},
    {N_("Import labels"), "explore.import-labels", NULL, NULL},
    {N_("Export labels"), "explore.export-labels", NULL, NULL},
    {N_("Next label"), "explore.next-label", NULL, "b"},
    {N_("Former label"), "explore.former-label", NULL, "<Shift>b"},
    {N_("Next onset"), "explore.next-onset", NULL, "n"},
    {N_("Former onset"), "explore.former-onset", NULL, "<Shift>n"},
    {N_("Next loud place"), "explore.next-loud", NULL, "m"},
    {N_("Former loud place"), "explore.former-loud", NULL, "<Shift>m"},
    {N_("Add a pane"), "explore.pane-menu", NULL, "a"},
    {N_("Spectrum at the cursor"), "explore.spectrum", NULL, "s"},
    {N_("Find similar places"), "explore.find-similar", NULL, "<Shift>s"},
    {N_("Save the selected band"), "explore.save-part", NULL, NULL},
    {N_("Play what was brushed"), "explore.play-brushed", NULL, NULL},
    {N_("Clear what was brushed"), "explore.clear-brushed", NULL, NULL},
    {N_("Several n_mels side by side"), "explore.gallery", "n_mels", NULL},
    {N_("Several n_fft side by side"), "explore.gallery", "n_fft", NULL},
    {N_("Keep the panes as a layout"), "explore.keep-layout", NULL, NULL},
    {N_("Read the file again"), "explore.reload", NULL, NULL},
    {N_("The usual panes"), "explore.reset-panes", NULL, NULL},
    {N_("Copy the values under the pointer"), "explore.copy-values", NULL, NULL},
    {N_("Copy the picture"), "explore.copy", NULL, "<Control>c"},
    {N_("Export the picture"), "explore.export", NULL, NULL},
    {N_("Give the selected tracks a class"), "tracks.class", NULL, NULL},
    {N_("Exclude the selected tracks"), "tracks.exclude", NULL, "Delete"},
    {N_("Accept what is suggested for the selected tracks"), "tracks.accept", NULL, "Return"},
    {N_("Rename or merge the class"), "classes.rename", NULL, NULL},
    {N_("Train on this data set"), "dataset.train", NULL, NULL},
    {N_("Export the table of segments"), "results.export", NULL, NULL},
    {N_("Mark the moment"), "live.mark", NULL, "m"},
    {N_("Play the lesson’s sound"), "learn.play", NULL, NULL},
    {N_("All lessons"), "learn.back", NULL, NULL},
    {N_("Next lesson"), "learn.next", NULL, "Page_Down"},
    {N_("Former lesson"), "learn.previous", NULL, "Page_Up"},
    {N_("Copy the lesson to change it"), "learn.copy", NULL, NULL},
    {N_("Hand out the workspace"), "learn.hand-out", NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

/* A row of the list. */
typedef struct {
  char *title, *action, *target, *keys;
} Choice;

typedef struct {
  GtkWidget *window, *search, *list, *none;
  GPtrArray *choices; /* Choice * */
  void (*run)(const char *, const char *, gpointer);
  gpointer data;
} Palette;

static void
free_choice(gpointer data)
{
  Choice *choice = data;
  g_free(choice->title);
  g_free(choice->action);
  g_free(choice->target);
  g_free(choice->keys);
  g_free(choice);
}

static void
free_palette(gpointer data)
{
  g_ptr_array_unref(((Palette *)data)->choices);
  g_free(data);
}

/* Letters from `at` on that are wanted and follow one another count 3, the first of a word 4, others 1. */
int
mg_palette_score(const char *text, const char *wanted)
{
  g_autofree char *folded = g_utf8_casefold(text, -1), *letters = g_utf8_casefold(wanted, -1);
  const char *at = folded;
  gboolean follows = FALSE, begins = TRUE;
  int score = 0;
  for (const char *letter = letters; *letter; letter = g_utf8_next_char(letter)) {
    gunichar c = g_utf8_get_char(letter);
    if (g_unichar_isspace(c))
      continue;
    for (follows = at != folded; *at && g_utf8_get_char(at) != c; at = g_utf8_next_char(at)) {
      begins = !g_unichar_isalnum(g_utf8_get_char(at));
      follows = FALSE;
    }
    if (!*at)
      return -1;
    score += begins ? 4 : follows ? 3 : 1;
    begins = FALSE;
    at = g_utf8_next_char(at);
  }
  return score;
}

static void
add_choice(GPtrArray *choices, char *title, const char *action, const char *target, const char *keys)
{
  Choice *choice = g_new0(Choice, 1);
  *choice = (Choice){title, g_strdup(action), g_strdup(target), g_strdup(keys)};
  g_ptr_array_add(choices, choice);
}

/* The accelerator that the application has for an action, else the command's own. */
static char *
keys_of(const MgCommandLine *command)
{
  GtkApplication *application = GTK_APPLICATION(g_application_get_default());
  g_auto(GStrv) accels = application ? gtk_application_get_accels_for_action(application, command->action) : NULL;
  return accels && *accels ? g_strdup(*accels) : g_strdup(command->keys);
}

static GPtrArray *
new_choices(void)
{
  GPtrArray *choices = g_ptr_array_new_with_free_func(free_choice);
  guint number = 1;
  for (const MgPage *const *page = mg_pages; *page; page++) {
    g_autofree char *keys = g_strdup_printf("<Control>%u", number++);
    add_choice(choices, g_strdup_printf(_("Go to %s"), _((*page)->title)), "win.page", (*page)->name, keys);
  }
  for (const MgCommandLine *command = mg_palette_commands; command->title; command++) {
    g_autofree char *keys = keys_of(command);
    add_choice(choices, g_strdup(_(command->title)), command->action, command->target, keys);
  }
  for (const MgFeature *const *feature = mg_features(); *feature; feature++)
    if (mg_pane_can_show(*feature))
      add_choice(choices, g_strdup_printf(_("Add a pane: %s"), _((*feature)->title)), "explore.add-pane",
                 (*feature)->name, NULL);
  return choices;
}

static const char *
wanted(Palette *palette)
{
  return gtk_editable_get_text(GTK_EDITABLE(palette->search));
}

static Choice *
choice_of(GtkListBoxRow *row)
{
  return g_object_get_data(G_OBJECT(row), "choice");
}

static gboolean
is_wanted(GtkListBoxRow *row, gpointer data)
{
  return mg_palette_score(choice_of(row)->title, wanted(data)) >= 0;
}

static int
compare(GtkListBoxRow *a, GtkListBoxRow *b, gpointer data)
{
  return mg_palette_score(choice_of(b)->title, wanted(data)) - mg_palette_score(choice_of(a)->title, wanted(data));
}

static GtkListBoxRow *
first_row(Palette *palette)
{
  for (int i = 0;; i++) {
    GtkListBoxRow *row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(palette->list), i);
    if (!row || gtk_widget_get_child_visible(GTK_WIDGET(row)))
      return row;
  }
}

static void
on_search(GtkSearchEntry *entry, Palette *palette)
{
  gtk_list_box_invalidate_filter(GTK_LIST_BOX(palette->list));
  gtk_list_box_invalidate_sort(GTK_LIST_BOX(palette->list));
  gtk_list_box_select_row(GTK_LIST_BOX(palette->list), first_row(palette));
}

/* The window goes first, so that what follows is done in the one below. */
static void
run_choice(Palette *palette, GtkListBoxRow *row)
{
  if (!row)
    return;
  const Choice *choice = choice_of(row);
  g_autofree char *action = g_strdup(choice->action), *target = g_strdup(choice->target);
  void (*run)(const char *, const char *, gpointer) = palette->run;
  gpointer data = palette->data;
  gtk_window_destroy(GTK_WINDOW(palette->window));
  run(action, target, data);
}

static void
on_row(GtkListBox *list, GtkListBoxRow *row, Palette *palette)
{
  run_choice(palette, row);
}

static void
on_enter(GtkSearchEntry *entry, Palette *palette)
{
  run_choice(palette, gtk_list_box_get_selected_row(GTK_LIST_BOX(palette->list)));
}

/* Up and down move through the list while the hand writes. */
static gboolean
on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, Palette *palette)
{
  int step = key == GDK_KEY_Down ? 1 : key == GDK_KEY_Up ? -1 : 0;
  GtkListBoxRow *row = gtk_list_box_get_selected_row(GTK_LIST_BOX(palette->list));
  if (step == 0)
    return FALSE;
  for (int i = row ? gtk_list_box_row_get_index(row) + step : 0; i >= 0; i += step) {
    GtkListBoxRow *next = gtk_list_box_get_row_at_index(GTK_LIST_BOX(palette->list), i);
    if (!next)
      return TRUE;
    if (!gtk_widget_get_child_visible(GTK_WIDGET(next)))
      continue;
    gtk_list_box_select_row(GTK_LIST_BOX(palette->list), next);
    gtk_widget_grab_focus(GTK_WIDGET(next));
    gtk_widget_grab_focus(palette->search);
    gtk_editable_set_position(GTK_EDITABLE(palette->search), -1);
    return TRUE;
  }
  return TRUE;
}

static GtkWidget *
new_row(const Choice *choice)
{
  GtkWidget *row = gtk_list_box_row_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new(choice->title);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_label_set_ellipsize(GTK_LABEL(title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text(title, choice->title);
  gtk_widget_set_hexpand(title, TRUE);
  gtk_box_append(GTK_BOX(box), title);
  if (choice->keys)
    gtk_box_append(GTK_BOX(box), gtk_shortcut_label_new(choice->keys));
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  gtk_widget_set_margin_top(box, 6);
  gtk_widget_set_margin_bottom(box, 6);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, choice->title, -1);
  g_object_set_data(G_OBJECT(row), "choice", (gpointer)choice);
  return row;
}

static GtkWidget *
new_content(Palette *palette)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *scroller = gtk_scrolled_window_new();
  gtk_widget_set_margin_start(palette->search, 12);
  gtk_widget_set_margin_end(palette->search, 12);
  gtk_widget_set_margin_top(palette->search, 12);
  gtk_widget_set_margin_bottom(palette->search, 12);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), palette->list);
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_box_append(GTK_BOX(box), palette->search);
  gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append(GTK_BOX(box), scroller);
  return box;
}

GtkWidget *
mg_palette_new(GtkWindow *parent, void (*run)(const char *, const char *, gpointer), gpointer data)
{
  Palette *palette = g_new0(Palette, 1);
  GtkEventController *keys = gtk_event_controller_key_new();
  *palette = (Palette){.window = adw_window_new(),
                       .search = gtk_search_entry_new(),
                       .list = gtk_list_box_new(),
                       .choices = new_choices(),
                       .run = run,
                       .data = data};
  gtk_window_set_title(GTK_WINDOW(palette->window), _("Commands"));
  gtk_window_set_transient_for(GTK_WINDOW(palette->window), parent);
  gtk_window_set_modal(GTK_WINDOW(palette->window), TRUE);
  mg_window_set_size(GTK_WINDOW(palette->window), 520, 420);
  gtk_list_box_set_filter_func(GTK_LIST_BOX(palette->list), is_wanted, palette, NULL);
  gtk_list_box_set_sort_func(GTK_LIST_BOX(palette->list), compare, palette, NULL);
  gtk_list_box_set_placeholder(GTK_LIST_BOX(palette->list), gtk_label_new(_("Nothing is called like this")));
  gtk_accessible_update_property(GTK_ACCESSIBLE(palette->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Commands"), -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(palette->search), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Find a command"),
                                 -1);
  for (guint i = 0; i < palette->choices->len; i++)
    gtk_list_box_append(GTK_LIST_BOX(palette->list), new_row(palette->choices->pdata[i]));
  adw_window_set_content(ADW_WINDOW(palette->window), new_content(palette));
  g_signal_connect(palette->search, "search-changed", G_CALLBACK(on_search), palette);
  g_signal_connect(palette->search, "activate", G_CALLBACK(on_enter), palette);
  g_signal_connect_swapped(palette->search, "stop-search", G_CALLBACK(gtk_window_destroy), palette->window);
  g_signal_connect(palette->list, "row-activated", G_CALLBACK(on_row), palette);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), palette);
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller(palette->window, keys);
  g_object_set_data_full(G_OBJECT(palette->window), "palette", palette, free_palette);
  gtk_list_box_select_row(GTK_LIST_BOX(palette->list), first_row(palette));
  return palette->window;
}
