#include "ui/explore/tools/tools.h"
#include <math.h>

struct _MgTools {
  GObject parent;
  MgTool current;
  gboolean measured;
  MgMeasure measure;
  double comb;
  GArray *regions; /* MgRegion */
};

G_DEFINE_FINAL_TYPE(MgTools, mg_tools, G_TYPE_OBJECT)

const char *const mg_tool_names[MG_N_TOOLS] = {"time", "box", "pan", "measure", "brush"};

static guint changed_signal;

static void
tell(MgTools *tools)
{
  g_signal_emit(tools, changed_signal, 0);
}

MgTools *
mg_tools_new(void)
{
  return g_object_new(MG_TYPE_TOOLS, NULL);
}

MgTool
mg_tools_current(MgTools *tools)
{
  return tools->current;
}

void
mg_tools_choose(MgTools *tools, MgTool tool)
{
  tools->current = tool;
  tools->measured = FALSE;
  tools->comb = NAN;
  tell(tools);
}

const MgMeasure *
mg_tools_measure(MgTools *tools)
{
  return tools->measured ? &tools->measure : NULL;
}

void
mg_tools_set_measure(MgTools *tools, const MgMeasure *measure)
{
  if (!measure && !tools->measured)
    return;
  tools->measured = measure != NULL;
  if (measure)
    tools->measure = *measure;
  tell(tools);
}

double
mg_tools_comb(MgTools *tools)
{
  return tools->comb;
}

void
mg_tools_set_comb(MgTools *tools, double hz)
{
  if (hz == tools->comb || (isnan(hz) && isnan(tools->comb)))
    return;
  tools->comb = hz;
  tell(tools);
}

const MgRegion *
mg_tools_regions(MgTools *tools, size_t *n)
{
  *n = tools->regions->len;
  return (const MgRegion *)(gconstpointer)tools->regions->data;
}

void
mg_tools_paint(MgTools *tools, const MgRegion *region)
{
  g_array_append_vals(tools->regions, region, 1);
  tell(tools);
}

void
mg_tools_set_regions(MgTools *tools, const MgRegion *regions, size_t n)
{
  g_array_set_size(tools->regions, 0);
  if (n > 0)
    g_array_append_vals(tools->regions, regions, (guint)n);
  tell(tools);
}

static void
finalize(GObject *object)
{
  g_array_unref(MG_TOOLS(object)->regions);
  G_OBJECT_CLASS(mg_tools_parent_class)->finalize(object);
}

static void
mg_tools_class_init(MgToolsClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mg_tools_init(MgTools *tools)
{
  tools->comb = NAN;
  tools->regions = g_array_new(FALSE, FALSE, sizeof(MgRegion));
}
