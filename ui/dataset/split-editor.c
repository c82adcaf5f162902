#include "ui/dataset/split-editor.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/wrap-box.h"
#include "ui/window.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

/* The ways, in the order of the list. */
enum { BY_RATIO, BY_FOLD, BY_COLUMN };

typedef struct {
  GtkWidget *box, *way, *ratios, *share[3], *folds, *test, *validate, *seed;
  MgDatasetModel *model;
  GArray *numbers; /* int: folds that there are */
  gboolean following;
} Editor;

static void
free_editor(gpointer data)
{
  Editor *editor = data;
  g_signal_handlers_disconnect_by_data(editor->model, editor);
  g_object_unref(editor->model);
  g_array_unref(editor->numbers);
  g_free(editor);
}

/* Hands to parameters */

/* validate's list begins with "a tenth of the rest". */
static char *
fold_text(Editor *editor)
{
  guint test = gtk_drop_down_get_selected(GTK_DROP_DOWN(editor->test));
  guint validate = gtk_drop_down_get_selected(GTK_DROP_DOWN(editor->validate));
  if (test >= editor->numbers->len)
    return NULL;
  int tested = g_array_index(editor->numbers, int, test);
  if (validate == 0 || validate > editor->numbers->len)
    return g_strdup_printf("fold:test=%d", tested);
  int validated = g_array_index(editor->numbers, int, validate - 1);
  return validated == tested ? NULL : g_strdup_printf("fold:test=%d,val=%d", tested, validated);
}

static char *
text_of(Editor *editor)
{
  switch (gtk_drop_down_get_selected(GTK_DROP_DOWN(editor->way))) {
  case BY_FOLD:
    return fold_text(editor);
  case BY_COLUMN:
    return g_strdup("column");
  default: {
    int parts[3];
    for (int i = 0; i < 3; i++)
      parts[i] = gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(editor->share[i]));
    return parts[0] ? g_strdup_printf("%d:%d:%d", parts[0], parts[1], parts[2]) : NULL;
  }
  }
}

static void
show_parts(Editor *editor)
{
  guint way = gtk_drop_down_get_selected(GTK_DROP_DOWN(editor->way));
  gtk_widget_set_visible(editor->ratios, way == BY_RATIO);
  gtk_widget_set_visible(editor->folds, way == BY_FOLD);
}

static void
on_changed(Editor *editor)
{
  show_parts(editor);
  if (editor->following)
    return;
  g_autofree char *text = text_of(editor);
  g_autofree char *seed = g_strdup_printf("%d", gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(editor->seed)));
  g_autoptr(GError) error = NULL;
  if ((text && !mg_dataset_model_set(editor->model, "split", text, &error)) ||
      (!error && !mg_dataset_model_set(editor->model, "seed", seed, &error)))
    mg_window_toast(editor->box, error->message);
}

/* Parameters to hands */

static int
compare_folds(gconstpointer a, gconstpointer b)
{
  return *(const int *)a - *(const int *)b;
}

static void
read_folds(Editor *editor)
{
  const MgManifest *manifest = mg_dataset_model_manifest(editor->model);
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  g_array_set_size(editor->numbers, 0);
  for (guint i = 0; manifest && i < manifest->tracks->len; i++) {
    int fold = mg_manifest_track(manifest, i)->fold;
    if (fold >= 0 && g_hash_table_add(seen, GINT_TO_POINTER(fold + 1)))
      g_array_append_val(editor->numbers, fold);
  }
  g_array_sort(editor->numbers, compare_folds);
}

static void
list_folds(Editor *editor)
{
  g_autoptr(GtkStringList) tested = gtk_string_list_new(NULL);
  const char *const first[] = {_("a tenth of the rest"), NULL};
  g_autoptr(GtkStringList) validated = gtk_string_list_new(first);
  for (guint i = 0; i < editor->numbers->len; i++) {
    g_autofree char *text = g_strdup_printf(_("fold %d"), g_array_index(editor->numbers, int, i));
    gtk_string_list_append(tested, text);
    gtk_string_list_append(validated, text);
  }
  gtk_drop_down_set_model(GTK_DROP_DOWN(editor->test), G_LIST_MODEL(tested));
  gtk_drop_down_set_model(GTK_DROP_DOWN(editor->validate), G_LIST_MODEL(validated));
}

static guint
place_of(const Editor *editor, int fold)
{
  for (guint i = 0; i < editor->numbers->len; i++)
    if (g_array_index(editor->numbers, int, i) == fold)
      return i;
  return 0;
}

static void
follow_text(Editor *editor, const char *text)
{
  int parts[3] = {0}, test, validate;
  if (sscanf(text, "%d:%d:%d", &parts[0], &parts[1], &parts[2]) >= 2) {
    gtk_drop_down_set_selected(GTK_DROP_DOWN(editor->way), BY_RATIO);
    for (int i = 0; i < 3; i++)
      gtk_spin_button_set_value(GTK_SPIN_BUTTON(editor->share[i]), parts[i]);
  } else if (g_str_equal(text, "column")) {
    gtk_drop_down_set_selected(GTK_DROP_DOWN(editor->way), BY_COLUMN);
  } else if (sscanf(text, "fold:test=%d", &test) == 1) {
    const char *other = strstr(text, "val=");
    gtk_drop_down_set_selected(GTK_DROP_DOWN(editor->way), BY_FOLD);
    gtk_drop_down_set_selected(GTK_DROP_DOWN(editor->test), place_of(editor, test));
    gtk_drop_down_set_selected(GTK_DROP_DOWN(editor->validate),
                               other && sscanf(other, "val=%d", &validate) == 1 ? place_of(editor, validate) + 1 : 0);
  }
}

static void
follow(Editor *editor)
{
  const MgParams *params = mg_dataset_model_params(editor->model);
  editor->following = TRUE;
  read_folds(editor);
  list_folds(editor);
  follow_text(editor, mg_params_text(params, "split"));
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(editor->seed), (double)mg_params_int(params, "seed"));
  editor->following = FALSE;
  show_parts(editor);
}

/* Building */

static GtkWidget *
new_number(Editor *editor, double most, const char *name)
{
  GtkWidget *spin = gtk_spin_button_new_with_range(0, most, 1);
  gtk_widget_set_tooltip_text(spin, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(spin), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_editable_set_width_chars(GTK_EDITABLE(spin), 3);
  g_signal_connect_swapped(spin, "value-changed", G_CALLBACK(on_changed), editor);
  return spin;
}

static GtkWidget *
new_list(Editor *editor, const char *const *texts, const char *name)
{
  GtkWidget *list = gtk_drop_down_new_from_strings(texts);
  gtk_widget_set_tooltip_text(list, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped(list, "notify::selected", G_CALLBACK(on_changed), editor);
  return list;
}

static GtkWidget *
new_ratios(Editor *editor)
{
  const char *const names[] = {_("Parts to train on"), _("Parts to validate on"), _("Parts to test on")};
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  for (int i = 0; i < 3; i++) {
    editor->share[i] = new_number(editor, 100, names[i]);
    if (i)
      gtk_box_append(GTK_BOX(box), gtk_label_new(":"));
    gtk_box_append(GTK_BOX(box), editor->share[i]);
  }
  return box;
}

static GtkWidget *
new_folds(Editor *editor)
{
  static const char *const none[] = {NULL};
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  editor->test = new_list(editor, none, _("Fold to test on"));
  editor->validate = new_list(editor, none, _("Fold to validate on"));
  gtk_box_append(GTK_BOX(box), gtk_label_new(_("Test")));
  gtk_box_append(GTK_BOX(box), editor->test);
  gtk_box_append(GTK_BOX(box), gtk_label_new(_("Validate")));
  gtk_box_append(GTK_BOX(box), editor->validate);
  return box;
}

static void
deal_again(Editor *editor)
{
  gtk_spin_button_spin(GTK_SPIN_BUTTON(editor->seed), GTK_SPIN_STEP_FORWARD, 1);
}

GtkWidget *
mg_split_editor_new(MgDatasetModel *model)
{
  Editor *editor = g_new0(Editor, 1);
  GtkWidget *seed = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  const char *const ways[] = {_("By ratios"), _("By folds"), _("As the data set says"), NULL};
  editor->model = g_object_ref(model);
  editor->numbers = g_array_new(FALSE, FALSE, sizeof(int));
  editor->following = TRUE;
  editor->box = mg_wrap_box_new(12);
  editor->way = new_list(editor, ways, _("How tracks are dealt out; groups stay whole, classes even"));
  editor->ratios = new_ratios(editor);
  editor->folds = new_folds(editor);
  editor->seed = new_number(editor, 1e6, _("Start of everything random"));
  GtkWidget *again = mg_button_new("view-refresh-symbolic", NULL, _("Deal again, with the next seed"));
  g_signal_connect_swapped(again, "clicked", G_CALLBACK(deal_again), editor);
  gtk_box_append(GTK_BOX(seed), gtk_label_new(_("Seed")));
  gtk_box_append(GTK_BOX(seed), editor->seed);
  gtk_box_append(GTK_BOX(seed), again);
  GtkWidget *const parts[] = {editor->way, editor->ratios, editor->folds, seed};
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    mg_wrap_box_append(MG_WRAP_BOX(editor->box), parts[i]);
  g_signal_connect_swapped(model, "changed", G_CALLBACK(follow), editor);
  g_object_set_data_full(G_OBJECT(editor->box), "split-editor", editor, free_editor);
  follow(editor);
  return editor->box;
}
