#include "ui/explore/run-button.h"
#include "session/run-list.h"
#include "train/evaluator.h"
#include <glib/gi18n.h>

typedef struct {
  MgPane *pane;
  MgRunList *runs;
  GtkStringList *names; /* the first is that of no run */
  GtkWidget *button;
  gboolean filling;
} RunButton;

static void
free_run_button(gpointer data)
{
  RunButton *self = data;
  g_object_unref(self->pane);
  g_object_unref(self->runs);
  g_object_unref(self->names);
  g_free(self);
}

/* The run that the pane shows, be it among the names or not. */
static void
show_chosen(RunButton *self)
{
  const char *run = mg_params_text(mg_pane_params(self->pane), "run");
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->names)), place = 0;
  for (guint i = 1; i < n && *run; i++)
    if (g_str_equal(gtk_string_list_get_string(self->names, i), run))
      place = i;
  if (*run && place == 0) { /* a path that was typed, or a run that has gone */
    gtk_string_list_append(self->names, run);
    place = n;
  }
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->button), place);
}

static void
fill(RunButton *self)
{
  self->filling = TRUE;
  gtk_string_list_splice(self->names, 0, g_list_model_get_n_items(G_LIST_MODEL(self->names)),
                         (const char *const[]){_("Choose a run"), NULL});
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(self->runs)); i++) {
    g_autoptr(MgRun) run = g_list_model_get_item(G_LIST_MODEL(self->runs), i);
    g_autofree char *model = mg_checkpoint_path(mg_run_folder(run), "best", NULL);
    if (model)
      gtk_string_list_append(self->names, mg_run_name(run));
  }
  show_chosen(self);
  self->filling = FALSE;
}

static void
choose(GtkDropDown *button, GParamSpec *pspec, RunButton *self)
{
  guint place = gtk_drop_down_get_selected(button);
  g_autoptr(MgParams) params = mg_params_copy(mg_pane_params(self->pane));
  const char *name =
      place > 0 && place != GTK_INVALID_LIST_POSITION ? gtk_string_list_get_string(self->names, place) : "";
  if (!self->filling && mg_params_set(params, "run", name, NULL))
    mg_pane_take(self->pane, params);
}

static void
follow_pane(MgPane *pane, GtkWidget *button)
{
  RunButton *self = g_object_get_data(G_OBJECT(button), "run-button");
  self->filling = TRUE;
  show_chosen(self);
  self->filling = FALSE;
}

static void
follow_runs(GListModel *runs, guint position, guint removed, guint added, GtkWidget *button)
{
  fill(g_object_get_data(G_OBJECT(button), "run-button"));
}

/* A training that ends while the pane is open has a model then. */
static void
open_list(GtkWidget *button, GtkStateFlags former, RunButton *self)
{
  if (gtk_widget_get_state_flags(button) & ~former & GTK_STATE_FLAG_CHECKED)
    mg_run_list_refresh(self->runs);
}

GtkWidget *
mg_run_button_new(MgPane *pane, const char *runs)
{
  RunButton *self = g_new0(RunButton, 1);
  self->pane = g_object_ref(pane);
  self->runs = mg_run_list_new(runs);
  self->names = gtk_string_list_new(NULL);
  self->button = gtk_drop_down_new(G_LIST_MODEL(g_object_ref(self->names)), NULL);
  gtk_widget_set_valign(self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(self->button, "beside");
  gtk_widget_set_tooltip_text(self->button, _("The run whose predictions are shown"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Run"), -1);
  g_object_set_data_full(G_OBJECT(self->button), "run-button", self, free_run_button);
  fill(self);
  g_signal_connect(self->button, "notify::selected", G_CALLBACK(choose), self);
  g_signal_connect(self->button, "state-flags-changed", G_CALLBACK(open_list), self);
  g_signal_connect_object(pane, "changed", G_CALLBACK(follow_pane), self->button, 0);
  g_signal_connect_object(self->runs, "items-changed", G_CALLBACK(follow_runs), self->button, 0);
  return self->button;
}
