#include "nn/plan-layout.h"

/* Moments of a training step: step i runs forward at i and backward at 2 n - 1 - i; 2 n is the end. */
typedef struct {
  size_t floats;
  int born, dies; /* needed from one moment to the other, both included */
  size_t *place;  /* where the answer goes */
} Span;

typedef struct {
  const MgStep *steps;
  int n;
  size_t input_size;
  GArray *spans; /* Span */
} Builder;

static int
backward_moment(const Builder *builder, int step)
{
  return 2 * builder->n - 1 - step;
}

static void
add_span(Builder *builder, size_t floats, int born, int dies, size_t *place)
{
  Span span = {(floats + 15) & ~(size_t)15, born, dies, place};
  if (floats > 0)
    g_array_append_val(builder->spans, span);
}

/* By size, the largest first; equal ones in the order of time, so that the result is always the same. */
static int
compare_spans(gconstpointer a, gconstpointer b)
{
  const Span *first = a, *second = b;
  if (first->floats != second->floats)
    return first->floats < second->floats ? 1 : -1;
  return first->born != second->born ? first->born - second->born : first->dies - second->dies;
}

static gboolean
together(const Span *a, const Span *b)
{
  return a->born <= b->dies && b->born <= a->dies;
}

/* The lowest gap that is large enough among those already placed, which are in the order of their places. */
static size_t
find_gap(const GPtrArray *placed, const Span *span)
{
  size_t at = 0;
  for (guint i = 0; i < placed->len; i++) {
    const Span *other = placed->pdata[i];
    if (!together(span, other))
      continue;
    if (*other->place >= at + span->floats)
      break;
    at = MAX(at, *other->place + other->floats);
  }
  return at;
}

static void
insert_by_place(GPtrArray *placed, Span *span)
{
  guint i = 0;
  while (i < placed->len && *((Span *)placed->pdata[i])->place <= *span->place)
    i++;
  g_ptr_array_insert(placed, i, span);
}

/* Large buffers first, each as low as it fits: within some percent of the most that is alive at one time. */
static size_t
place_all(GArray *spans)
{
  size_t floats = 0;
  g_array_sort(spans, compare_spans);
  g_autoptr(GPtrArray) placed = g_ptr_array_new();
  for (guint i = 0; i < spans->len; i++) {
    Span *span = &g_array_index(spans, Span, i);
    *span->place = find_gap(placed, span);
    floats = MAX(floats, *span->place + span->floats);
    insert_by_place(placed, span);
  }
  return floats;
}

static int
last_use_of_output(const Builder *builder, int step, gboolean training)
{
  int dies = step;
  for (int c = step + 1; c < builder->n; c++)
    for (int k = 0; k < builder->steps[c].n_inputs; k++)
      if (builder->steps[c].from[k] == step)
        dies = MAX(dies, training && !mg_step_spares_x(&builder->steps[c]) ? backward_moment(builder, c) : c);
  if (training && !mg_step_spares_y(&builder->steps[step]))
    dies = MAX(dies, backward_moment(builder, step));
  return dies;
}

static void
add_outputs(Builder *builder, gboolean training, gboolean keep, size_t *places)
{
  for (int i = 0; i < builder->n; i++) {
    gboolean stays = keep || i == builder->n - 1;
    int dies = stays ? 2 * builder->n : last_use_of_output(builder, i, training);
    add_span(builder, builder->steps[i].output_size, i, dies, &places[i]);
  }
}

static void
add_caches(Builder *builder, size_t *places)
{
  for (int i = 0; i < builder->n; i++)
    add_span(builder, (builder->steps[i].cache_size + sizeof(float) - 1) / sizeof(float), i,
             backward_moment(builder, i), &places[i]);
}

/* A gradient is made by the last step that took the output, which is the first on the way back; the others' shares are
 * added to it. */
static void
add_gradients(Builder *builder, gboolean keep, MgLayout *layout)
{
  g_autofree int *born = g_new0(int, builder->n + 1); /* by step, the network's input before the first; 0: not yet */
  for (int i = builder->n; i-- > 0;)
    for (int k = 0; k < builder->steps[i].n_inputs; k++) {
      int source = builder->steps[i].from[k], now = backward_moment(builder, i);
      size_t floats = source < 0 ? builder->input_size : builder->steps[source].output_size;
      if (born[source + 1])
        add_span(builder, floats, now, now, &layout->share[i][k]);
      else
        born[source + 1] = now;
    }
  for (int i = 0; i < builder->n - 1; i++)
    add_span(builder, builder->steps[i].output_size, born[i + 1], keep ? 2 * builder->n : backward_moment(builder, i),
             &layout->gradient[i]);
}

MgLayout *
mg_layout_new(const MgStep *steps, int n, size_t input_size, gboolean training, gboolean keep)
{
  MgLayout *layout = g_new0(MgLayout, 1);
  layout->n = n;
  layout->output = g_new0(size_t, n);
  layout->cache = g_new0(size_t, n);
  layout->gradient = g_new0(size_t, n);
  layout->share = g_new0(size_t *, n);
  for (int i = 0; i < n; i++) {
    layout->share[i] = g_new(size_t, steps[i].n_inputs);
    for (int k = 0; k < steps[i].n_inputs; k++)
      layout->share[i][k] = G_MAXSIZE;
  }
  Builder builder = {steps, n, input_size, g_array_new(FALSE, FALSE, sizeof(Span))};
  add_outputs(&builder, training, keep, layout->output);
  if (training) {
    add_caches(&builder, layout->cache);
    add_gradients(&builder, keep, layout);
  }
  layout->floats = place_all(builder.spans);
  g_array_unref(builder.spans);
  return layout;
}

void
mg_layout_free(MgLayout *layout)
{
  if (!layout)
    return;
  for (int i = 0; i < layout->n; i++)
    g_free(layout->share[i]);
  g_free(layout->share);
  g_free(layout->output);
  g_free(layout->cache);
  g_free(layout->gradient);
  g_free(layout);
}
