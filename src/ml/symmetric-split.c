#include "ml/symmetric-split.h"
#include "base/parallel.h"
#include "base/vector.h"
#include <math.h>
#include <string.h>

enum { WIDTH = 8, CODES = 256 };
typedef float Lanes __attribute__((vector_size(WIDTH * sizeof(float))));

/* A row's gradients times its weight, its weight behind them, zeros: `parts` Lanes. Sums of rows look the same. */
typedef struct {
  guint32 begin, body, end; /* rows of the body, then those of the tail */
} Group;

typedef struct {
  Lanes *sums;                     /* (CODES, 2, parts): of the body, of the tail; all 0 between uses */
  double *numerator, *denominator; /* [CODES]: what they grow by at a border */
} Scratch;

struct MgSplitSearch {
  const MgColumns *columns;
  int classes, threads;
  size_t parts;
  double l2;
  Lanes *is_class; /* [parts]: 1 where there is a class */
  gboolean whole;  /* the fold's one body is its tail */
  guint n;         /* groups, a segment's leaves behind the other's */
  Group *groups;
  guint32 *rows;  /* of all groups */
  Lanes *vectors; /* of these rows */
  size_t room;
  Scratch *scratch; /* [threads] */
  MgSplit *splits;  /* of the caller */
};

static gpointer
new_lanes(size_t n)
{
  gpointer lanes = g_aligned_alloc0(MAX(n, 1), sizeof(Lanes), 64);
  return lanes;
}

MgSplitSearch *
mg_split_search_new(const MgColumns *columns, int classes, guint leaves, int threads, double l2)
{
  MgSplitSearch *search = g_new(MgSplitSearch, 1);
  size_t parts = ((size_t)classes + 1 + WIDTH - 1) / WIDTH, room = 4 * columns->rows;
  *search = (MgSplitSearch){.columns = columns,
                            .classes = classes,
                            .threads = threads,
                            .parts = parts,
                            .l2 = l2,
                            .is_class = new_lanes(parts),
                            .groups = g_new(Group, 64 * leaves),
                            .rows = g_new(guint32, room),
                            .vectors = new_lanes(room * parts),
                            .room = room,
                            .scratch = g_new(Scratch, threads)};
  for (int c = 0; c < classes; c++)
    ((float *)search->is_class)[c] = 1;
  for (int i = 0; i < threads; i++)
    search->scratch[i] = (Scratch){new_lanes(CODES * 2 * parts), g_new0(double, CODES), g_new0(double, CODES)};
  return search;
}

void
mg_split_search_free(MgSplitSearch *search)
{
  if (!search)
    return;
  for (int i = 0; i < search->threads; i++) {
    g_aligned_free(search->scratch[i].sums);
    g_free(search->scratch[i].numerator);
    g_free(search->scratch[i].denominator);
  }
  g_aligned_free(search->is_class);
  g_aligned_free(search->vectors);
  g_free(search->groups);
  g_free(search->rows);
  g_free(search->scratch);
  g_free(search);
}

static void
put_row(MgSplitSearch *search, const MgOrderedFold *fold, const MgSegment *segment, size_t i, float weight,
        guint32 place)
{
  const float *gradient = segment->gradient + i * (size_t)search->classes;
  float *vector = (float *)(search->vectors + place * search->parts);
  search->rows[place] = fold->order[i];
  memset(vector, 0, search->parts * sizeof(Lanes));
  for (int c = 0; c < search->classes; c++)
    vector[c] = weight * gradient[c];
  vector[search->classes] = weight;
}

/* A segment's groups: counted, placed, filled. Where the body is the tail, its rows are put once. */
static guint32
group_segment(MgSplitSearch *search, const MgOrderedFold *fold, const MgSegment *segment, const float *weight,
              const guint16 *leaf, guint leaves, guint32 place)
{
  Group *groups = search->groups + search->n;
  size_t tail = segment->body;
  g_autofree guint32 *bodies = g_new0(guint32, leaves), *tails = g_new0(guint32, leaves);
  for (size_t i = 0; i < segment->body; i++)
    bodies[leaf[fold->order[i]]]++;
  for (size_t i = tail; i < segment->tail; i++)
    tails[leaf[fold->order[i]]]++;
  for (guint l = 0; l < leaves; l++) {
    groups[l] = (Group){place, place + bodies[l], place + bodies[l] + tails[l]};
    bodies[l] = groups[l].begin;
    tails[l] = groups[l].body;
    place = groups[l].end;
  }
  for (size_t i = 0; i < segment->body; i++)
    put_row(search, fold, segment, i, weight[fold->order[i]], bodies[leaf[fold->order[i]]]++);
  for (size_t i = tail; i < segment->tail; i++)
    put_row(search, fold, segment, i, weight[fold->order[i]], tails[leaf[fold->order[i]]]++);
  search->n += leaves;
  return place;
}

/* The sums of each one's lanes, in an order that suits all instruction sets. */
static G_ALWAYS_INLINE inline void
sum_lanes(Lanes a, Lanes b, float *sum_a, float *sum_b)
{
  Lanes both = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
               __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  both += __builtin_shufflevector(both, both, 2, 3, 0, 1, 6, 7, 4, 5);
  both += __builtin_shufflevector(both, both, 1, 0, 3, 2, 5, 4, 7, 6);
  *sum_a = both[0];
  *sum_b = both[WIDTH / 2];
}

typedef struct {
  float numerator, denominator;
} Judgement;

/* What one leaf adds to the score where body[0 … parts) learned and tail[…] judges. */
static G_ALWAYS_INLINE inline Judgement
judge(const Lanes *body, const Lanes *tail, const Lanes *is_class, size_t parts, int classes, float l2)
{
  float weight = ((const float *)body)[classes] + l2, judged = ((const float *)tail)[classes];
  Lanes along = {0}, squares = {0};
  float factor = weight > 1e-12f ? 1 / weight : 0;
  for (size_t p = 0; p < parts; p++) {
    Lanes says = body[p] * is_class[p] * factor;
    along += says * tail[p];
    squares += says * says;
  }
  Judgement judgement;
  sum_lanes(along, squares, &judgement.numerator, &judgement.denominator);
  judgement.denominator *= judged;
  return judgement;
}

/* Sums of the rows with each code; the codes that there are, as bits. */
static G_ALWAYS_INLINE inline void
sum_codes(const guint16 *codes, const guint32 *rows, const Lanes *vectors, size_t n, size_t parts, Lanes *sums,
          guint64 *present)
{
  for (size_t i = 0; i < n; i++) {
    guint code = codes[rows[i]];
    Lanes *sum = sums + code * 2 * parts;
    for (size_t p = 0; p < parts; p++)
      sum[p] += vectors[i * parts + p];
    present[code / 64] |= G_GUINT64_CONSTANT(1) << code % 64;
  }
}

/* The same for both sides of a border where the body is the tail. */
static G_ALWAYS_INLINE inline Judgement
judge_sides(const Lanes *left, const Lanes *right, const Lanes *is_class, size_t parts, int classes, float l2)
{
  float weight_a = ((const float *)left)[classes], weight_b = ((const float *)right)[classes];
  float below_a = weight_a + l2, below_b = weight_b + l2, squares_a, squares_b;
  Lanes a = {0}, b = {0};
  for (size_t p = 0; p < parts; p++) {
    a += left[p] * left[p] * is_class[p];
    b += right[p] * right[p] * is_class[p];
  }
  sum_lanes(a, b, &squares_a, &squares_b);
  float factor_a = below_a > 1e-12f ? 1 / below_a : 0, factor_b = below_b > 1e-12f ? 1 / below_b : 0;
  squares_a *= factor_a;
  squares_b *= factor_b;
  return (Judgement){squares_a + squares_b, squares_a * weight_a * factor_a + squares_b * weight_b * factor_b};
}

/* As try_group(), where the body is the tail. */
static G_ALWAYS_INLINE inline void
try_whole_group(const Group *group, const guint16 *codes, const guint32 *rows, const Lanes *vectors,
                const Lanes *is_class, size_t parts, int classes, float l2, Scratch *scratch, Lanes *left, double *all)
{
  guint64 present[CODES / 64] = {0};
  Lanes *sums = scratch->sums, *right = left + parts;
  sum_codes(codes, rows + group->begin, vectors + group->begin * parts, group->end - group->begin, parts, sums,
            present);
  memset(left, 0, 2 * parts * sizeof *left);
  for (size_t i = group->begin; i < group->end; i++)
    for (size_t p = 0; p < parts; p++)
      right[p] += vectors[i * parts + p];
  Judgement before = judge_sides(left, right, is_class, parts, classes, l2);
  all[0] += before.numerator;
  all[1] += before.denominator;
  for (guint word = 0; word < CODES / 64; word++)
    for (guint64 bits = present[word]; bits; bits &= bits - 1) {
      guint code = word * 64 + (guint)__builtin_ctzll(bits);
      Lanes *sum = sums + code * 2 * parts;
      for (size_t p = 0; p < parts; p++) {
        left[p] += sum[p];
        right[p] -= sum[p];
        sum[p] = (Lanes){0};
      }
      Judgement now = judge_sides(left, right, is_class, parts, classes, l2);
      scratch->numerator[code] += now.numerator - before.numerator;
      scratch->denominator[code] += now.denominator - before.denominator;
      before = now;
    }
}

/* Goes over the borders of a group, at each of which some rows change sides. */
static G_ALWAYS_INLINE inline void
try_group(const Group *group, const guint16 *codes, const guint32 *rows, const Lanes *vectors, const Lanes *is_class,
          size_t parts, int classes, float l2, Scratch *scratch, Lanes *left, double *all)
{
  guint64 present[CODES / 64] = {0};
  Lanes *sums = scratch->sums, *right = left + 2 * parts;
  sum_codes(codes, rows + group->begin, vectors + group->begin * parts, group->body - group->begin, parts, sums,
            present);
  sum_codes(codes, rows + group->body, vectors + group->body * parts, group->end - group->body, parts, sums + parts,
            present);
  memset(left, 0, 4 * parts * sizeof *left);
  for (size_t i = group->begin; i < group->end; i++)
    for (size_t p = 0; p < parts; p++)
      right[(i < group->body ? 0 : parts) + p] += vectors[i * parts + p];
  Judgement before = judge(right, right + parts, is_class, parts, classes, l2);
  all[0] += before.numerator;
  all[1] += before.denominator;
  for (guint word = 0; word < CODES / 64; word++)
    for (guint64 bits = present[word]; bits; bits &= bits - 1) {
      guint code = word * 64 + (guint)__builtin_ctzll(bits);
      Lanes *sum = sums + code * 2 * parts;
      for (size_t p = 0; p < 2 * parts; p++) {
        left[p] += sum[p];
        right[p] -= sum[p];
        sum[p] = (Lanes){0};
      }
      Judgement a = judge(left, left + parts, is_class, parts, classes, l2),
                b = judge(right, right + parts, is_class, parts, classes, l2);
      Judgement now = {a.numerator + b.numerator, a.denominator + b.denominator};
      scratch->numerator[code] += now.numerator - before.numerator;
      scratch->denominator[code] += now.denominator - before.denominator;
      before = now;
    }
}

MG_VECTOR static void
try_groups(const MgSplitSearch *search, const guint16 *codes, Scratch *scratch, double *all)
{
  Lanes *left = g_alloca(4 * search->parts * sizeof(Lanes) + sizeof(Lanes));
  left = (Lanes *)(((guintptr)left + sizeof(Lanes) - 1) / sizeof(Lanes) * sizeof(Lanes));
  for (guint i = 0; i < search->n; i++) {
    const Group *group = &search->groups[i];
    if (group->end == group->begin)
      continue;
    if (search->whole && search->parts == 1)
      try_whole_group(group, codes, search->rows, search->vectors, search->is_class, 1, search->classes,
                      (float)search->l2, scratch, left, all);
    else if (search->whole)
      try_whole_group(group, codes, search->rows, search->vectors, search->is_class, search->parts, search->classes,
                      (float)search->l2, scratch, left, all);
    else if (search->parts == 1) /* the common width, for the compiler to unroll */
      try_group(group, codes, search->rows, search->vectors, search->is_class, 1, search->classes, (float)search->l2,
                scratch, left, all);
    else if (search->parts == 2)
      try_group(group, codes, search->rows, search->vectors, search->is_class, 2, search->classes, (float)search->l2,
                scratch, left, all);
    else
      try_group(group, codes, search->rows, search->vectors, search->is_class, search->parts, search->classes,
                (float)search->l2, scratch, left, all);
  }
}

static gboolean
try_feature(size_t feature, int worker, gpointer data, GError **error)
{
  MgSplitSearch *search = data;
  const MgColumns *columns = search->columns;
  Scratch *scratch = &search->scratch[worker];
  double all[2] = {0, 0};
  MgSplit best = {-INFINITY, 0};
  guint32 n = columns->n[feature];
  if (n > 1)
    try_groups(search, columns->codes + feature * columns->rows, scratch, all);
  for (guint32 code = 0; code < n; code++) {
    all[0] += scratch->numerator[code];
    all[1] += scratch->denominator[code];
    scratch->numerator[code] = scratch->denominator[code] = 0;
    double score = all[1] > 1e-20 ? all[0] / sqrt(all[1]) : 0;
    if (code + 1 < n && score > best.score)
      best = (MgSplit){score, code};
  }
  search->splits[feature] = best;
  return TRUE;
}

void
mg_split_search_run(MgSplitSearch *search, const MgOrderedFold *fold, const float *weight, const guint16 *leaf,
                    guint leaves, MgSplit *splits)
{
  guint32 place = 0;
  search->n = 0;
  search->whole = fold->segments[0].body == fold->segments[0].tail;
  for (guint s = 0; s < fold->n; s++)
    place = group_segment(search, fold, &fold->segments[s], weight, leaf, leaves, place);
  g_assert(place <= search->room);
  search->splits = splits;
  mg_parallel_for(search->columns->features, search->threads, try_feature, search, NULL, NULL);
}
