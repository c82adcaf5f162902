/* Tables for a terminal: cells as wide as columns of it, whatever the language and the names. */
#pragma once
#include <glib.h>

int mg_text_columns(const char *text);
/* Padded behind, with two blanks more; what is wider loses its middle. */
void mg_print_cell(const char *text, int width);
/* Padded before; what is wider stays whole. */
void mg_print_right(const char *text, int width);
