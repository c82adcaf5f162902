/* What is selected, shared by all pages: a track, a stretch of it, and of that a band of frequencies. Objects announce
 * changes by "notify". */
#pragma once
#include <glib-object.h>

#define MG_TYPE_SELECTION (mg_selection_get_type())
G_DECLARE_FINAL_TYPE(MgSelection, mg_selection, MG, SELECTION, GObject)

/* Properties: "track" (path or NULL), "start" and "end" (s; end <= start: nothing but a track is selected), "low" and
 * "high" (Hz; high <= low: all frequencies), all read and write. Whoever sets several of them calls mg_selection_set(),
 * which selects all frequencies, or mg_selection_set_box(); they announce once. */
MgSelection *mg_selection_new(void);
void mg_selection_set(MgSelection *selection, const char *track, double start, double end);
void mg_selection_set_box(MgSelection *selection, const char *track, double start, double end, double low, double high);
const char *mg_selection_track(MgSelection *selection); /* NULL: none */
double mg_selection_start(MgSelection *selection);      /* s */
double mg_selection_end(MgSelection *selection);        /* s */
double mg_selection_low(MgSelection *selection);        /* Hz */
double mg_selection_high(MgSelection *selection);       /* Hz */
gboolean mg_selection_is_stretch(MgSelection *selection);
gboolean mg_selection_is_box(MgSelection *selection); /* a stretch with a band */
