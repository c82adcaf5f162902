/* What is selected, shared by all pages: a track and a stretch of it. Objects announce changes by "notify". */
#pragma once
#include <glib-object.h>

#define MG_TYPE_SELECTION (mg_selection_get_type())
G_DECLARE_FINAL_TYPE(MgSelection, mg_selection, MG, SELECTION, GObject)

/* Properties: "track" (path or NULL), "start" and "end" (s; end <= start: nothing but a track is selected), all read
 * and write. Whoever sets several of them calls mg_selection_set(), which announces once. */
MgSelection *mg_selection_new(void);
void mg_selection_set(MgSelection *selection, const char *track, double start, double end);
const char *mg_selection_track(MgSelection *selection); /* NULL: none */
double mg_selection_start(MgSelection *selection);      /* s */
double mg_selection_end(MgSelection *selection);        /* s */
gboolean mg_selection_is_stretch(MgSelection *selection);
