#include "cli/columns.h"
#include <string.h>

/* Valid UTF-8 without control characters: a name with a line end stays one row. */
static char *
printable(const char *text)
{
  char *valid = g_utf8_make_valid(text, -1);
  for (char *c = valid; *c; c++)
    if (g_ascii_iscntrl(*c))
      *c = '?';
  return valid;
}

/* Columns of a terminal: East Asian characters take two, marks over others none. */
static int
columns_of(gunichar c)
{
  return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

static int
columns_between(const char *from, const char *end)
{
  int columns = 0;
  for (const char *c = from; c < end; c = g_utf8_next_char(c))
    columns += columns_of(g_utf8_get_char(c));
  return columns;
}

int
mg_text_columns(const char *text)
{
  g_autofree char *valid = printable(text);
  return columns_between(valid, valid + strlen(valid));
}

/* printf pads by bytes. */
void
mg_print_cell(const char *text, int width)
{
  g_autofree char *valid = printable(text);
  const char *end = valid + strlen(valid), *head = valid, *tail = end;
  int all = columns_between(valid, end);
  if (all <= width) {
    g_print("%s%*s  ", valid, width - all, "");
    return;
  }
  while (columns_between(valid, g_utf8_next_char(head)) <= width / 2)
    head = g_utf8_next_char(head);
  while (columns_between(g_utf8_prev_char(tail), end) <= width - width / 2 - 1)
    tail = g_utf8_prev_char(tail);
  int used = columns_between(valid, head) + 1 + columns_between(tail, end);
  g_print("%.*s…%s%*s  ", (int)(head - valid), valid, tail, width - used, "");
}

void
mg_print_right(const char *text, int width)
{
  g_print("%*s%s", MAX(0, width - mg_text_columns(text)), "", text);
}
