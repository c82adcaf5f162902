#include "ui/widgets/ask-file.h"
#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  GtkWidget *widget;
  GtkFileChooserNative *dialog;
  MgAskFileFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Question;

static void
finish(GtkNativeDialog *dialog, int response, gpointer data)
{
  Question *question = data;
  g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  if (response == GTK_RESPONSE_ACCEPT && path && gtk_widget_get_root(question->widget))
    question->func(question->widget, path, question->data);
  if (question->free_data)
    question->free_data(question->data);
  g_object_unref(question->dialog);
  g_object_unref(question->widget);
  g_free(question);
}

void
mg_ask_file(GtkWidget *widget, GtkFileChooserAction action, const char *title, const char *accept, const char *name,
            MgAskFileFunc func, gpointer data, GDestroyNotify free_data)
{
  Question *question = g_new(Question, 1);
  GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(widget));
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new(title, window, action, accept, _("_Cancel"));
  *question = (Question){g_object_ref(widget), dialog, func, data, free_data};
  if (name)
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), name);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_signal_connect(dialog, "response", G_CALLBACK(finish), question);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

char *
mg_ask_file_name(const char *path, const char *ending)
{
  g_autofree char *base = g_path_get_basename(path);
  char *dot = strrchr(base, '.');
  if (dot && dot != base)
    *dot = 0;
  g_autofree char *name = g_filename_display_name(base);
  return g_strconcat(name, ending, NULL);
}
