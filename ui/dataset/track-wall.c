#include "ui/dataset/track-views.h"
#include "plot/colormap.h"
#include <glib/gi18n.h>

enum { REST_MS = 300 }; /* how long the pointer rests before a track is heard */

/* One picture with its name and class. */
#define MG_TYPE_TRACK_TILE (mg_track_tile_get_type())
G_DECLARE_FINAL_TYPE(MgTrackTile, mg_track_tile, MG, TRACK_TILE, GtkBox)

struct _MgTrackTile {
  GtkBox parent;
  GtkWidget *picture, *name, *label;
  MgTrackRow *row; /* NULL: none is bound */
  MgThumbnails *thumbnails;
  MgHoverFunc hover;
  gpointer data;
  guint resting;
  gboolean heard;
};

G_DEFINE_FINAL_TYPE(MgTrackTile, mg_track_tile, GTK_TYPE_BOX)

static GdkTexture *
to_texture(GBytes *levels)
{
  const MgColormap *map = mg_colormap_find("magma");
  gsize n;
  const guint8 *level = g_bytes_get_data(levels, &n);
  guint32 *pixels = g_new(guint32, n);
  for (gsize i = 0; i < n; i++)
    pixels[i] = map->argb[level[i]];
  g_autoptr(GBytes) bytes = g_bytes_new_take(pixels, n * sizeof *pixels);
  return gdk_memory_texture_new(MG_THUMBNAIL_WIDTH, MG_THUMBNAIL_HEIGHT, GDK_MEMORY_DEFAULT, bytes,
                                MG_THUMBNAIL_WIDTH * sizeof *pixels);
}

static void
show_picture(MgTrackTile *tile)
{
  const MgStoreTrack *track = mg_track_row_track(tile->row);
  GBytes *levels = mg_thumbnails_get(tile->thumbnails, track->id, track->path, track->start, track->end);
  gboolean there = levels && g_bytes_get_size(levels) > 0;
  g_autoptr(GdkTexture) texture = there ? to_texture(levels) : NULL;
  gtk_picture_set_paintable(GTK_PICTURE(tile->picture), GDK_PAINTABLE(texture));
}

static void
show_row(MgTrackTile *tile)
{
  const MgStoreTrack *track = mg_track_row_track(tile->row);
  const char *suggestion = mg_track_row_suggestion(tile->row);
  g_autofree char *asked = suggestion ? g_strdup_printf("%s?", suggestion) : NULL;
  gtk_inscription_set_text(GTK_INSCRIPTION(tile->name), mg_track_row_name(tile->row));
  gtk_inscription_set_text(GTK_INSCRIPTION(tile->label), track->excluded ? _("excluded")
                                                         : track->label  ? track->label
                                                         : asked         ? asked
                                                                         : _("no class"));
  gtk_widget_set_opacity(GTK_WIDGET(tile), track->excluded ? 0.45 : 1);
}

static void
on_ready(MgTrackTile *tile, gint64 id)
{
  if (tile->row && mg_track_row_track(tile->row)->id == id)
    show_picture(tile);
}

/* Hearing */

static gboolean
rested(gpointer data)
{
  MgTrackTile *tile = data;
  tile->resting = 0;
  tile->heard = tile->row != NULL;
  if (tile->row)
    tile->hover(tile->row, tile->data);
  return G_SOURCE_REMOVE;
}

static void
leave(MgTrackTile *tile)
{
  g_clear_handle_id(&tile->resting, g_source_remove);
  if (tile->heard)
    tile->hover(NULL, tile->data);
  tile->heard = FALSE;
}

static void
enter(MgTrackTile *tile)
{
  leave(tile);
  tile->resting = g_timeout_add(REST_MS, rested, tile);
}

static void
let_go(MgTrackTile *tile)
{
  leave(tile);
  if (tile->row)
    g_signal_handlers_disconnect_by_data(tile->row, tile);
  g_clear_object(&tile->row);
}

static void
mg_track_tile_dispose(GObject *object)
{
  MgTrackTile *tile = MG_TRACK_TILE(object);
  g_clear_handle_id(&tile->resting, g_source_remove);
  tile->heard = FALSE;
  let_go(tile);
  g_clear_object(&tile->thumbnails);
  G_OBJECT_CLASS(mg_track_tile_parent_class)->dispose(object);
}

static void
mg_track_tile_class_init(MgTrackTileClass *class)
{
  G_OBJECT_CLASS(class)->dispose = mg_track_tile_dispose;
}

static GtkWidget *
new_line(const char *css)
{
  GtkWidget *label = gtk_inscription_new(NULL); /* the picture sets the width */
  g_object_set(label, "min-chars", 0, "nat-chars", 0, "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE, NULL);
  gtk_widget_add_css_class(label, "caption");
  if (css)
    gtk_widget_add_css_class(label, css);
  return label;
}

static gboolean
tell_path(GtkWidget *widget, int x, int y, gboolean by_keys, GtkTooltip *tooltip)
{
  MgTrackRow *row = MG_TRACK_TILE(widget)->row;
  g_autofree char *path = row ? g_filename_display_name(mg_track_row_track(row)->path) : NULL;
  gtk_tooltip_set_text(tooltip, path);
  return path != NULL;
}

static void
mg_track_tile_init(MgTrackTile *tile)
{
  GtkEventController *motion = gtk_event_controller_motion_new();
  gtk_orientable_set_orientation(GTK_ORIENTABLE(tile), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing(GTK_BOX(tile), 2);
  tile->picture = gtk_picture_new();
  gtk_picture_set_content_fit(GTK_PICTURE(tile->picture), GTK_CONTENT_FIT_FILL);
  gtk_widget_set_size_request(tile->picture, MG_THUMBNAIL_WIDTH * 4 / 3, MG_THUMBNAIL_HEIGHT * 4 / 3);
  gtk_widget_add_css_class(tile->picture, "thumbnail");
  tile->name = new_line(NULL);
  tile->label = new_line("dim-label");
  gtk_box_append(GTK_BOX(tile), tile->picture);
  gtk_box_append(GTK_BOX(tile), tile->name);
  gtk_box_append(GTK_BOX(tile), tile->label);
  gtk_widget_set_has_tooltip(GTK_WIDGET(tile), TRUE);
  g_signal_connect(tile, "query-tooltip", G_CALLBACK(tell_path), NULL);
  g_signal_connect_swapped(motion, "enter", G_CALLBACK(enter), tile);
  g_signal_connect_swapped(motion, "leave", G_CALLBACK(leave), tile);
  gtk_widget_add_controller(GTK_WIDGET(tile), motion);
}

/* The wall */

typedef struct {
  MgThumbnails *thumbnails;
  MgHoverFunc hover;
  gpointer data;
} Wall;

static void
free_wall(gpointer data, GClosure *closure)
{
  Wall *wall = data;
  g_object_unref(wall->thumbnails);
  g_free(wall);
}

static void
set_up(GtkSignalListItemFactory *factory, GtkListItem *item, Wall *wall)
{
  MgTrackTile *tile = g_object_new(MG_TYPE_TRACK_TILE, NULL);
  tile->thumbnails = g_object_ref(wall->thumbnails);
  tile->hover = wall->hover;
  tile->data = wall->data;
  g_signal_connect_object(wall->thumbnails, "ready", G_CALLBACK(on_ready), tile, G_CONNECT_SWAPPED);
  gtk_list_item_set_child(item, GTK_WIDGET(tile));
}

static void
bind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  MgTrackTile *tile = MG_TRACK_TILE(gtk_list_item_get_child(item));
  tile->row = g_object_ref(gtk_list_item_get_item(item));
  g_signal_connect_swapped(tile->row, "changed", G_CALLBACK(show_row), tile);
  show_row(tile);
  show_picture(tile);
}

static void
unbind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  let_go(MG_TRACK_TILE(gtk_list_item_get_child(item)));
}

GtkWidget *
mg_track_wall_new(MgThumbnails *thumbnails, MgHoverFunc hover, gpointer data)
{
  Wall *wall = g_new(Wall, 1);
  *wall = (Wall){g_object_ref(thumbnails), hover, data};
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect_data(factory, "setup", G_CALLBACK(set_up), wall, free_wall, 0);
  g_signal_connect(factory, "bind", G_CALLBACK(bind), NULL);
  g_signal_connect(factory, "unbind", G_CALLBACK(unbind), NULL);
  GtkWidget *view = gtk_grid_view_new(NULL, factory);
  gtk_grid_view_set_max_columns(GTK_GRID_VIEW(view), 12);
  gtk_widget_add_css_class(view, "track-wall");
  gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pictures of the tracks"), -1);
  return view;
}
