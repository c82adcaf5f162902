/* What a drag over a picture does, shared by all views: the chosen tool, what was measured, and what was brushed.
 *
 * Signal "changed": any of them is different. */
#pragma once
#include "dsp/mask.h"
#include <glib-object.h>

typedef enum {
  MG_TOOL_TIME, /* selects a stretch of time */
  MG_TOOL_BOX,  /* … and a band of frequencies */
  MG_TOOL_PAN,  /* moves what is seen */
  MG_TOOL_MEASURE,
  MG_TOOL_BRUSH, /* paints what is to be heard alone, or not at all */
  MG_N_TOOLS
} MgTool;

extern const char *const mg_tool_names[MG_N_TOOLS]; /* "time", "box" … */

/* From one place to another; Hz and dB are NaN where the view has none. */
typedef struct {
  double seconds[2], hz[2], db[2];
} MgMeasure;

#define MG_TYPE_TOOLS (mg_tools_get_type())
G_DECLARE_FINAL_TYPE(MgTools, mg_tools, MG, TOOLS, GObject)

MgTools *mg_tools_new(void);
MgTool mg_tools_current(MgTools *tools);
void mg_tools_choose(MgTools *tools, MgTool tool);

const MgMeasure *mg_tools_measure(MgTools *tools);                   /* NULL: nothing is measured */
void mg_tools_set_measure(MgTools *tools, const MgMeasure *measure); /* copies it; NULL: nothing */
double mg_tools_comb(MgTools *tools);                                /* Hz, whose multiples are marked; NaN: none */
void mg_tools_set_comb(MgTools *tools, double hz);

const MgRegion *mg_tools_regions(MgTools *tools, size_t *n); /* what was brushed */
void mg_tools_paint(MgTools *tools, const MgRegion *region); /* adds one */
void mg_tools_set_regions(MgTools *tools, const MgRegion *regions, size_t n);
