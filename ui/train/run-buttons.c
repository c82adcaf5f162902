#include "ui/train/run-buttons.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>

struct _MgRunButtons {
  AdwBin parent_instance;
  MgRun *run;
  GtkWidget *resume, *pause, *go_on, *stop;
};

G_DEFINE_FINAL_TYPE(MgRunButtons, mg_run_buttons, ADW_TYPE_BIN)

static guint resumed_signal;

static void
stop(MgRunButtons *buttons)
{
  mg_run_stop(buttons->run);
}

static void
halt(MgRunButtons *buttons)
{
  mg_run_pause(buttons->run, TRUE);
}

static void
go_on(MgRunButtons *buttons)
{
  mg_run_pause(buttons->run, FALSE);
}

static void
resume(MgRunButtons *buttons)
{
  g_autoptr(MgRun) run = g_object_ref(buttons->run);
  g_autoptr(GError) error = NULL;
  mg_run_resume(run, &error);
  g_signal_emit(buttons, resumed_signal, 0, run, error);
}

void
mg_run_buttons_show(MgRunButtons *buttons, MgRun *run)
{
  gboolean active = run && mg_run_is_active(run) && !mg_run_is_elsewhere(run),
           can_resume = run && mg_run_can_resume(run);
  gboolean paused = run && mg_run_state(run) == MG_RUN_PAUSED;
  g_set_object(&buttons->run, run);
  gtk_widget_set_visible(GTK_WIDGET(buttons), active || can_resume);
  gtk_widget_set_visible(buttons->stop, active);
  gtk_widget_set_visible(buttons->pause, active && !paused);
  gtk_widget_set_visible(buttons->go_on, active && paused);
  gtk_widget_set_visible(buttons->resume, can_resume);
}

static void
mg_run_buttons_dispose(GObject *object)
{
  g_clear_object(&MG_RUN_BUTTONS(object)->run);
  G_OBJECT_CLASS(mg_run_buttons_parent_class)->dispose(object);
}

static void
mg_run_buttons_class_init(MgRunButtonsClass *class)
{
  G_OBJECT_CLASS(class)->dispose = mg_run_buttons_dispose;
  resumed_signal = g_signal_new("resumed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, MG_TYPE_RUN, G_TYPE_ERROR);
}

static GtkWidget *
add(MgRunButtons *buttons, GtkWidget *button, void (*clicked)(MgRunButtons *))
{
  g_signal_connect_object(button, "clicked", G_CALLBACK(clicked), buttons, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(adw_bin_get_child(ADW_BIN(buttons))), button);
  return button;
}

static void
mg_run_buttons_init(MgRunButtons *buttons)
{
  adw_bin_set_child(ADW_BIN(buttons), gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6));
  buttons->resume =
      add(buttons, mg_button_new(NULL, _("_Resume"), _("Go on from the last checkpoint of the selected run")), resume);
  buttons->pause = add(buttons, mg_button_new(NULL, _("Pa_use"), _("Halt the selected run where it is")), halt);
  buttons->go_on =
      add(buttons, mg_button_new(NULL, _("_Go on"), _("Let the selected run go on from where it is")), go_on);
  buttons->stop =
      add(buttons,
          mg_button_new("media-playback-stop-symbolic", _("St_op"), _("Write a checkpoint and stop the selected run")),
          stop);
  mg_run_buttons_show(buttons, NULL);
}

GtkWidget *
mg_run_buttons_new(void)
{
  return g_object_new(MG_TYPE_RUN_BUTTONS, NULL);
}
