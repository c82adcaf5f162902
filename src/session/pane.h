/* A pane of the Explore page: what it shows, with parameters, overlays and a height of its own. The list of panes is a
 * GListModel and is kept as text.
 *
 * Signals of a pane: "changed" after its parameters, "overlays" after its overlays. */
#pragma once
#include "dsp/feature.h"
#include <gio/gio.h>

/* Colour map, frequency axis and range of a spectrogram; of phases; of a picture of other values; the range of a curve.
 */
extern const MgParamTable mg_picture_params, mg_phase_params, mg_value_params, mg_curve_params;
extern const MgParamTable mg_ribbon_params;       /* run */
extern const MgParamTable mg_surface_pane_params; /* beside: the path of a second sound, empty: none */

/* Panes that show no feature. */
#define MG_PANE_WAVEFORM "waveform"
#define MG_PANE_LABELS "labels"           /* session/label-track.h */
#define MG_PANE_PREDICTIONS "predictions" /* of a run, along time */
#define MG_PANE_3D "spectrogram-3d"

typedef enum {
  MG_PANE_WAVE,
  MG_PANE_TILES,   /* STFT and mel pictures: made tile by tile (session/tiles.h) */
  MG_PANE_PICTURE, /* any other picture (session/analysis.h), that of a sound included */
  MG_PANE_CURVE,
  MG_PANE_MARKS,  /* labels */
  MG_PANE_RIBBON, /* session/ribbon.h */
  MG_PANE_SURFACE /* plot/surface.h */
} MgPaneShow;

#define MG_TYPE_PANE (mg_pane_get_type())
G_DECLARE_FINAL_TYPE(MgPane, mg_pane, MG, PANE, GObject)

/* `type` is one of MG_PANE_… or the name of a feature that can be a pane; MG_ERROR_USAGE where it is neither. */
MgPane *mg_pane_new(const char *type, GError **error);
/* Pictures, sounds and curves can be panes, events and numbers cannot. */
gboolean mg_pane_can_show(const MgFeature *feature);
/* Curves in Hz, events and numbers lie over other panes. */
gboolean mg_pane_can_overlay(const MgFeature *feature);
const char *mg_pane_type(MgPane *pane);
const char *mg_pane_title(MgPane *pane);        /* in the user's language */
const MgFeature *mg_pane_feature(MgPane *pane); /* NULL: it shows none */
MgPaneShow mg_pane_shows(MgPane *pane);
/* The vertical axis is frequency, so that curves in Hz can lie over it. */
gboolean mg_pane_has_frequencies(MgPane *pane);

const MgParams *mg_pane_params(MgPane *pane); /* borrowed */
gboolean mg_pane_has_params(MgPane *pane);    /* there is something to set */
/* Takes over the values of the names that both have. */
void mg_pane_take(MgPane *pane, const MgParams *params);
/* "n_mels 128 · n_fft 2048" of what differs from the defaults, or NULL. g_free() it. */
char *mg_pane_differences(MgPane *pane);
double mg_pane_height(MgPane *pane); /* relative to the other panes' */
void mg_pane_set_height(MgPane *pane, double height);
const char *const *mg_pane_overlays(MgPane *pane); /* names of features, NULL-terminated; borrowed */
gboolean mg_pane_has_overlay(MgPane *pane, const char *name);
void mg_pane_set_overlay(MgPane *pane, const char *name, gboolean on);

#define MG_TYPE_PANE_LIST (mg_pane_list_get_type())
G_DECLARE_FINAL_TYPE(MgPaneList, mg_pane_list, MG, PANE_LIST, GObject)

/* The usual panes: waveform, STFT, mel spectrogram. */
MgPaneList *mg_pane_list_new(void);
MgPane *mg_pane_list_get(MgPaneList *list, guint position); /* borrowed; NULL beyond the end */
guint mg_pane_list_n(MgPaneList *list);
/* The position, or the length of the list where the pane is not in it. */
guint mg_pane_list_find(MgPaneList *list, MgPane *pane);
void mg_pane_list_insert(MgPaneList *list, guint position, MgPane *pane);
void mg_pane_list_remove(MgPaneList *list, MgPane *pane);
/* Up (negative) or down by `places`, as far as there is room. FALSE: it stays where it is. */
gboolean mg_pane_list_move(MgPaneList *list, MgPane *pane, int places);
/* All panes as they are now (MgPane *, owned), and back again; at least one. */
GPtrArray *mg_pane_list_all(MgPaneList *list);
void mg_pane_list_replace(MgPaneList *list, GPtrArray *panes);
/* All panes make way for the usual ones. */
void mg_pane_list_reset(MgPaneList *list);
/* INI text, one group a pane. g_free() it. */
char *mg_pane_list_save(MgPaneList *list);
/* Passes over what it does not know, of another version. FALSE, and the list stays, where no pane is left. */
gboolean mg_pane_list_load(MgPaneList *list, const char *text);
