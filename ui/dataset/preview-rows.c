#include "ui/dataset/preview-rows.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include <glib/gi18n.h>

enum { MOST_PROBLEMS = 50 };

static void
put(GtkWidget *grid, int column, int row, const char *text, const char *css)
{
  GtkWidget *cell = mg_figure_label_new(0);
  gtk_label_set_text(GTK_LABEL(cell), text ? text : "–");
  gtk_label_set_ellipsize(GTK_LABEL(cell), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars(GTK_LABEL(cell), column == 0 ? 12 : 4);
  gtk_label_set_max_width_chars(GTK_LABEL(cell), column == 0 ? 30 : 18);
  gtk_widget_set_hexpand(cell, column == 0);
  if (css)
    gtk_widget_add_css_class(cell, css);
  gtk_grid_attach(GTK_GRID(grid), cell, column, row, 1, 1);
}

GtkWidget *
mg_preview_rows_new(const MgImportPreview *preview)
{
  const char *const titles[] = {_("Track"), _("Class"), _("Group"), _("Fold"), _("Split")};
  GtkWidget *grid = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(grid), 18);
  gtk_grid_set_row_spacing(GTK_GRID(grid), 3);
  gtk_accessible_update_property(GTK_ACCESSIBLE(grid), GTK_ACCESSIBLE_PROPERTY_LABEL, _("The first tracks"), -1);
  for (int i = 0; i < 5; i++)
    put(grid, i, 0, titles[i], "caption-heading");
  for (guint i = 0; i < preview->rows->len; i++) {
    const MgPreviewRow *row = preview->rows->pdata[i];
    g_autofree char *fold = row->fold < 0 ? NULL : g_strdup_printf("%d", row->fold);
    const char *const texts[] = {row->name, row->label, row->group, fold,
                                 row->split == MG_SPLIT_NONE ? NULL : mg_split_name(row->split)};
    for (int column = 0; column < 5; column++)
      put(grid, column, (int)i + 1, texts[column], NULL);
  }
  return grid;
}

GtkWidget *
mg_preview_problems_new(const GPtrArray *problems)
{
  guint n = problems->len;
  if (n == 0)
    return NULL;
  g_autofree char *count = mg_format_count(n), *title = g_strdup_printf(_("Left out or not understood: %s"), count);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *heading = gtk_label_new(title);
  gtk_label_set_xalign(GTK_LABEL(heading), 0);
  gtk_widget_add_css_class(heading, "heading");
  gtk_box_append(GTK_BOX(box), heading);
  for (guint i = 0; i < n && i < MOST_PROBLEMS; i++) {
    GtkWidget *notice = mg_notice_new();
    mg_notice_set(notice, MG_NOTICE_WARNING, problems->pdata[i]);
    gtk_box_append(GTK_BOX(box), notice);
  }
  return box;
}

static void
append(GString *text, char *part)
{
  g_string_append_printf(text, "%s%s", text->len ? " · " : "", part);
  g_free(part);
}

char *
mg_preview_summary(const MgImportPreview *preview)
{
  GString *text = g_string_new(NULL);
  g_autofree char *tracks = mg_format_count(preview->tracks), *groups = mg_format_count(preview->groups);
  append(text, g_strdup_printf(_("Layout: %s"), _(preview->layout)));
  append(text, g_strdup_printf(ngettext("%s track", "%s tracks", preview->tracks), tracks));
  append(text, g_strdup_printf(ngettext("%u class", "%u classes", preview->classes->len), preview->classes->len));
  if (preview->groups)
    append(text, g_strdup_printf(ngettext("%s group", "%s groups", preview->groups), groups));
  if (preview->folds)
    append(text, g_strdup_printf(ngettext("%u fold", "%u folds", preview->folds), preview->folds));
  return g_string_free(text, FALSE);
}

char *
mg_preview_classes(const MgImportPreview *preview)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < preview->classes->len; i++) {
    const MgPreviewClass *class = preview->classes->pdata[i];
    g_autofree char *tracks = mg_format_count(class->tracks);
    append(text, g_strdup_printf("%s\u00a0%s", class->label, tracks));
  }
  return g_string_free(text, FALSE);
}
