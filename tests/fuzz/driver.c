/* Changes seeds at random and gives them to the target: DRIVER [--seconds S | --runs N] [--number K] SEED…
 * MELOGRAPH_FUZZ_SECONDS in the environment stands for --seconds. The changes follow from the number, so a run that
 * fails can be had again. Before, each seed is given whole and cut off after every one of its bytes: a file that was
 * being written when the power went is read, or refused in a line. With --room BYTES no reader may ask for more than
 * that at once beyond four times what it is given. */
#include "allocations.h"
#include "base/rng.h"
#include "fuzz.h"
#include <stdlib.h>

enum { most_bytes = 1 << 16 };

static void
flip(MgRng *rng, GByteArray *bytes, const GByteArray *other)
{
  bytes->data[mg_rng_below(rng, bytes->len)] ^= 1 << mg_rng_below(rng, 8);
}

static void
set_number(MgRng *rng, GByteArray *bytes, const GByteArray *other)
{
  static const guint64 numbers[] = {0, 1, 127, 128, 255, 0x7fffffff, 0xffffffff, G_MAXINT64, G_MAXUINT64, 1ull << 60};
  guint64 number = numbers[mg_rng_below(rng, G_N_ELEMENTS(numbers))];
  guint width = 1u << mg_rng_below(rng, 4), at = mg_rng_below(rng, bytes->len);
  memcpy(bytes->data + at, &number, MIN(width, bytes->len - at));
}

static void
cut(MgRng *rng, GByteArray *bytes, const GByteArray *other)
{
  guint at = mg_rng_below(rng, bytes->len);
  g_byte_array_remove_range(bytes, at, 1 + mg_rng_below(rng, MIN(bytes->len - at, 64)));
}

/* A piece of the other seed, or of itself, comes in between. */
static void
splice(MgRng *rng, GByteArray *bytes, const GByteArray *other)
{
  guint from = mg_rng_below(rng, other->len), n = 1 + mg_rng_below(rng, MIN(other->len - from, 256));
  guint at = mg_rng_below(rng, bytes->len + 1), old = bytes->len;
  if (old + n > most_bytes)
    return;
  g_byte_array_set_size(bytes, old + n);
  memmove(bytes->data + at + n, bytes->data + at, old - at);
  memcpy(bytes->data + at, other->data + from, n);
}

static void
digit(MgRng *rng, GByteArray *bytes, const GByteArray *other)
{
  static const char marks[] = "0123456789-+.eE\"{}[],:$ \n\xff";
  bytes->data[mg_rng_below(rng, bytes->len)] = marks[mg_rng_below(rng, sizeof marks - 1)];
}

static void (*const changes[])(MgRng *, GByteArray *, const GByteArray *) = {flip, set_number, cut, splice, digit};

static gint64 room;        /* bytes; 0: anything */
static size_t most_beyond; /* four times what was given */

/* Gives a copy of just this size: reading beyond its end is found by a sanitizer. */
static void
give(const guint8 *data, size_t n)
{
  g_autofree guint8 *exact = g_malloc(MAX(n, 1));
  memcpy(exact, data, n);
  allocations_begin();
  LLVMFuzzerTestOneInput(exact, n);
  size_t largest = allocations_largest();
  most_beyond = MAX(most_beyond, largest - MIN(largest, 4 * n));
  if (room == 0 || most_beyond <= (size_t)room)
    return;
  g_file_set_contents("too-large", (const char *)data, (gssize)n, NULL);
  g_error("%zu bytes at once for an input of %zu, which is in the file too-large", largest, n);
}

static gint64
cut_everywhere(const GPtrArray *seeds)
{
  gint64 inputs = 0;
  for (guint i = 0; i < seeds->len; i++) {
    const GByteArray *seed = seeds->pdata[i];
    for (guint n = 0; n <= seed->len; n++, inputs++)
      give(seed->data, n);
  }
  return inputs;
}

static void
run_once(const GPtrArray *seeds, guint64 number, guint64 run)
{
  MgRng rng = mg_rng_stream(number, run);
  const GByteArray *seed = seeds->pdata[mg_rng_below(&rng, seeds->len)];
  const GByteArray *other = seeds->pdata[mg_rng_below(&rng, seeds->len)];
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  g_byte_array_append(bytes, seed->data, seed->len);
  for (guint n = 1 + mg_rng_below(&rng, 8); n > 0 && bytes->len > 0; n--)
    changes[mg_rng_below(&rng, G_N_ELEMENTS(changes))](&rng, bytes, other);
  give(bytes->data, bytes->len);
}

static gboolean
add_seed(GPtrArray *seeds, const char *path)
{
  char *content;
  gsize length;
  if (!g_file_get_contents(path, &content, &length, NULL) || length == 0)
    return FALSE;
  g_ptr_array_add(seeds, g_byte_array_new_take((guint8 *)content, length));
  return TRUE;
}

int
main(int argc, char **argv)
{
  const char *asked = g_getenv("MELOGRAPH_FUZZ_SECONDS");
  double seconds = asked ? g_ascii_strtod(asked, NULL) : 0;
  gint64 runs = 2000, number = 1;
  GOptionEntry entries[] = {{"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "How long", "S"},
                            {"runs", 0, 0, G_OPTION_ARG_INT64, &runs, "How often", "N"},
                            {"room", 0, 0, G_OPTION_ARG_INT64, &room, "Most to be asked for at once", "BYTES"},
                            {"number", 0, 0, G_OPTION_ARG_INT64, &number, "Start of everything random", "K"},
                            {0}};
  g_autoptr(GOptionContext) context = g_option_context_new("SEED…");
  g_option_context_add_main_entries(context, entries, NULL);
  g_autoptr(GPtrArray) seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
  if (!g_option_context_parse(context, &argc, &argv, NULL))
    return 2;
  for (int i = 1; i < argc; i++)
    if (!add_seed(seeds, argv[i]))
      return 2;
  if (seeds->len == 0)
    return 2;
  gint64 cut_off = cut_everywhere(seeds), start = g_get_monotonic_time(), run = 0;
  while (seconds > 0 ? g_get_monotonic_time() - start < seconds * 1e6 : run < runs)
    run_once(seeds, number, run++);
  g_print("%" G_GINT64_FORMAT " inputs cut off, %" G_GINT64_FORMAT
          " changed, at most %zu bytes at once beyond four times"
          " what was given\n",
          cut_off, run, most_beyond);
  return 0;
}
