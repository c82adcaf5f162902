#include "ui/dataset/track-views.h"
#include "plot/colormap.h"
#include <glib/gi18n.h>

enum { REST_MS = 300 }; /* how long the pointer rests before a track is heard */

/* One picture with its name and class, painted by one widget. */
#define MG_TYPE_TRACK_TILE (mg_track_tile_get_type())
G_DECLARE_FINAL_TYPE(MgTrackTile, mg_track_tile, MG, TRACK_TILE, GtkWidget)

struct _MgTrackTile {
  GtkWidget parent;
  MgTrackRow *row;     /* NULL: none */
  GdkTexture *picture; /* NULL: not there yet, or there is none */
  MgThumbnails *thumbnails;
  MgHoverFunc hover;
  gpointer data;
  guint resting;
  gboolean heard;
};

G_DEFINE_FINAL_TYPE(MgTrackTile, mg_track_tile, GTK_TYPE_WIDGET)

enum { PADDING = 6, GAP = 2, WIDTH = MG_THUMBNAIL_WIDTH * 4 / 3, HEIGHT = MG_THUMBNAIL_HEIGHT * 4 / 3 };

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
  g_clear_object(&tile->picture);
  tile->picture = there ? to_texture(levels) : NULL;
  gtk_widget_queue_draw(GTK_WIDGET(tile));
}

/* Newly allocated. */
static char *
label_of(MgTrackTile *tile)
{
  const MgStoreTrack *track = mg_track_row_track(tile->row);
  const char *suggestion = mg_track_row_suggestion(tile->row);
  if (!track->excluded && !track->label && suggestion)
    return g_strdup_printf("%s?", suggestion);
  return g_strdup(track->excluded ? _("excluded") : track->label ? track->label : _("no class"));
}

static void
show_row(MgTrackTile *tile)
{
  g_autofree char *label = label_of(tile), *name = g_strdup_printf("%s, %s", mg_track_row_name(tile->row), label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(tile), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_opacity(GTK_WIDGET(tile), mg_track_row_track(tile->row)->excluded ? 0.45 : 1);
  gtk_widget_queue_draw(GTK_WIDGET(tile));
}

static void
on_ready(MgTrackTile *tile, gint64 id)
{
  if (tile->row && mg_track_row_track(tile->row)->id == id)
    show_picture(tile);
}

/* Painting */

static PangoLayout *
new_line(GtkWidget *tile, const char *text)
{
  PangoLayout *line = gtk_widget_create_pango_layout(tile, text);
  int width;
  pango_layout_get_pixel_size(line, &width, NULL);
  if (width > WIDTH) {
    pango_layout_set_ellipsize(line, PANGO_ELLIPSIZE_MIDDLE);
    pango_layout_set_width(line, WIDTH * PANGO_SCALE);
  }
  return line;
}

/* Returns the line's height, px. */
static int
paint_line(GtkWidget *tile, GtkSnapshot *snapshot, const char *text, int y, const GdkRGBA *colour)
{
  g_autoptr(PangoLayout) line = new_line(tile, text);
  int width, height, right = gtk_widget_get_width(tile) - PADDING;
  pango_layout_get_pixel_size(line, &width, &height);
  gboolean mirrored = gtk_widget_get_direction(tile) == GTK_TEXT_DIR_RTL;
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)(mirrored ? right - width : PADDING), (float)y));
  gtk_snapshot_append_layout(snapshot, line, colour);
  gtk_snapshot_restore(snapshot);
  return height;
}

static void
mg_track_tile_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  MgTrackTile *tile = MG_TRACK_TILE(widget);
  int room = gtk_widget_get_width(widget) - 2 * PADDING;
  graphene_rect_t place = GRAPHENE_RECT_INIT(PADDING, PADDING, (float)room, HEIGHT);
  GdkRGBA colour, faint;
  if (!tile->row)
    return;
  g_autofree char *label = label_of(tile);
  gtk_style_context_get_color(gtk_widget_get_style_context(widget), &colour);
  faint = colour;
  faint.alpha *= 0.55F;
  if (tile->picture)
    gtk_snapshot_append_texture(snapshot, tile->picture, &place);
  else
    gtk_snapshot_append_color(snapshot, &(GdkRGBA){0, 0, 0, 1}, &place);
  int y = PADDING + HEIGHT + GAP;
  y += paint_line(widget, snapshot, mg_track_row_name(tile->row), y, &colour) + GAP;
  paint_line(widget, snapshot, label, y, &faint);
}

static void
mg_track_tile_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  g_autoptr(PangoLayout) line = gtk_widget_create_pango_layout(widget, "0");
  int height;
  pango_layout_get_pixel_size(line, NULL, &height);
  *minimum = *natural = 2 * PADDING + (orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT + 2 * (GAP + height));
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
  g_clear_object(&tile->picture);
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

static gboolean
mg_track_tile_query_tooltip(GtkWidget *widget, int x, int y, gboolean by_keys, GtkTooltip *tooltip)
{
  MgTrackRow *row = MG_TRACK_TILE(widget)->row;
  g_autofree char *path = row ? g_filename_display_name(mg_track_row_track(row)->path) : NULL;
  gtk_tooltip_set_text(tooltip, path);
  return path != NULL;
}

static void
mg_track_tile_class_init(MgTrackTileClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = mg_track_tile_dispose;
  widget->snapshot = mg_track_tile_snapshot;
  widget->measure = mg_track_tile_measure;
  widget->query_tooltip = mg_track_tile_query_tooltip;
  gtk_widget_class_set_css_name(widget, "child");
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
mg_track_tile_init(MgTrackTile *tile)
{
  GtkEventController *motion = gtk_event_controller_motion_new();
  gtk_widget_set_has_tooltip(GTK_WIDGET(tile), TRUE);
  gtk_widget_add_css_class(GTK_WIDGET(tile), "caption");
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
free_wall(gpointer data)
{
  Wall *wall = data;
  g_object_unref(wall->thumbnails);
  g_free(wall);
}

static GtkWidget *
make_tile(gpointer data)
{
  const Wall *wall = data;
  MgTrackTile *tile = g_object_new(MG_TYPE_TRACK_TILE, NULL);
  tile->thumbnails = g_object_ref(wall->thumbnails);
  tile->hover = wall->hover;
  tile->data = wall->data;
  g_signal_connect_object(wall->thumbnails, "ready", G_CALLBACK(on_ready), tile, G_CONNECT_SWAPPED);
  return GTK_WIDGET(tile);
}

static void
show_tile(GtkWidget *widget, gpointer item, gpointer data)
{
  MgTrackTile *tile = MG_TRACK_TILE(widget);
  let_go(tile);
  if (!item) {
    gtk_accessible_update_property(GTK_ACCESSIBLE(tile), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
    return;
  }
  tile->row = g_object_ref(item);
  g_signal_connect_swapped(tile->row, "changed", G_CALLBACK(show_row), tile);
  show_row(tile);
  show_picture(tile);
}

static const MgItemFuncs tile_funcs = {make_tile, show_tile};

GtkWidget *
mg_track_wall_new(MgThumbnails *thumbnails, MgHoverFunc hover, gpointer data)
{
  Wall *wall = g_new(Wall, 1);
  *wall = (Wall){g_object_ref(thumbnails), hover, data};
  GtkWidget *view = mg_item_view_new(&tile_funcs, wall, 12);
  g_object_set_data_full(G_OBJECT(view), "wall", wall, free_wall);
  gtk_widget_add_css_class(view, "track-wall");
  gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pictures of the tracks"), -1);
  return view;
}
