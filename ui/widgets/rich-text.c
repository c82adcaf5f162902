#include "ui/widgets/rich-text.h"
#include <string.h>

typedef struct {
  GtkWidget *box;
  const char *folder;
  gboolean (*follow)(const char *, gpointer);
  gpointer data;
  GString *paragraph;
  GtkWidget *table; /* GtkGrid, while its rows come; NULL: none */
  int table_row;
} Writer;

static void
append_escaped(GString *out, const char *text, gsize length)
{
  g_autofree char *escaped = g_markup_escape_text(text, (gssize)length);
  g_string_append(out, escaped);
}

/* What lies between a mark and its next occurrence; 0: there is none. */
static gsize
span_of(const char *text, const char *mark)
{
  const char *end = strstr(text, mark);
  return end && end > text && !g_ascii_isspace(*text) ? (gsize)(end - text) : 0;
}

/* "[text](address)" */
static gsize
append_link(GString *out, const char *at, gboolean links)
{
  const char *middle = strstr(at, "]("), *end = middle ? strchr(middle, ')') : NULL;
  const char *bracket = strchr(at + 1, '[');
  if (!end || (bracket && bracket < middle))
    return 0;
  g_autofree char *text = g_strndup(at + 1, (gsize)(middle - at - 1));
  g_autofree char *address = g_strndup(middle + 2, (gsize)(end - middle - 2));
  g_autofree char *inside = mg_rich_text_markup(text, FALSE), *escaped = g_markup_escape_text(address, -1);
  if (links)
    g_string_append_printf(out, "<a href=\"%s\">%s</a>", escaped, inside);
  else
    g_string_append(out, inside);
  return (gsize)(end - at + 1);
}

char *
mg_rich_text_markup(const char *line, gboolean links)
{
  static const struct {
    const char *mark, *open, *close;
    gboolean plain; /* nothing inside of it is read */
  } spans[] = {{"`", "<tt>", "</tt>", TRUE}, {"**", "<b>", "</b>", FALSE}, {"*", "<i>", "</i>", FALSE}};
  GString *out = g_string_new(NULL);
  while (*line) {
    gsize taken = *line == '[' ? append_link(out, line, links) : 0;
    for (size_t i = 0; i < G_N_ELEMENTS(spans) && !taken; i++) {
      gsize mark = strlen(spans[i].mark), length;
      if (!g_str_has_prefix(line, spans[i].mark) || !(length = span_of(line + mark, spans[i].mark)))
        continue;
      g_autofree char *inside = g_strndup(line + mark, length);
      g_autofree char *markup = spans[i].plain ? g_markup_escape_text(inside, -1) : mg_rich_text_markup(inside, links);
      g_string_append_printf(out, "%s%s%s", spans[i].open, markup, spans[i].close);
      taken = length + 2 * mark;
    }
    if (!taken) {
      taken = (gsize)(g_utf8_next_char(line) - line);
      append_escaped(out, line, taken);
    }
    line += taken;
  }
  return g_string_free(out, FALSE);
}

static gboolean
on_link(GtkLabel *label, const char *address, Writer *writer)
{
  return writer->follow && writer->follow(address, writer->data);
}

static GtkWidget *
new_label(Writer *writer, const char *text, const char *css)
{
  g_autofree char *markup = mg_rich_text_markup(text, writer->follow != NULL);
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_markup(GTK_LABEL(label), markup);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_set_halign(label, GTK_ALIGN_FILL);
  if (css)
    gtk_widget_add_css_class(label, css);
  if (writer->follow)
    g_signal_connect(label, "activate-link", G_CALLBACK(on_link), writer);
  return label;
}

static void
end_paragraph(Writer *writer)
{
  if (writer->paragraph->len > 0)
    gtk_box_append(GTK_BOX(writer->box), new_label(writer, writer->paragraph->str, NULL));
  g_string_truncate(writer->paragraph, 0);
}

static void
add_heading(Writer *writer, const char *line)
{
  static const char *const css[] = {"title-1", "title-2", "title-3", "heading"};
  size_t level = strspn(line, "#");
  GtkWidget *label = new_label(writer, line + level + 1, css[MIN(level, G_N_ELEMENTS(css)) - 1]);
  gtk_widget_set_margin_top(label, level < 3 ? 12 : 6);
  gtk_box_append(GTK_BOX(writer->box), label);
}

static void
add_item(Writer *writer, const char *mark, const char *text)
{
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *bullet = gtk_label_new(mark);
  GtkWidget *label = new_label(writer, text, NULL);
  gtk_widget_set_valign(bullet, GTK_ALIGN_START);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_box_append(GTK_BOX(row), bullet);
  gtk_box_append(GTK_BOX(row), label);
  gtk_widget_set_margin_start(row, 12);
  gtk_box_append(GTK_BOX(writer->box), row);
}

static void
add_code(Writer *writer, const char *text)
{
  GtkWidget *label = gtk_label_new(text), *scroller = gtk_scrolled_window_new();
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "monospace");
  gtk_widget_add_css_class(scroller, "code");
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), label);
  gtk_box_append(GTK_BOX(writer->box), scroller);
}

/* "![what is seen](picture.png)" */
static gboolean
add_picture(Writer *writer, const char *line)
{
  const char *middle = strstr(line, "]("), *end = middle ? strchr(middle, ')') : NULL;
  if (!g_str_has_prefix(line, "![") || !end || !writer->folder)
    return FALSE;
  g_autofree char *name = g_strndup(middle + 2, (gsize)(end - middle - 2));
  g_autofree char *text = g_strndup(line + 2, (gsize)(middle - line - 2));
  g_autofree char *path = g_build_filename(writer->folder, name, NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return TRUE; /* what is not installed is left out */
  GtkWidget *picture = gtk_picture_new_for_filename(path);
  gtk_picture_set_alternative_text(GTK_PICTURE(picture), text);
  gtk_widget_set_size_request(picture, -1, 240);
  gtk_accessible_update_property(GTK_ACCESSIBLE(picture), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_box_append(GTK_BOX(writer->box), picture);
  return TRUE;
}

/* "| a | b |" */
static void
add_table_row(Writer *writer, const char *line)
{
  g_autofree char *inside = g_strndup(line + 1, strlen(line) - (g_str_has_suffix(line, "|") ? 2 : 1));
  g_auto(GStrv) cells = g_strsplit(inside, "|", -1);
  if (strspn(inside, "-:| ") == strlen(inside)) /* the line below the head */
    return;
  if (!writer->table) {
    writer->table = gtk_grid_new();
    writer->table_row = 0;
    gtk_grid_set_column_spacing(GTK_GRID(writer->table), 18);
    gtk_grid_set_row_spacing(GTK_GRID(writer->table), 6);
    gtk_box_append(GTK_BOX(writer->box), writer->table);
  }
  for (int i = 0; cells[i]; i++) {
    GtkWidget *label = new_label(writer, g_strstrip(cells[i]), writer->table_row == 0 ? "heading" : NULL);
    gtk_widget_set_valign(label, GTK_ALIGN_START);
    gtk_grid_attach(GTK_GRID(writer->table), label, i, writer->table_row, 1, 1);
  }
  writer->table_row++;
}

static void
add_line(Writer *writer, const char *line)
{
  size_t hashes = strspn(line, "#"), digits = strspn(line, "0123456789");
  gboolean numbered = digits > 0 && g_str_has_prefix(line + digits, ". ");
  gboolean item = g_str_has_prefix(line, "- ") || numbered;
  if (*line != '|')
    writer->table = NULL;
  if (*line == 0 || hashes > 0 || item || *line == '|' || g_str_has_prefix(line, "!["))
    end_paragraph(writer);
  if (hashes > 0 && line[hashes] == ' ')
    add_heading(writer, line);
  else if (*line == '|')
    add_table_row(writer, line);
  else if (item) {
    g_autofree char *mark = numbered ? g_strndup(line, digits + 1) : g_strdup("•");
    add_item(writer, mark, line + (numbered ? digits + 2 : 2));
  } else if (*line && !add_picture(writer, line))
    g_string_append_printf(writer->paragraph, "%s%s", writer->paragraph->len ? " " : "", line);
}

/* The lines that follow an item, indented, belong to it. */
static char *
join_items(char **lines, guint *i)
{
  GString *line = g_string_new(lines[*i]);
  gboolean item = g_str_has_prefix(line->str, "- ") || (g_ascii_isdigit(*line->str) && strstr(line->str, ". "));
  while (item && lines[*i + 1] && g_str_has_prefix(lines[*i + 1], "  ") && *g_strchug(lines[*i + 1]))
    g_string_append_printf(line, " %s", lines[++*i]);
  return g_string_free(line, FALSE);
}

static void
write_lines(Writer *writer, const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autoptr(GString) code = g_string_new(NULL);
  gboolean in_code = FALSE;
  for (guint i = 0; lines[i]; i++) {
    if (g_str_has_prefix(lines[i], "```")) {
      if (in_code)
        add_code(writer, g_strchomp(code->str));
      else
        end_paragraph(writer);
      g_string_truncate(code, 0);
      in_code = !in_code;
    } else if (in_code)
      g_string_append_printf(code, "%s\n", lines[i]);
    else {
      g_autofree char *line = join_items(lines, &i);
      add_line(writer, g_strchomp(line));
    }
  }
  end_paragraph(writer);
}

static void
free_writer(gpointer data)
{
  Writer *writer = data;
  g_string_free(writer->paragraph, TRUE);
  g_free(writer);
}

GtkWidget *
mg_rich_text_new(const char *text, const char *folder, gboolean (*follow)(const char *, gpointer), gpointer data)
{
  Writer *writer = g_new0(Writer, 1);
  *writer = (Writer){.box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 9), .folder = folder, .follow = follow, .data = data};
  writer->paragraph = g_string_new(NULL);
  g_object_set_data_full(G_OBJECT(writer->box), "writer", writer, free_writer);
  write_lines(writer, text);
  writer->folder = NULL;
  return writer->box;
}
