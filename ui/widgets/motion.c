#include "ui/widgets/motion.h"
#include <math.h>

gboolean
mg_motion_is_reduced(GtkWidget *widget)
{
  gboolean animations = TRUE;
  g_object_get(gtk_widget_get_settings(widget), "gtk-enable-animations", &animations, NULL);
  return !animations;
}

double
mg_motion_time(GtkWidget *widget, double seconds)
{
  return mg_motion_is_reduced(widget) ? floor(seconds) : seconds;
}
