#include "dsp/frames.h"
#include "base/error.h"
#include "base/parallel.h"
#include <glib/gi18n-lib.h>

static const MgParamSpec hop_spec = {
    "hop_length", MG_PARAM_INT, "512", 1, 1048576, NULL, "samples", NULL, N_("Samples from one frame to the next")};
const MgParamTable mg_hop_params = {.name = "hop", .title = N_("Frames of features"), .specs = &hop_spec, .n = 1};

static const MgParamSpec specs[] = {
    {"frame_length", MG_PARAM_INT, "2048", 2, 262144, NULL, "samples", NULL, N_("Length of a frame")},
    {"hop_length", MG_PARAM_INT, "512", 1, 1048576, NULL, "samples", NULL, N_("Samples from one frame to the next")},
    {"center", MG_PARAM_BOOL, "true", 0, 0, NULL, NULL, NULL,
     N_("Frames are centred on their time; the signal is padded at both ends")},
};
const MgParamTable mg_frame_params = MG_PARAM_TABLE("frames", N_("Frames"), specs);

enum { FRAMES_PER_ITEM = 512 };

typedef struct {
  const float *samples;
  size_t n, length, hop, before;
  MgPadMode mode;
  MgFrameFunc func;
  float **frame; /* a worker's own, (length) */
  MgMatrix *result;
} Job;

static gboolean
make_frames(size_t item, int worker, gpointer data, GError **error)
{
  const Job *job = data;
  size_t end = MIN(job->result->cols, (item + 1) * FRAMES_PER_ITEM);
  for (size_t f = item * FRAMES_PER_ITEM; f < end; f++) {
    gint64 start = (gint64)(f * job->hop) - (gint64)job->before;
    const float *frame = job->samples + start;
    if (start < 0 || start + job->length > job->n) {
      mg_pad_load(job->mode, job->samples, job->n, start, job->length, job->frame[worker]);
      frame = job->frame[worker];
    }
    job->result->data[f] = job->func(frame, job->length);
  }
  return TRUE;
}

static gboolean
run(Job *job, int threads, GError **error)
{
  size_t items = (job->result->cols + FRAMES_PER_ITEM - 1) / FRAMES_PER_ITEM;
  int workers = (int)MIN(items, (size_t)(threads < 1 ? mg_processors() : threads));
  job->frame = g_new(float *, workers);
  for (int i = 0; i < workers; i++)
    job->frame[i] = g_new(float, job->length);
  gboolean good = mg_parallel_for(items, workers, make_frames, job, NULL, error);
  for (int i = 0; i < workers; i++)
    g_free(job->frame[i]);
  g_free(job->frame);
  return good;
}

MgMatrix *
mg_map_frames(const float *samples, size_t n, const MgParams *params, MgPadMode mode, MgFrameFunc func, int threads,
              GError **error)
{
  Job job = {.samples = samples, .n = n, .mode = mode, .func = func};
  job.length = mg_params_int(params, "frame_length");
  job.hop = mg_params_int(params, "hop_length");
  job.before = mg_params_bool(params, "center") ? job.length / 2 : 0;
  size_t padded = n + 2 * job.before;
  if (n == 0 || padded < job.length) {
    g_set_error(error, MG_ERROR, MG_ERROR_DATA,
                _("%zu samples give no frame: expected at least frame_length = %zu of them, or center=true"), n,
                job.length);
    return NULL;
  }
  g_autoptr(MgMatrix) result = job.result = mg_matrix_new(1, 1 + (padded - job.length) / job.hop, error);
  return result && run(&job, threads, error) ? g_steal_pointer(&result) : NULL;
}
