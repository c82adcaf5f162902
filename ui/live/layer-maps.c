#include "ui/live/layer-maps.h"
#include "plot/colormap.h"
#include "plot/maps.h"
#include "ui/widgets/drawing.h"
#include <glib/gi18n.h>

#define HEIGHT 170

typedef struct {
  MgListening *listening;
  GtkWidget *button, *drawing;
  GPtrArray *maps; /* MgMatrix *; NULL: none yet */
} LayerMaps;

static void
free_maps(gpointer data)
{
  LayerMaps *self = data;
  g_clear_pointer(&self->maps, g_ptr_array_unref);
  g_object_unref(self->listening);
  g_free(self);
}

static void
draw(cairo_t *cr, double width, double height, const MgStyle *style, gboolean vector, gpointer data)
{
  LayerMaps *self = data;
  if (self->maps)
    mg_maps_draw(cr, width, height, style, NULL, (MgMatrix *const *)self->maps->pdata, self->maps->len, NULL,
                 mg_colormap_find("magma"));
}

/* The maps stay in their array when the news that brought them goes. */
static void
on_mapped(MgListening *listening, const MgFeatureMaps *maps, GtkWidget *box)
{
  LayerMaps *self = g_object_get_data(G_OBJECT(box), "layer-maps");
  g_autofree char *text =
      g_strdup_printf(g_dngettext(NULL, "Output of %s: %u map", "Output of %s: %u maps", maps->maps->len), maps->layer,
                      maps->maps->len);
  g_clear_pointer(&self->maps, g_ptr_array_unref);
  self->maps = g_ptr_array_ref(maps->maps);
  mg_drawing_set_text(MG_DRAWING(self->drawing), text, NULL);
  mg_drawing_changed(MG_DRAWING(self->drawing));
}

static void
follow_sight(GtkWidget *box)
{
  LayerMaps *self = g_object_get_data(G_OBJECT(box), "layer-maps");
  gboolean unfolded = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->button));
  gtk_widget_set_visible(self->drawing, unfolded);
  mg_listening_want_maps(self->listening, unfolded && gtk_widget_get_mapped(box));
}

GtkWidget *
mg_layer_maps_new(MgListening *listening)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  LayerMaps *self = g_new0(LayerMaps, 1);
  self->listening = g_object_ref(listening);
  self->button = gtk_toggle_button_new_with_label(_("Maps of the first layer"));
  self->drawing = mg_drawing_new("maps", 260, HEIGHT);
  mg_drawing_set_funcs(MG_DRAWING(self->drawing), draw, NULL, self);
  mg_drawing_set_text(MG_DRAWING(self->drawing), _("Maps of the first layer"), NULL);
  mg_drawing_keep_pixels(MG_DRAWING(self->drawing));
  gtk_widget_set_halign(self->button, GTK_ALIGN_START);
  gtk_widget_add_css_class(self->button, "flat");
  gtk_widget_set_tooltip_text(self->button, _("What the first convolution makes of the newest segment, as it sounds"));
  gtk_box_append(GTK_BOX(box), self->button);
  gtk_box_append(GTK_BOX(box), self->drawing);
  g_object_set_data_full(G_OBJECT(box), "layer-maps", self, free_maps);
  g_signal_connect_object(self->button, "toggled", G_CALLBACK(follow_sight), box, G_CONNECT_SWAPPED);
  g_signal_connect_after(box, "map", G_CALLBACK(follow_sight), NULL);
  g_signal_connect_after(box, "unmap", G_CALLBACK(follow_sight), NULL);
  g_signal_connect_object(listening, "mapped", G_CALLBACK(on_mapped), box, 0);
  follow_sight(box);
  return box;
}
