#include "ui/widgets/stack.h"

static void
tell(GtkWidget *stack)
{
  g_autoptr(GtkWidget) visible = NULL;
  g_object_get(stack, "visible-child", &visible, NULL);
  for (GtkWidget *child = gtk_widget_get_first_child(stack); child; child = gtk_widget_get_next_sibling(child))
    gtk_accessible_update_state(GTK_ACCESSIBLE(child), GTK_ACCESSIBLE_STATE_HIDDEN, (gboolean)(child != visible), -1);
}

void
mg_stack_hide_others(GtkWidget *stack)
{
  GListModel *children = gtk_widget_observe_children(stack);
  g_signal_connect_object(children, "items-changed", G_CALLBACK(tell), stack, G_CONNECT_SWAPPED);
  g_object_set_data_full(G_OBJECT(stack), "mg-children", children, g_object_unref); /* the widget does not keep it */
  g_signal_connect(stack, "notify::visible-child", G_CALLBACK(tell), NULL);
  tell(stack);
}

GtkWidget *
mg_stack_new(void)
{
  GtkWidget *stack = gtk_stack_new();
  mg_stack_hide_others(stack);
  return stack;
}
