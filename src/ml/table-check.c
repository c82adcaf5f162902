#include "ml/table-check.h"
#include "base/rng.h"
#include "ml/scaler.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double telling = 0.97;     /* share of the rows whose class a column tells */
static const double nearly_same = 0.02; /* of a standard deviation */

/* Columns by name */

static gboolean
is_about_the_file(const char *column)
{
  static const char *const names[] = {"length", "duration", "samples", "frames", "bytes", "size",      "id",
                                      "index",  "row",      "number",  "track",  "fold",  "Unnamed: 0"};
  g_autofree char *lower = g_ascii_strdown(column, -1);
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_ascii_strcasecmp(column, names[i]) == 0)
      return TRUE;
  return g_str_has_suffix(lower, "_id") || g_str_has_suffix(lower, "_length") || g_str_has_suffix(lower, "_index");
}

/* Columns by what they tell */

typedef struct {
  float value;
  int class;
} Cell;

/* Rows of one value. */
typedef struct {
  float value;
  int commonest, rows, most;
} Run;

static int
compare_cells(const void *a, const void *b)
{
  const Cell *one = a, *other = b;
  return one->value < other->value ? -1 : one->value > other->value;
}

static Run
count_run(const Cell *cells, size_t first, size_t end, int *counts, int classes)
{
  memset(counts, 0, (size_t)classes * sizeof *counts);
  Run run = {.value = cells[first].value, .rows = (int)(end - first)};
  for (size_t i = first; i < end; i++)
    counts[cells[i].class]++;
  for (int c = 0; c < classes; c++)
    if (counts[c] > run.most) {
      run.most = counts[c];
      run.commonest = c;
    }
  return run;
}

/* What a row of a value of its own would be taken for: the class of the value next to it. */
static int
class_beside(const GArray *runs, guint i)
{
  const Run *run = &g_array_index(runs, Run, i);
  const Run *before = i > 0 ? run - 1 : NULL, *after = i + 1 < runs->len ? run + 1 : NULL;
  if (!before || !after)
    return before ? before->commonest : after ? after->commonest : -1;
  return run->value - before->value <= after->value - run->value ? before->commonest : after->commonest;
}

/* Share of the rows whose class the other rows tell by this column alone. */
static double
share_told(const MgSamples *samples, size_t column)
{
  size_t rows = samples->x->rows, right = 0;
  int classes = (int)samples->labels->len;
  g_autofree Cell *cells = g_new(Cell, rows);
  g_autofree int *counts = g_new(int, classes);
  g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(Run));
  for (size_t row = 0; row < rows; row++)
    cells[row] = (Cell){mg_matrix_row(samples->x, row)[column], samples->y[row]};
  qsort(cells, rows, sizeof *cells, compare_cells);
  for (size_t first = 0, end; first < rows; first = end) {
    for (end = first; end < rows && cells[end].value == cells[first].value; end++)
      ;
    Run run = count_run(cells, first, end, counts, classes);
    g_array_append_val(runs, run);
  }
  for (guint i = 0; i < runs->len; i++) {
    const Run *run = &g_array_index(runs, Run, i);
    right += run->rows > 1 ? (size_t)run->most : class_beside(runs, i) == run->commonest;
  }
  return (double)right / (double)rows;
}

GArray *
mg_samples_suspects(const MgSamples *samples)
{
  GArray *suspects = g_array_new(FALSE, FALSE, sizeof(MgSuspect));
  for (guint i = 0; i < samples->columns->len; i++) {
    gboolean by_name = is_about_the_file(samples->columns->pdata[i]);
    MgSuspect suspect = {i, by_name ? NAN : share_told(samples, i)};
    if (by_name || suspect.share >= telling)
      g_array_append_val(suspects, suspect);
  }
  return suspects;
}

void
mg_samples_check_columns(const MgSamples *samples, GPtrArray *warnings)
{
  g_autoptr(GArray) suspects = mg_samples_suspects(samples);
  for (guint i = 0; i < suspects->len; i++) {
    const MgSuspect *suspect = &g_array_index(suspects, MgSuspect, i);
    const char *column = samples->columns->pdata[suspect->column];
    if (isnan(suspect->share))
      g_ptr_array_add(warnings,
                      g_strdup_printf(_("%s: column “%s” tells how a file was made, not how it sounds, and may "
                                        "give the class away; --ignore leaves it out"),
                                      samples->name, column));
    else
      g_ptr_array_add(warnings,
                      g_strdup_printf(_("%s: column “%s” alone tells the class of %.1f%% of the rows; where it "
                                        "was made from the label, --ignore leaves it out"),
                                      samples->name, column, 100 * suspect->share));
  }
}

/* Rows that are the same: like rows lie close together on any line, so that each is compared with those beside it on
 * several ones. The lines span a space of cells as wide as rows may lie apart. */

enum { LINES = 3 };

typedef struct {
  gint32 cell[LINES];
  guint32 row, times; /* times: it and the rows that are the same to the last bit */
  double places[LINES];
} Placed;

static int
compare_cell(const gint32 *one, const gint32 *other)
{
  for (int line = 0; line < LINES; line++)
    if (one[line] != other[line])
      return one[line] < other[line] ? -1 : 1;
  return 0;
}

static int
compare_places(const void *a, const void *b)
{
  const Placed *one = a, *other = b;
  int cells = compare_cell(one->cell, other->cell);
  if (cells != 0)
    return cells;
  if (one->places[0] != other->places[0])
    return one->places[0] < other->places[0] ? -1 : 1;
  return one->row < other->row ? -1 : one->row > other->row;
}

/* On a line in a direction at random, where steps are as long as in x. */
static void
place_on_line(const MgMatrix *x, int number, MgRng *rng, double reach, Placed *placed)
{
  static const double farthest = 1e9;
  g_autofree double *line = g_new(double, x->cols);
  double squares = 0;
  for (size_t f = 0; f < x->cols; f++) {
    line[f] = mg_rng_normal(rng);
    squares += line[f] * line[f];
  }
  for (size_t row = 0; row < x->rows; row++) {
    double place = 0;
    for (size_t f = 0; f < x->cols; f++)
      place += mg_matrix_row(x, row)[f] * line[f];
    placed[row].places[number] = place / sqrt(squares);
    placed[row].cell[number] = (gint32)CLAMP(floor(placed[row].places[number] / reach), -farthest, farthest);
  }
}

static Placed *
place_rows(const MgMatrix *x, double reach)
{
  MgRng rng = mg_rng_new(1);
  Placed *placed = g_new(Placed, MAX(x->rows, 1));
  for (guint32 row = 0; row < x->rows; row++)
    placed[row] = (Placed){.row = row, .times = 1};
  for (int number = 0; number < LINES; number++)
    place_on_line(x, number, &rng, reach, placed);
  qsort(placed, x->rows, sizeof *placed, compare_places);
  return placed;
}

static gboolean
may_be_near(const Placed *one, const Placed *other, double reach)
{
  for (int line = 0; line < LINES; line++)
    if (fabs(one->places[line] - other->places[line]) > reach)
      return FALSE;
  return TRUE;
}

/* Stops as soon as it is more than the limit. */
static double
squared_distance(const float *a, const float *b, size_t n, double limit)
{
  double sum = 0;
  for (size_t f = 0; f < n && sum <= limit; f++)
    sum += ((double)a[f] - b[f]) * ((double)a[f] - b[f]);
  return sum;
}

static int
first_of(int *unit, int row)
{
  while (unit[row] != row)
    row = unit[row] = unit[unit[row]];
  return row;
}

static void
join(int *unit, guint32 one, guint32 other)
{
  int a = first_of(unit, (int)one), b = first_of(unit, (int)other);
  unit[MAX(a, b)] = MIN(a, b);
}

/* Silence may fill half a table: of rows that are the same to the last bit, which are neighbours in their cell, the
 * first stands for all. Gives how many different ones there are. */
static size_t
merge_same(const MgMatrix *x, Placed *placed, MgDuplicates *duplicates)
{
  size_t kept = 0;
  for (size_t i = 0; i < x->rows; i++) {
    Placed *last = kept > 0 ? &placed[kept - 1] : NULL;
    if (last && placed[i].places[0] == last->places[0] &&
        memcmp(mg_matrix_row(x, placed[i].row), mg_matrix_row(x, last->row), x->cols * sizeof(float)) == 0) {
      join(duplicates->unit, placed[i].row, last->row);
      duplicates->identical += last->times++;
    } else {
      placed[kept++] = placed[i];
    }
  }
  return kept;
}

typedef struct {
  const MgMatrix *x;
  const Placed *placed;
  size_t n;
  double limit, reach; /* of the squared distance; on a line */
  MgDuplicates *duplicates;
} Search;

static void
compare_rows(Search *search, const Placed *one, const Placed *other)
{
  if (!may_be_near(one, other, search->reach))
    return;
  const float *a = mg_matrix_row(search->x, one->row), *b = mg_matrix_row(search->x, other->row);
  double distance = squared_distance(a, b, search->x->cols, search->limit);
  if (distance > search->limit)
    return;
  size_t pairs = (size_t)one->times * other->times;
  *(distance == 0 ? &search->duplicates->identical : &search->duplicates->nearly) += pairs;
  join(search->duplicates->unit, one->row, other->row);
}

/* The first row from number `low` on whose cell is not before this one. */
static size_t
find_cell(const Search *search, size_t low, const gint32 *cell)
{
  size_t high = search->n;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (compare_cell(search->placed[middle].cell, cell) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* With the rows behind it in its own cell, and in the cells around that come later: of these, three that differ in the
 * last line alone lie together. */
static void
compare_row(Search *search, size_t i)
{
  static const gint32 later[][LINES - 1] = {{0, 1}, {1, -1}, {1, 0}, {1, 1}};
  const Placed *placed = search->placed, *one = &placed[i];
  gint32 next[LINES] = {one->cell[0], one->cell[1], one->cell[2] + 1};
  for (size_t j = i + 1; j < search->n && compare_cell(placed[j].cell, next) <= 0; j++)
    compare_rows(search, one, &placed[j]);
  for (size_t k = 0; k < G_N_ELEMENTS(later); k++) {
    gint32 first[LINES] = {one->cell[0] + later[k][0], one->cell[1] + later[k][1], one->cell[2] - 1};
    gint32 last[LINES] = {first[0], first[1], one->cell[2] + 1};
    for (size_t j = find_cell(search, i + 1, first); j < search->n && compare_cell(placed[j].cell, last) <= 0; j++)
      compare_rows(search, one, &placed[j]);
  }
}

MgDuplicates
mg_duplicates_find(const MgSamples *samples)
{
  size_t rows = samples->x->rows, features = samples->x->cols;
  MgDuplicates duplicates = {.unit = g_new(int, rows)};
  g_autoptr(MgMatrix) x = mg_matrix_copy(samples->x);
  g_autoptr(MgScaler) scaler = mg_scaler_new("standard", x);
  mg_scaler_apply(scaler, x);
  /* A distance of `limit` is on a line as long as itself at most, and with normal deviation nearly_same: six of them
   * miss one pair in 5e8. */
  double limit = nearly_same * nearly_same * (double)features, reach = MIN(sqrt(limit), 6 * nearly_same) + 1e-9;
  g_autofree Placed *placed = place_rows(x, reach);
  for (size_t row = 0; row < rows; row++)
    duplicates.unit[row] = (int)row;
  Search search = {x, placed, merge_same(x, placed, &duplicates), limit, reach, &duplicates};
  for (size_t i = 0; i < search.n; i++)
    compare_row(&search, i);
  for (size_t row = 0; row < rows; row++)
    duplicates.unit[row] = first_of(duplicates.unit, (int)row);
  return duplicates;
}

void
mg_duplicates_clear(MgDuplicates *duplicates)
{
  g_clear_pointer(&duplicates->unit, g_free);
}

void
mg_duplicates_group(const MgDuplicates *duplicates, MgSamples *samples)
{
  size_t rows = samples->x->rows;
  g_autofree int *unit = g_memdup2(duplicates->unit, rows * sizeof *unit);
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint32 row = 0; samples->groups && row < rows; row++) {
    gpointer first;
    if (*samples->groups[row] && g_hash_table_lookup_extended(known, samples->groups[row], NULL, &first))
      join(unit, row, GPOINTER_TO_UINT(first));
    else if (*samples->groups[row])
      g_hash_table_insert(known, samples->groups[row], GUINT_TO_POINTER(row));
  }
  g_auto(GStrv) groups = g_new0(char *, rows + 1);
  for (size_t row = 0; row < rows; row++)
    groups[row] = g_strdup_printf("%d", first_of(unit, (int)row));
  g_hash_table_remove_all(known); /* its keys go with the old groups */
  g_strfreev(samples->groups);
  samples->groups = g_steal_pointer(&groups);
}
