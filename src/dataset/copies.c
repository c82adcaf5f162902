/* Which tracks are copies of each other. Prints are looked up by their words: two that have one in common at some
 * offset are compared there, bit by bit. */
#include "dataset/problems.h"
#include "dataset/track-scan.h"

enum { COMMON_WORD = 64 /* a word in more places than this says nothing */, LEAST_WORDS = 10 };
static const double least_overlap = 0.6; /* of the shorter print */

typedef struct {
  guint32 word, track;
  int place;
} Entry;

/* Union-find */
static guint
root_of(guint *parents, guint i)
{
  while (parents[i] != i)
    i = parents[i] = parents[parents[i]];
  return i;
}

static void
join(guint *parents, guint a, guint b)
{
  a = root_of(parents, a);
  b = root_of(parents, b);
  parents[MAX(a, b)] = MIN(a, b);
}

static void
join_equal(guint *parents, const GPtrArray *scans)
{
  g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < scans->len; i++) {
    const MgTrackScan *scan = scans->pdata[i];
    if (!scan || scan->message || !scan->digest || scan->samples == 0)
      continue;
    gpointer other = g_hash_table_lookup(first, scan->digest);
    if (other)
      join(parents, GPOINTER_TO_UINT(other) - 1, i);
    else
      g_hash_table_insert(first, scan->digest, GUINT_TO_POINTER(i + 1));
  }
}

static int
compare_entries(gconstpointer a, gconstpointer b)
{
  const Entry *one = a, *two = b;
  return (one->word > two->word) - (one->word < two->word);
}

static GArray *
index_words(const GPtrArray *scans)
{
  GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  for (guint i = 0; i < scans->len; i++) {
    const MgTrackScan *scan = scans->pdata[i];
    for (guint k = 0; scan && k < scan->print->len; k++) {
      Entry entry = {g_array_index(scan->print, guint32, k), i, (int)k};
      if (entry.word)
        g_array_append_val(entries, entry);
    }
  }
  g_array_sort(entries, compare_entries);
  return entries;
}

static guint
sounding(const GArray *print)
{
  guint n = 0;
  for (guint i = 0; i < print->len; i++)
    n += g_array_index(print, guint32, i) != 0;
  return n;
}

static void
try_pair(guint *parents, const GPtrArray *scans, const Entry *a, const Entry *b, double near_distance)
{
  if (root_of(parents, a->track) == root_of(parents, b->track))
    return;
  const GArray *one = ((MgTrackScan *)scans->pdata[a->track])->print;
  const GArray *two = ((MgTrackScan *)scans->pdata[b->track])->print;
  guint least = (guint)(least_overlap * MIN(sounding(one), sounding(two)));
  if (mg_print_distance(one, two, a->place - b->place, MAX(least, LEAST_WORDS)) <= near_distance)
    join(parents, a->track, b->track);
}

static void
join_near(guint *parents, const GPtrArray *scans, double near_distance)
{
  g_autoptr(GArray) entries = index_words(scans);
  for (guint from = 0, to; from < entries->len; from = to) {
    const Entry *first = &g_array_index(entries, Entry, from);
    for (to = from + 1; to < entries->len && g_array_index(entries, Entry, to).word == first->word;)
      to++;
    for (guint i = from; to - from <= COMMON_WORD && i < to; i++)
      for (guint k = i + 1; k < to; k++)
        try_pair(parents, scans, &g_array_index(entries, Entry, i), &g_array_index(entries, Entry, k), near_distance);
  }
}

static GPtrArray *
collect(guint *parents, guint n)
{
  GPtrArray *sets = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
  g_autoptr(GHashTable) by_root = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < n; i++) {
    guint root = root_of(parents, i);
    GArray *set = g_hash_table_lookup(by_root, GUINT_TO_POINTER(root));
    if (root == i)
      continue;
    if (!set) {
      set = g_array_new(FALSE, FALSE, sizeof(guint));
      g_array_append_val(set, root);
      g_hash_table_insert(by_root, GUINT_TO_POINTER(root), set);
      g_ptr_array_add(sets, set);
    }
    g_array_append_val(set, i);
  }
  return sets;
}

GPtrArray *
mg_find_copies(const GPtrArray *scans, double near_distance)
{
  g_autofree guint *parents = g_new(guint, MAX(scans->len, 1));
  for (guint i = 0; i < scans->len; i++)
    parents[i] = i;
  join_equal(parents, scans);
  join_near(parents, scans, near_distance);
  return collect(parents, scans->len);
}
