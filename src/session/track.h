/* A track of the library as lists show it. */
#pragma once
#include <gio/gio.h>

#define MG_TYPE_TRACK_ITEM (mg_track_item_get_type())
G_DECLARE_FINAL_TYPE(MgTrackItem, mg_track_item, MG, TRACK_ITEM, GObject)

/* `label` NULL: without a class. Duration in s, 0 where it is not known. */
MgTrackItem *mg_track_item_new(const char *path, const char *label, double duration);
const char *mg_track_item_path(MgTrackItem *item);
const char *mg_track_item_name(MgTrackItem *item); /* the file's name; also the property "name" */
const char *mg_track_item_label(MgTrackItem *item);
double mg_track_item_duration(MgTrackItem *item);

/* The tracks of one class: a GListModel of MgTrackItem, sorted by name. */
#define MG_TYPE_TRACK_GROUP (mg_track_group_get_type())
G_DECLARE_FINAL_TYPE(MgTrackGroup, mg_track_group, MG, TRACK_GROUP, GObject)

MgTrackGroup *mg_track_group_new(const char *label); /* NULL: tracks without a class */
const char *mg_track_group_label(MgTrackGroup *group);
void mg_track_group_add(MgTrackGroup *group, MgTrackItem *item);
void mg_track_group_fill(MgTrackGroup *group, const GPtrArray *items); /* MgTrackItem *, in any order */
gboolean mg_track_group_find(MgTrackGroup *group, MgTrackItem *item, guint *position);
void mg_track_group_remove(MgTrackGroup *group, MgTrackItem *item);
