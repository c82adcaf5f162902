#include "ui/train/table-setup.h"
#include "ml/table-check.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/wrap-box.h"
#include <glib/gi18n.h>
#include <math.h>

typedef enum { FROM_TABLE, FROM_FEATURES, FROM_VECTORS } Source;

struct _MgTableSetup {
  AdwBin parent_instance;
  MgDatasetModel *dataset;
  MgRunList *runs;
  MgFeatureTable *table;
  gboolean together, filling;
  GtkWidget *source, *file, *file_text, *data, *run, *layout, *label, *group, *ignore, *facts, *problem;
  GtkWidget *suspects, *suspects_box, *duplicates, *duplicates_box, *together_button, *unnamed;
  GtkNativeDialog *dialog;
};

G_DEFINE_FINAL_TYPE(MgTableSetup, mg_table_setup, ADW_TYPE_BIN)

static guint changed_signal, together_signal;

static Source
source_of(MgTableSetup *setup)
{
  return gtk_drop_down_get_selected(GTK_DROP_DOWN(setup->source));
}

static MgRun *
chosen_run(MgTableSetup *setup)
{
  return gtk_drop_down_get_selected_item(GTK_DROP_DOWN(setup->run));
}

/* What was chosen. */

MgFeatureTable *
mg_table_setup_table(MgTableSetup *setup)
{
  return setup->table;
}

gboolean
mg_table_setup_is_of_sounds(MgTableSetup *setup)
{
  return source_of(setup) != FROM_TABLE;
}

gboolean
mg_table_setup_ready(MgTableSetup *setup)
{
  gboolean data = mg_dataset_model_state(setup->dataset) == MG_DATASET_READY;
  MgRun *run = chosen_run(setup);
  switch (source_of(setup)) {
  case FROM_TABLE:
    return mg_feature_table_samples(setup->table) != NULL;
  case FROM_FEATURES:
    return data;
  default:
    return data && run && mg_run_has_model(run);
  }
}

static void
add_option(GStrvBuilder *options, const char *option, const char *value)
{
  if (!value || !*value)
    return;
  g_strv_builder_add(options, option);
  g_strv_builder_add(options, value);
}

char **
mg_table_setup_options(MgTableSetup *setup)
{
  g_autoptr(GStrvBuilder) options = g_strv_builder_new();
  const MgImportOptions *import = mg_dataset_model_options(setup->dataset);
  if (source_of(setup) == FROM_TABLE) {
    add_option(options, "--table", mg_feature_table_path(setup->table));
    add_option(options, "--label", mg_feature_table_label(setup->table));
    add_option(options, "--group", mg_feature_table_group(setup->table));
    g_strv_builder_add(options, "--ignore");
    g_strv_builder_add(options, mg_feature_table_ignore(setup->table));
    return g_strv_builder_end(options);
  }
  add_option(options, "--dataset", mg_dataset_model_path(setup->dataset));
  add_option(options, "--label-from", import->label_from);
  add_option(options, "--group-from", import->group_from);
  add_option(options, "--fold-from", import->fold_from);
  if (source_of(setup) == FROM_VECTORS)
    add_option(options, "--embedding", mg_run_folder(chosen_run(setup)));
  return g_strv_builder_end(options);
}

char *
mg_table_setup_name(MgTableSetup *setup)
{
  gboolean sounds = mg_table_setup_is_of_sounds(setup);
  const char *path = sounds ? mg_dataset_model_path(setup->dataset) : mg_feature_table_path(setup->table);
  char *name = path ? g_path_get_basename(path) : g_strdup("table");
  if (g_str_has_suffix(name, ".csv"))
    name[strlen(name) - strlen(".csv")] = 0;
  return name;
}

/* Showing. */

static void
show_duplicates(MgTableSetup *setup)
{
  gsize n = mg_feature_table_duplicates(setup->table);
  g_autofree char *text =
      n == 0 ? NULL
      : setup->together
          ? g_strdup_printf(ngettext("%zu pair of rows is the same music, or nearly: it stays in one fold.",
                                     "%zu pairs of rows are the same music, or nearly: each stays in one "
                                     "fold.",
                                     n),
                            n)
          : g_strdup_printf(ngettext("%zu pair of rows is the same music, or nearly. In two folds it makes "
                                     "the figures pretend.",
                                     "%zu pairs of rows are the same music, or nearly. In two folds they "
                                     "make the figures pretend.",
                                     n),
                            n);
  mg_notice_set(setup->duplicates, setup->together ? MG_NOTICE_INFO : MG_NOTICE_WARNING, text);
  gtk_widget_set_visible(setup->duplicates_box, text != NULL && !mg_table_setup_is_of_sounds(setup));
  gtk_widget_set_visible(setup->together_button, !setup->together);
}

/* "length, fold" */
static char *
suspects_text(MgTableSetup *setup)
{
  const GArray *suspects = mg_feature_table_suspects(setup->table);
  const MgSamples *samples = mg_feature_table_samples(setup->table);
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; suspects && i < suspects->len; i++) {
    const MgSuspect *suspect = &g_array_index(suspects, MgSuspect, i);
    g_string_append_printf(names, "%s%s", i ? ", " : "", (const char *)samples->columns->pdata[suspect->column]);
    if (!isnan(suspect->share))
      g_string_append_printf(names, _(" (tells the class of %.0f %% of the rows by itself)"), 100 * suspect->share);
  }
  return names->len ? g_strdup_printf(_("May give the class away: %s."), names->str) : NULL;
}

static void
show_warnings(MgTableSetup *setup)
{
  gboolean table = !mg_table_setup_is_of_sounds(setup);
  g_autofree char *suspects = suspects_text(setup);
  mg_notice_set(setup->suspects, MG_NOTICE_WARNING, suspects);
  gtk_widget_set_visible(setup->suspects_box, table && suspects);
  show_duplicates(setup);
  gboolean unnamed = table && mg_feature_table_samples(setup->table) && !mg_feature_table_names_tracks(setup->table);
  mg_notice_set(setup->unnamed, MG_NOTICE_WARNING,
                unnamed
                    ? _("No column names the tracks. Where pieces of one track are in several rows, folds leak and the "
                        "figures pretend.")
                    : NULL);
}

static char *
facts_of(MgTableSetup *setup)
{
  const MgSamples *samples = mg_feature_table_samples(setup->table);
  if (source_of(setup) == FROM_TABLE && mg_feature_table_state(setup->table) == MG_TABLE_READING)
    return g_strdup(_("Reading the table…"));
  if (source_of(setup) == FROM_TABLE)
    return samples ? g_strdup_printf(_("%zu rows · %u columns · %u classes"), samples->x->rows, samples->columns->len,
                                     samples->labels->len)
                   : g_strdup("");
  if (mg_dataset_model_state(setup->dataset) != MG_DATASET_READY)
    return g_strdup("");
  return g_strdup_printf(_("%zu classes, %u tracks"), mg_dataset_model_n_classes(setup->dataset),
                         mg_dataset_model_manifest(setup->dataset)->tracks->len);
}

static void
select_text(GtkWidget *drop_down, const char *text)
{
  GListModel *texts = gtk_drop_down_get_model(GTK_DROP_DOWN(drop_down));
  for (guint i = 0; i < g_list_model_get_n_items(texts); i++)
    if (g_strcmp0(gtk_string_list_get_string(GTK_STRING_LIST(texts), i), text) == 0)
      gtk_drop_down_set_selected(GTK_DROP_DOWN(drop_down), i);
}

static void
fill_list(GtkWidget *drop_down, const char *first, const char *const *rest, const char *selected)
{
  g_autoptr(GtkStringList) texts = gtk_string_list_new(NULL);
  if (first)
    gtk_string_list_append(texts, first);
  for (; *rest; rest++)
    gtk_string_list_append(texts, *rest);
  gtk_drop_down_set_model(GTK_DROP_DOWN(drop_down), G_LIST_MODEL(texts));
  select_text(drop_down, selected ? selected : first);
}

static void
show_layout(MgTableSetup *setup)
{
  setup->filling = TRUE;
  fill_list(setup->label, NULL, mg_feature_table_header(setup->table), mg_feature_table_label(setup->table));
  fill_list(setup->group, _("none"), mg_feature_table_texts(setup->table), mg_feature_table_group(setup->table));
  if (!gtk_widget_has_focus(setup->ignore))
    gtk_editable_set_text(GTK_EDITABLE(setup->ignore), mg_feature_table_ignore(setup->table));
  setup->filling = FALSE;
}

static void
show(MgTableSetup *setup)
{
  if (!setup->table)
    return;
  Source source = source_of(setup);
  const char *path = mg_feature_table_path(setup->table), *data = mg_dataset_model_path(setup->dataset);
  g_autofree char *file = path ? g_path_get_basename(path) : g_strdup(_("Choose a table…"));
  g_autofree char *folder = data ? g_path_get_basename(data) : g_strdup(_("Choose data…"));
  g_autofree char *facts = facts_of(setup);
  gboolean failed = source == FROM_TABLE && mg_feature_table_state(setup->table) == MG_TABLE_FAILED;
  gtk_label_set_text(GTK_LABEL(setup->file_text), file);
  gtk_button_set_label(GTK_BUTTON(setup->data), folder);
  gtk_widget_set_visible(setup->file, source == FROM_TABLE);
  gtk_widget_set_visible(setup->data, source != FROM_TABLE);
  gtk_widget_set_visible(setup->run, source == FROM_VECTORS);
  gtk_widget_set_visible(setup->layout, source == FROM_TABLE && *mg_feature_table_header(setup->table));
  gtk_label_set_text(GTK_LABEL(setup->facts), facts);
  mg_notice_set(setup->problem, MG_NOTICE_ERROR, failed ? mg_feature_table_message(setup->table) : NULL);
  show_warnings(setup);
  g_signal_emit(setup, changed_signal, 0);
}

static void
on_table_changed(MgTableSetup *setup)
{
  show_layout(setup);
  show(setup);
}

/* Choosing. */

static void
on_layout(MgTableSetup *setup)
{
  GtkStringObject *label = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(setup->label));
  GtkStringObject *group = gtk_drop_down_get_selected_item(GTK_DROP_DOWN(setup->group));
  gboolean grouped = gtk_drop_down_get_selected(GTK_DROP_DOWN(setup->group)) > 0;
  if (setup->filling || !label)
    return;
  /* The lists are made anew while the table is read again: their texts go. */
  g_autofree char *name = g_strdup(gtk_string_object_get_string(label));
  g_autofree char *tracks = group && grouped ? g_strdup(gtk_string_object_get_string(group)) : NULL;
  g_autofree char *ignore = g_strdup(gtk_editable_get_text(GTK_EDITABLE(setup->ignore)));
  mg_feature_table_set_layout(setup->table, name, tracks, ignore);
}

static void
leave_out(MgTableSetup *setup)
{
  const GArray *suspects = mg_feature_table_suspects(setup->table);
  const MgSamples *samples = mg_feature_table_samples(setup->table);
  g_autoptr(GString) ignore = g_string_new(mg_feature_table_ignore(setup->table));
  for (guint i = 0; suspects && i < suspects->len; i++)
    g_string_append_printf(ignore, "%s%s", ignore->len ? "," : "",
                           (const char *)samples->columns->pdata[g_array_index(suspects, MgSuspect, i).column]);
  gtk_editable_set_text(GTK_EDITABLE(setup->ignore), ignore->str);
  on_layout(setup);
}

static void
keep_together(MgTableSetup *setup)
{
  g_signal_emit(setup, together_signal, 0);
}

void
mg_table_setup_show_together(MgTableSetup *setup, gboolean together)
{
  setup->together = together;
  show_duplicates(setup);
}

static void
on_file(GtkNativeDialog *dialog, int response, MgTableSetup *setup)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  if (path)
    mg_feature_table_open(setup->table, path);
  g_clear_object(&setup->dialog);
}

static void
ask_for_file(MgTableSetup *setup)
{
  if (setup->dialog)
    return;
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new(_("Choose a table of features"), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(setup))),
                                  GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
  gtk_file_filter_set_name(filter, _("CSV tables"));
  gtk_file_filter_add_suffix(filter, "csv");
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(dialog), filter);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_signal_connect(dialog, "response", G_CALLBACK(on_file), setup);
  setup->dialog = GTK_NATIVE_DIALOG(dialog);
  gtk_native_dialog_show(setup->dialog);
}

/* Building. */

static void
name_control(GtkWidget *widget, const char *name)
{
  gtk_widget_set_tooltip_text(widget, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
new_labelled(const char *text, GtkWidget *control)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *label = gtk_label_new(text);
  gtk_widget_add_css_class(label, "dim-label");
  gtk_accessible_update_property(GTK_ACCESSIBLE(control), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_box_append(GTK_BOX(box), label);
  gtk_box_append(GTK_BOX(box), control);
  return box;
}

static GtkWidget *
new_layout(MgTableSetup *setup)
{
  GtkWidget *box = mg_wrap_box_new(12), *left_out;
  setup->label = gtk_drop_down_new(NULL, NULL);
  setup->group = gtk_drop_down_new(NULL, NULL);
  setup->ignore = gtk_entry_new();
  gtk_editable_set_width_chars(GTK_EDITABLE(setup->ignore), 14);
  gtk_widget_set_hexpand(setup->ignore, TRUE);
  gtk_widget_set_tooltip_text(setup->label, _("Column that names the class"));
  gtk_widget_set_tooltip_text(setup->group, _("Column that names the track: its rows stay in one fold"));
  gtk_widget_set_tooltip_text(setup->ignore, _("Columns that are no features, separated by commas; Enter takes them"));
  g_signal_connect_swapped(setup->label, "notify::selected", G_CALLBACK(on_layout), setup);
  g_signal_connect_swapped(setup->group, "notify::selected", G_CALLBACK(on_layout), setup);
  g_signal_connect_swapped(setup->ignore, "activate", G_CALLBACK(on_layout), setup);
  mg_wrap_box_append(MG_WRAP_BOX(box), new_labelled(_("Class"), setup->label));
  mg_wrap_box_append(MG_WRAP_BOX(box), new_labelled(_("Tracks"), setup->group));
  left_out = new_labelled(_("Left out"), setup->ignore);
  gtk_widget_set_hexpand(left_out, TRUE);
  mg_wrap_box_append(MG_WRAP_BOX(box), left_out);
  return setup->layout = box;
}

static char *
run_name(MgRun *run)
{
  return g_strdup(mg_run_name(run));
}

static GtkWidget *
new_source(MgTableSetup *setup)
{
  GtkWidget *box = mg_wrap_box_new(6), *file = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  const char *const sources[] = {_("Table"), _("Features of the data set"), _("Vectors of a network"), NULL};
  GtkExpression *name = gtk_cclosure_expression_new(G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK(run_name), NULL, NULL);
  setup->source = gtk_drop_down_new_from_strings(sources);
  setup->file = gtk_button_new();
  setup->file_text = gtk_label_new(NULL);
  gtk_label_set_ellipsize(GTK_LABEL(setup->file_text), PANGO_ELLIPSIZE_MIDDLE);
  gtk_box_append(GTK_BOX(file), gtk_image_new_from_icon_name("x-office-spreadsheet-symbolic"));
  gtk_box_append(GTK_BOX(file), setup->file_text);
  gtk_button_set_child(GTK_BUTTON(setup->file), file);
  setup->data = gtk_button_new();
  gtk_actionable_set_action_name(GTK_ACTIONABLE(setup->data), "win.page");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(setup->data), "s", "dataset");
  setup->run = gtk_drop_down_new(g_object_ref(G_LIST_MODEL(setup->runs)), name);
  setup->facts = mg_figure_label_new(0);
  gtk_widget_add_css_class(setup->facts, "dim-label");
  gtk_label_set_ellipsize(GTK_LABEL(setup->facts), PANGO_ELLIPSIZE_END);
  name_control(setup->source, _("What is learned from"));
  name_control(setup->file, _("Choose a table of features"));
  name_control(setup->data, _("Choose other data on the Dataset page"));
  name_control(setup->run, _("Run whose network makes the vectors"));
  g_signal_connect_swapped(setup->source, "notify::selected", G_CALLBACK(show), setup);
  g_signal_connect_swapped(setup->run, "notify::selected", G_CALLBACK(show), setup);
  g_signal_connect_swapped(setup->file, "clicked", G_CALLBACK(ask_for_file), setup);
  GtkWidget *const parts[] = {setup->source, setup->file, setup->data, setup->run, setup->facts};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    mg_wrap_box_append(MG_WRAP_BOX(box), parts[i]);
  return box;
}

/* A warning with what to do about it. */
static GtkWidget *
new_warning(MgTableSetup *setup, GtkWidget **notice, const char *text, const char *tooltip, GCallback act,
            GtkWidget **button)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  *notice = mg_notice_new();
  *button = mg_button_new(NULL, text, tooltip);
  gtk_widget_set_hexpand(*notice, TRUE);
  gtk_widget_set_valign(*notice, GTK_ALIGN_CENTER);
  gtk_widget_set_valign(*button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped(*button, "clicked", act, setup);
  gtk_box_append(GTK_BOX(box), *notice);
  gtk_box_append(GTK_BOX(box), *button);
  return box;
}

static void
mg_table_setup_dispose(GObject *object)
{
  MgTableSetup *setup = MG_TABLE_SETUP(object);
  setup->filling = TRUE;
  g_clear_object(&setup->dialog);
  if (setup->table)
    g_signal_handlers_disconnect_by_data(setup->table, setup);
  if (setup->dataset)
    g_signal_handlers_disconnect_by_data(setup->dataset, setup);
  g_clear_object(&setup->table);
  g_clear_object(&setup->runs);
  g_clear_object(&setup->dataset);
  G_OBJECT_CLASS(mg_table_setup_parent_class)->dispose(object);
}

static void
mg_table_setup_class_init(MgTableSetupClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = mg_table_setup_dispose;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  together_signal =
      g_signal_new("keep-together", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_table_setup_init(MgTableSetup *setup)
{
  setup->table = mg_feature_table_new();
}

GtkWidget *
mg_table_setup_new(MgDatasetModel *dataset, MgRunList *runs)
{
  MgTableSetup *setup = g_object_new(MG_TYPE_TABLE_SETUP, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *unused;
  setup->dataset = g_object_ref(dataset);
  setup->runs = g_object_ref(runs);
  gtk_box_append(GTK_BOX(box), new_source(setup));
  gtk_box_append(GTK_BOX(box), new_layout(setup));
  setup->problem = mg_notice_new();
  setup->unnamed = mg_notice_new();
  setup->suspects_box = new_warning(setup, &setup->suspects, _("_Leave them out"), _("They are no features then"),
                                    G_CALLBACK(leave_out), &unused);
  setup->duplicates_box = new_warning(setup, &setup->duplicates, _("_Keep together"), _("In one fold each"),
                                      G_CALLBACK(keep_together), &setup->together_button);
  GtkWidget *const parts[] = {setup->problem, setup->suspects_box, setup->duplicates_box, setup->unnamed};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(box), parts[i]);
  adw_bin_set_child(ADW_BIN(setup), box);
  g_signal_connect_swapped(setup->table, "changed", G_CALLBACK(on_table_changed), setup);
  g_signal_connect_swapped(setup->dataset, "changed", G_CALLBACK(show), setup);
  show(setup);
  return GTK_WIDGET(setup);
}
