#include "base/parallel.h"
#include "dsp/vector.h"
#include "dsp/yin.h"
#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>

static const MgParamSpec specs[] = {
    {"n_thresholds", MG_PARAM_INT, "100", 1, 10000, NULL, NULL, NULL, N_("Number of thresholds for troughs")},
    {"boltzmann_parameter", MG_PARAM_FLOAT, "2", 0.01, 100, NULL, NULL, NULL,
     N_("How much short periods are preferred among the troughs of a frame")},
    {"resolution", MG_PARAM_FLOAT, "0.1", 0.01, 1, NULL, "semitones", NULL,
     N_("Distance of the pitches that are told apart")},
    {"max_transition_rate", MG_PARAM_FLOAT, "35.92", 0.1, 1000, NULL, "octaves/s", NULL,
     N_("How fast the pitch may change")},
    {"switch_prob", MG_PARAM_FLOAT, "0.01", 1e-6, 0.999999, NULL, NULL, NULL,
     N_("Probability of going from voiced to unvoiced or back")},
    {"no_trough_prob", MG_PARAM_FLOAT, "0.01", 0, 1, NULL, NULL, NULL,
     N_("Probability of the deepest trough where none is below the threshold")},
};
const MgParamTable mg_pyin_params = MG_PARAM_TABLE("pyin", N_("pYIN"), specs);

/* One pitch that a frame may have. */
typedef struct {
  guint32 bin;
  float probability;
} Candidate;

typedef struct {
  MgYinFrames frames;
  size_t n_thresholds, bins, bins_per_octave;
  double fmin, boltzmann, no_trough;
  double *prior;         /* of the thresholds: the beta distribution with a = 2, b = 18 */
  double *decay;         /* exp(-boltzmann k), (n_troughs) */
  size_t n_troughs;      /* at most, in a frame */
  MgYin **yin;           /* a worker's own */
  GArray **trough;       /* a worker's own */
  Candidate *candidates; /* (frames, n_troughs) */
  guint32 *n_candidates; /* (frames) */
  double *voiced;        /* probability, (frames) */
} Observation;

typedef struct {
  size_t at;
  float height;
  double probability;
} Trough;

/* The beta distribution's cumulative function for a = 2, b = 18. */
static double
beta_cdf(double x)
{
  return 1 - pow(1 - x, 19) - 19 * x * pow(1 - x, 18);
}

static void
find_troughs(const float *difference, size_t n, GArray *troughs)
{
  g_array_set_size(troughs, 0);
  for (size_t at = 0; at < n; at++)
    if (mg_yin_is_trough(difference, n, at))
      g_array_append_val(troughs, ((Trough){at, difference[at], 0}));
}

/* Each threshold gives its probability to the troughs below it: the first ones more, by a Boltzmann distribution. */
static void
weigh_troughs(const Observation *job, Trough *troughs, size_t n)
{
  size_t least = 0;
  double missed = 0; /* probability of the thresholds that no trough is below */
  for (size_t i = 1; i < n; i++)
    least = troughs[i].height < troughs[least].height ? i : least;
  for (size_t t = 0; t < job->n_thresholds; t++) {
    double threshold = (double)(t + 1) / job->n_thresholds;
    if (troughs[least].height >= threshold) {
      missed += job->prior[t];
      continue;
    }
    size_t below = 0;
    for (size_t i = 0; i < n; i++)
      below += troughs[i].height < threshold;
    double scale = job->prior[t] * (1 - job->decay[1]) / (1 - job->decay[below]);
    for (size_t i = 0, position = 0; i < n; i++)
      if (troughs[i].height < threshold)
        troughs[i].probability += scale * job->decay[position++];
  }
  troughs[least].probability += job->no_trough * missed;
}

/* Of two troughs in one pitch bin the later one counts, as in librosa. */
static void
add_candidate(Candidate *candidates, guint32 *n, Candidate candidate)
{
  guint32 i = 0;
  while (i < *n && candidates[i].bin != candidate.bin)
    i++;
  candidates[i] = candidate;
  *n = MAX(*n, i + 1);
}

static void
observe(const Observation *job, int worker, size_t frame)
{
  const MgYinFrames *frames = &job->frames;
  GArray *troughs = job->trough[worker];
  const float *difference = mg_yin_difference(job->yin[worker], frame);
  find_troughs(difference, frames->n_periods, troughs);
  if (troughs->len == 0)
    return;
  weigh_troughs(job, (Trough *)troughs->data, troughs->len);
  Candidate *candidates = job->candidates + frame * job->n_troughs;
  guint32 n = 0;
  for (guint i = 0; i < troughs->len; i++) {
    const Trough *trough = &g_array_index(troughs, Trough, i);
    double period = frames->min_period + trough->at + (double)mg_yin_shift(difference, frames->n_periods, trough->at);
    double bin = rint(job->bins_per_octave * log2(frames->sr / period / job->fmin));
    if (trough->probability > 0 && bin < job->bins)
      add_candidate(candidates, &n, (Candidate){(guint32)MAX(0, bin), (float)trough->probability});
  }
  double voiced = 0;
  for (guint32 i = 0; i < n; i++)
    voiced += candidates[i].probability;
  job->voiced[frame] = MIN(1, voiced);
  job->n_candidates[frame] = n;
}

enum { FRAMES_PER_ITEM = 64 };

static gboolean
observe_frames(size_t item, int worker, gpointer data, GError **error)
{
  const Observation *job = data;
  size_t end = MIN(job->frames.frames, (item + 1) * FRAMES_PER_ITEM);
  for (size_t frame = item * FRAMES_PER_ITEM; frame < end; frame++)
    observe(job, worker, frame);
  return TRUE;
}

/* The hidden Markov model over voiced pitches (0 … bins - 1) and unvoiced ones (bins … 2 bins - 1). From one frame to
 * the next a pitch moves by at most `half` bins, with triangular probabilities, and voicing switches or stays. librosa
 * adds the least normal number to every probability before the logarithm, so nothing is quite impossible. */
typedef struct {
  size_t bins, half;
  double *step;  /* log of the triangle, (2 half + 1) */
  double *total; /* log of a bin's sum of steps, less at the edges: (bins) */
  double stay, change;
  double *value;   /* log probability of the best path to a state, (2 bins) */
  double *padded;  /* that of one voicing less `total`, with -inf around it: (bins + 2 half) */
  double *best[2]; /* by the voicing that a path comes from: (bins) */
  double *from[2]; /* the step it takes, 0 … 2 half */
  guint16 *origin; /* the state before, (frames, 2 bins) */
} Decoder;

static double
log_tiny(void)
{
  return log(DBL_MIN);
}

static void
decoder_init(Decoder *decoder, const Observation *job, const MgParams *params)
{
  size_t bins = job->bins, semitone = job->bins_per_octave / 12;
  double semitones = mg_params_float(params, "max_transition_rate") * 12 * job->frames.hop / job->frames.sr;
  double switch_prob = mg_params_float(params, "switch_prob");
  size_t half = (size_t)MIN(rint(semitones) * semitone / 2, bins - 1.0);
  *decoder = (Decoder){.bins = bins, .half = half, .stay = log(1 - switch_prob), .change = log(switch_prob)};
  decoder->step = g_new(double, 2 * half + 1);
  decoder->total = g_new(double, bins);
  decoder->value = g_new(double, 2 * bins);
  decoder->padded = g_new(double, bins + 2 * half);
  decoder->origin = g_new(guint16, 2 * bins * job->frames.frames);
  for (int v = 0; v < 2; v++) {
    decoder->best[v] = g_new(double, bins);
    decoder->from[v] = g_new(double, bins);
  }
  for (size_t k = 0; k < 2 * half + 1; k++)
    decoder->step[k] = log((double)(MIN(k, 2 * half - k) + 1) / (half + 1));
  for (size_t bin = 0; bin < bins; bin++) {
    double sum = 0;
    for (size_t k = 0; k < 2 * half + 1; k++)
      if (bin + k >= half && bin + k - half < bins)
        sum += exp(decoder->step[k]);
    decoder->total[bin] = log(sum);
  }
  for (size_t i = 0; i < half; i++)
    decoder->padded[i] = decoder->padded[bins + half + i] = -INFINITY;
}

static void
decoder_clear(Decoder *decoder)
{
  g_free(decoder->step);
  g_free(decoder->total);
  g_free(decoder->value);
  g_free(decoder->padded);
  g_free(decoder->origin);
  for (int v = 0; v < 2; v++) {
    g_free(decoder->best[v]);
    g_free(decoder->from[v]);
  }
}

/* best[i] = the largest of padded[i + k] + step[k], from[i] = the first k that has it. */
MG_VECTOR static void
best_steps(const double *padded, const double *step, size_t n_steps, size_t n, double *restrict best,
           double *restrict from)
{
  for (size_t i = 0; i < n; i++) {
    best[i] = padded[i] + step[0];
    from[i] = 0;
  }
  for (size_t k = 1; k < n_steps; k++) {
    const double *restrict before = padded + k;
    double cost = step[k], number = (double)k;
    for (size_t i = 0; i < n; i++) {
      double value = before[i] + cost;
      from[i] = value > best[i] ? number : from[i];
      best[i] = value > best[i] ? value : best[i];
    }
  }
}

static void
add_observation(Decoder *decoder, const Observation *job, size_t frame)
{
  double *value = decoder->value, tiny = log_tiny();
  double unvoiced = log((1 - job->voiced[frame]) / decoder->bins + DBL_MIN);
  const Candidate *candidates = job->candidates + frame * job->n_troughs;
  for (guint32 i = 0; i < job->n_candidates[frame]; i++)
    value[candidates[i].bin] += log(candidates[i].probability + DBL_MIN) - tiny;
  for (size_t bin = 0; bin < decoder->bins; bin++) {
    value[bin] += tiny;
    value[decoder->bins + bin] += unvoiced;
  }
}

static size_t
likeliest(const double *value, size_t n)
{
  size_t best = 0;
  for (size_t i = 1; i < n; i++)
    best = value[i] > value[best] ? i : best;
  return best;
}

/* The best way to each state of one voicing; `leap` is the state to come from where no step is better. */
static void
choose_origins(Decoder *decoder, int voicing, size_t leap, double leap_value, guint16 *origin)
{
  const double *from[2] = {decoder->from[0], decoder->from[1]};
  double *value = decoder->value + voicing * decoder->bins;
  double cost[2] = {voicing == 0 ? decoder->stay : decoder->change, voicing == 1 ? decoder->stay : decoder->change};
  for (size_t bin = 0; bin < decoder->bins; bin++) {
    double voiced = decoder->best[0][bin] + cost[0], unvoiced = decoder->best[1][bin] + cost[1];
    int v = unvoiced > voiced;
    value[bin] = v ? unvoiced : voiced;
    origin[bin] = (guint16)(v * decoder->bins + bin + (size_t)from[v][bin] - decoder->half);
    if (leap_value > value[bin]) {
      value[bin] = leap_value;
      origin[bin] = (guint16)leap;
    }
  }
}

static void
advance(Decoder *decoder, const Observation *job, size_t frame)
{
  size_t bins = decoder->bins, leap = likeliest(decoder->value, 2 * bins);
  double leap_value = decoder->value[leap] + log_tiny();
  guint16 *origin = decoder->origin + frame * 2 * bins;
  for (int v = 0; v < 2; v++) {
    for (size_t bin = 0; bin < bins; bin++)
      decoder->padded[decoder->half + bin] = decoder->value[v * bins + bin] - decoder->total[bin];
    best_steps(decoder->padded, decoder->step, 2 * decoder->half + 1, bins, decoder->best[v], decoder->from[v]);
  }
  for (int v = 0; v < 2; v++)
    choose_origins(decoder, v, leap, leap_value, origin + v * bins);
  add_observation(decoder, job, frame);
}

static void
decode(const Observation *job, const MgParams *params, float *f0)
{
  Decoder decoder;
  decoder_init(&decoder, job, params);
  size_t bins = job->bins, frames = job->frames.frames;
  for (size_t state = 0; state < 2 * bins; state++)
    decoder.value[state] = -log(2.0 * bins);
  add_observation(&decoder, job, 0);
  for (size_t frame = 1; frame < frames; frame++)
    advance(&decoder, job, frame);
  size_t state = likeliest(decoder.value, 2 * bins);
  for (size_t frame = frames; frame-- > 0;) {
    f0[frame] = state < bins ? (float)(job->fmin * exp2((double)state / job->bins_per_octave)) : 0;
    state = frame > 0 ? decoder.origin[frame * 2 * bins + state] : 0;
  }
  decoder_clear(&decoder);
}

static void
observation_init(Observation *job, const MgParams *params, int workers)
{
  size_t frames = job->frames.frames;
  job->n_thresholds = mg_params_int(params, "n_thresholds");
  job->boltzmann = mg_params_float(params, "boltzmann_parameter");
  job->no_trough = mg_params_float(params, "no_trough_prob");
  job->fmin = mg_params_float(params, "fmin");
  job->bins_per_octave = 12 * (size_t)ceil(1 / mg_params_float(params, "resolution"));
  job->bins = (size_t)(job->bins_per_octave * log2(mg_params_float(params, "fmax") / job->fmin)) + 1;
  job->n_troughs = job->frames.n_periods / 2 + 1;
  job->prior = g_new(double, job->n_thresholds);
  for (size_t t = 0; t < job->n_thresholds; t++)
    job->prior[t] = beta_cdf((t + 1.0) / job->n_thresholds) - beta_cdf((double)t / job->n_thresholds);
  job->decay = g_new(double, job->n_troughs + 1);
  for (size_t k = 0; k <= job->n_troughs; k++)
    job->decay[k] = exp(-job->boltzmann * k);
  job->candidates = g_new(Candidate, frames * job->n_troughs);
  job->n_candidates = g_new0(guint32, frames);
  job->voiced = g_new0(double, frames);
  job->yin = g_new(MgYin *, workers);
  job->trough = g_new(GArray *, workers);
  for (int i = 0; i < workers; i++) {
    job->yin[i] = mg_yin_new(&job->frames);
    job->trough[i] = g_array_sized_new(FALSE, FALSE, sizeof(Trough), job->n_troughs);
  }
}

static void
observation_clear(Observation *job, int workers)
{
  for (int i = 0; i < workers; i++) {
    mg_yin_free(job->yin[i]);
    g_array_unref(job->trough[i]);
  }
  g_free(job->yin);
  g_free(job->trough);
  g_free(job->prior);
  g_free(job->decay);
  g_free(job->candidates);
  g_free(job->n_candidates);
  g_free(job->voiced);
}

MgMatrix *
mg_pyin(const float *samples, size_t n, int sr, const MgParams *params, int threads, GError **error)
{
  Observation job = {0};
  if (!mg_yin_frames(&job.frames, samples, n, sr, params, error))
    return NULL;
  g_autoptr(MgMatrix) result = mg_matrix_new(1, job.frames.frames, error);
  if (!result)
    return NULL;
  size_t items = (job.frames.frames + FRAMES_PER_ITEM - 1) / FRAMES_PER_ITEM;
  int workers = (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
  observation_init(&job, params, workers);
  gboolean good = mg_parallel_for(items, workers, observe_frames, &job, NULL, error);
  if (good)
    decode(&job, params, result->data);
  observation_clear(&job, workers);
  return good ? g_steal_pointer(&result) : NULL;
}
