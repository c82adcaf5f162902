#include "plot/row-axis.h"
#include "plot/text.h"
#include <math.h>
#include <stdio.h>

static const char *const pitch_classes[] = {"C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"};
static const char *const tonal_dimensions[] = {"5x", "5y", "m3x", "m3y", "M3x", "M3y"}; /* librosa's names */

/* Semitones that are told together, the densest set first; `gap` is the least distance between two of them. */
static const struct {
  guint semitones; /* bit s: semitone s above C */
  int gap;
} pitch_sets[] = {{0xfff, 1}, {0x295, 2}, {0x091, 3}, {0x081, 5}, {0x001, 12}};

static const double tempi[] = {15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640};

const char *
mg_pitch_class(int semitone)
{
  return pitch_classes[((semitone % 12) + 12) % 12];
}

const char *
mg_row_name(const MgRowAxis *axis, size_t row)
{
  if (row >= axis->n)
    return NULL;
  if (axis->kind == MG_ROWS_CHROMA)
    return mg_pitch_class((int)(row * 12 / MAX(axis->n, 1)));
  if (axis->kind == MG_ROWS_TONNETZ && row < G_N_ELEMENTS(tonal_dimensions))
    return tonal_dimensions[row];
  return NULL;
}

static void
add_tick(GArray *ticks, double at, const char *text)
{
  MgTick tick = {.at = at};
  g_strlcpy(tick.text, text, sizeof tick.text);
  g_array_append_val(ticks, tick);
}

/* Semitones lie `rows` rows apart; `first` is the semitone (from C0) of the middle of row 0. */
static void
add_pitches(GArray *ticks, double first, double rows, gboolean octaves, double low, double high, double per_unit,
            double spacing)
{
  size_t set = 0;
  while (set < G_N_ELEMENTS(pitch_sets) - 1 && pitch_sets[set].gap * rows * per_unit < spacing)
    set++;
  int from = (int)ceil(first + (low - 0.5) / rows), to = (int)floor(first + (high - 0.5) / rows);
  for (int semitone = from; semitone <= to; semitone++) {
    int class = ((semitone % 12) + 12) % 12;
    char text[24];
    if (!(pitch_sets[set].semitones >> class & 1))
      continue;
    snprintf(text, sizeof text, octaves ? "%s%d" : "%s", pitch_classes[class], (int)floor(semitone / 12.0));
    add_tick(ticks, (semitone - first) * rows + 0.5, text);
  }
}

static void
add_names(GArray *ticks, const MgRowAxis *axis, double low, double high, double per_unit, double spacing)
{
  int step = per_unit >= spacing ? 1 : 2;
  for (int row = MAX(0, (int)floor(low)); row < (int)axis->n && row + 0.5 <= high; row++)
    if (row + 0.5 >= low && mg_row_name(axis, row) && (row % step == 0 || per_unit * 2 < spacing))
      add_tick(ticks, row + 0.5, mg_row_name(axis, row));
}

static void
add_numbers(GArray *ticks, const MgRowAxis *axis, double low, double high, double per_unit, double spacing)
{
  int step = (int)MAX(1, mg_round_step(spacing / per_unit));
  for (int row = 0; row < (int)axis->n; row += step)
    if (row + 0.5 >= low && row + 0.5 <= high) {
      char text[24];
      snprintf(text, sizeof text, "%d", row);
      add_tick(ticks, row + 0.5, text);
    }
}

static void
add_tempi(GArray *ticks, double low, double high, double per_unit, double spacing)
{
  int step = log2(4.0 / 3) * per_unit >= spacing ? 1 : per_unit >= spacing ? 2 : 4;
  for (size_t i = 0; i < G_N_ELEMENTS(tempi); i++) {
    char text[24];
    double at = log2(tempi[i]);
    snprintf(text, sizeof text, "%.0f", tempi[i]);
    if (i % step == 2u % step && at >= low && at <= high)
      add_tick(ticks, at, text);
  }
}

GArray *
mg_row_ticks(const MgRowAxis *axis, double y0, double y1, double length, double spacing)
{
  GArray *ticks = g_array_new(FALSE, TRUE, sizeof(MgTick));
  double low = MIN(y0, y1), high = MAX(y0, y1), per_unit = length / (high - low);
  if (!isfinite(per_unit) || !(per_unit > 0) || axis->n == 0)
    return ticks;
  if (axis->kind == MG_ROWS_TEMPO)
    add_tempi(ticks, low, high, per_unit, spacing);
  else if (axis->kind == MG_ROWS_TONNETZ)
    add_names(ticks, axis, low, high, per_unit, spacing);
  else if (axis->kind == MG_ROWS_CHROMA)
    add_pitches(ticks, 0, axis->n / 12.0, FALSE, low, MIN(high, axis->n), per_unit, spacing);
  else if (axis->kind == MG_ROWS_NOTES)
    add_pitches(ticks, 57 + 12 * log2(axis->first_hz / 440), axis->bins_per_octave / 12, TRUE, low, MIN(high, axis->n),
                per_unit, spacing);
  else
    add_numbers(ticks, axis, low, high, per_unit, spacing);
  return ticks;
}

void
mg_row_axis_draw(cairo_t *cr, const MgGeometry *g, const MgStyle *style, const MgRowAxis *axis, const char *title)
{
  g_autoptr(GArray) ticks = mg_row_ticks(axis, g->y0, g->y1, g->height, 1.3 * style->font_size);
  mg_axis_draw_y_ticks(cr, g, style, ticks, title, FALSE);
}

double
mg_row_axis_width(const MgStyle *style, const MgRowAxis *axis, const char *title)
{
  double widest, height;
  mg_text_measure(style, axis->kind == MG_ROWS_TONNETZ ? "M3x" : "G♯7", &(MgTextLook){0}, &widest, &height);
  return 7 + widest + (title ? 4 + mg_text_line(style) : 0);
}
