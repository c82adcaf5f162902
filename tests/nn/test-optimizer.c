/* Optimizers and schedules against PyTorch 1.13's numbers. */
#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "support.h"

static MgParams *
make_params(const char *const *assignments)
{
  const MgParamTable *tables[] = {&mg_optimizer_params, &mg_schedule_params, NULL};
  MgParams *params = mg_params_new(tables);
  for (; *assignments; assignments++)
    g_assert_true(mg_params_assign(params, *assignments, NULL));
  return params;
}

typedef struct {
  const char *name, *assignments[5];
  double expected[4];
} OptimizerCase;

/* w = tensor([0.5, -1, 2, 0.25]); for s in range(3): w.grad = tensor([0.1, -0.2, 0.3, 0]) * (s + 1) + w *
 * 0.5; step() */
static const OptimizerCase optimizer_cases[] = {
    /* torch.optim.Adam([w], 0.01) */
    {"adam", {"optimizer=adam"}, {0.4700113, -0.9700162, 1.9699838, 0.2200474}},
    /* torch.optim.Adam([w], 0.01, weight_decay=0.1) */
    {"adam-decay", {"optimizer=adam", "weight_decay=0.1"}, {0.4699883, -0.9699927, 1.9699688, 0.2200474}},
    /* torch.optim.SGD([w], 0.01, momentum=0.9) */
    {"sgd", {"optimizer=sgd"}, {0.4765539, -0.9531078, 1.9156967, 0.2430175}},
    /* torch.optim.SGD([w], 0.01, momentum=0.9, weight_decay=0.1) */
    {"sgd-decay", {"optimizer=sgd", "weight_decay=0.1"}, {0.4737810, -0.9475621, 1.9045995, 0.2416282}},
    /* torch.optim.SGD([w], 0.01, momentum=0.9, nesterov=True), then with weight_decay=0.1 */
    {"nesterov", {"optimizer=sgd", "nesterov=true"}, {0.4655794, -0.9311587, 1.8767890, 0.2400255}},
    {"nesterov-decay",
     {"optimizer=sgd", "nesterov=true", "weight_decay=0.1"},
     {0.4616485, -0.9232969, 1.8610480, 0.2380513}},
    /* torch.optim.AdamW([w], 0.01, weight_decay=0.1) */
    {"adamw", {"optimizer=adamw", "weight_decay=0.1"}, {0.4685423, -0.9670488, 1.9640194, 0.2193295}},
    /* torch.nn.utils.clip_grad_norm_([w], 0.5) before each step of SGD([w], 0.01, momentum=0.9) */
    {"clipped", {"optimizer=sgd", "clip_norm=0.5"}, {0.4934148, -0.9868297, 1.9762155, 0.2479855}},
};

static void
three_steps(MgOptimizer *optimizer, MgTensor *tensor, int from, int to)
{
  static const float base[] = {0.1f, -0.2f, 0.3f, 0};
  for (int step = from; step < to; step++) {
    for (int i = 0; i < 4; i++)
      tensor->gradient[i] = base[i] * (step + 1) + tensor->data[i] * 0.5f;
    mg_optimizer_step(optimizer, 0.01);
  }
}

static MgTensor *
make_tensor(GPtrArray *tensors, gboolean decays)
{
  static const float start[] = {0.5f, -1, 2, 0.25f};
  MgTensor *tensor = mg_tensor_new("layer", "weight", TRUE, 1, (int[]){4});
  for (int i = 0; i < 4; i++)
    tensor->data[i] = start[i];
  tensor->decays = decays;
  g_ptr_array_add(tensors, tensor);
  return tensor;
}

static void
test_optimizer(gconstpointer data)
{
  const OptimizerCase *test = data;
  g_autoptr(MgParams) params = make_params(test->assignments);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  MgTensor *tensor = make_tensor(tensors, TRUE);
  g_autoptr(MgOptimizer) optimizer = mg_optimizer_new(params, tensors, NULL);
  three_steps(optimizer, tensor, 0, 3);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon(tensor->data[i], test->expected[i], 2e-6);
}

/* Stopping after two steps, saving the state and going on with a new optimizer changes nothing. */
static void
test_resume(gconstpointer data)
{
  const OptimizerCase *test = data;
  g_autoptr(MgParams) params = make_params(test->assignments);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  MgTensor *tensor = make_tensor(tensors, TRUE);
  g_autoptr(MgOptimizer) before = mg_optimizer_new(params, tensors, NULL);
  three_steps(before, tensor, 0, 2);
  g_autoptr(MgOptimizer) after = mg_optimizer_new(params, tensors, NULL);
  const GPtrArray *from = mg_optimizer_state(before), *to = mg_optimizer_state(after);
  g_assert_cmpuint(from->len, ==, to->len);
  for (guint i = 0; i < from->len; i++) {
    MgTensor *source = from->pdata[i], *target = to->pdata[i];
    g_assert_cmpstr(source->name, ==, target->name);
    memcpy(target->data, source->data, source->n * sizeof(float));
  }
  three_steps(after, tensor, 2, 3);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon(tensor->data[i], test->expected[i], 2e-6);
}

/* Weight decay leaves biases and batch norm alone. */
static void
test_no_decay(void)
{
  g_autoptr(MgParams) params = make_params(optimizer_cases[1].assignments);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)mg_tensor_free);
  MgTensor *tensor = make_tensor(tensors, FALSE);
  g_autoptr(MgOptimizer) optimizer = mg_optimizer_new(params, tensors, NULL);
  three_steps(optimizer, tensor, 0, 3);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon(tensor->data[i], optimizer_cases[0].expected[i], 2e-6);
}

typedef struct {
  const char *assignments[4];
  gint64 steps, steps_per_epoch;
  double expected[12];
} ScheduleCase;

static const ScheduleCase schedule_cases[] = {
    /* torch.optim.lr_scheduler.OneCycleLR(o, 0.1, total_steps=12) */
    {{"schedule=one-cycle"},
     12,
     1,
     {0.004, 0.0349789654, 0.0879285159, 0.0994415435, 0.093301297, 0.0811745654, 0.0647378998, 0.0462637103,
      0.0283060998, 0.013347753, 0.00345669874, 4e-07}},
    /* OneCycleLR(o, 0.1, total_steps=2) */
    {{"schedule=one-cycle"}, 2, 1, {0.0811745654, 4e-07}},
    /* torch.optim.lr_scheduler.StepLR(o, 2, 0.1), once for each of two steps of an epoch */
    {{"schedule=step", "step_size=2"}, 12, 2, {0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001, 0.001}},
    /* torch.optim.lr_scheduler.CosineAnnealingLR(o, 6) */
    {{"schedule=cosine", "warmup=0"}, 6, 1, {0.1, 0.0933012702, 0.075, 0.05, 0.025, 0.0066987298}},
    {{"schedule=cosine", "warmup=0.5"}, 6, 1, {0.025, 0.05, 0.075, 0.1, 0.075, 0.025}},
    {{"schedule=on-plateau"}, 3, 1, {0.1, 0.1, 0.1}}, /* of the first epoch */
    {{"schedule=constant"}, 3, 1, {0.1, 0.1, 0.1}},
};

static const MgPlateau plateau = MG_PLATEAU_START;

static void
test_schedule(gconstpointer data)
{
  const ScheduleCase *test = data;
  g_autoptr(MgParams) params = make_params(test->assignments);
  for (gint64 step = 0; step < test->steps; step++) {
    double rate = mg_schedule_rate(params, 0.1, step, test->steps, test->steps_per_epoch, &plateau);
    g_assert_cmpfloat_with_epsilon(rate, test->expected[step], 1e-9);
  }
}

/* Every schedule gives finite rates for trainings of any length. */
static void
test_short_schedules(void)
{
  for (size_t i = 0; i < G_N_ELEMENTS(schedule_cases); i++) {
    g_autoptr(MgParams) params = make_params(schedule_cases[i].assignments);
    for (gint64 steps = 1; steps < 40; steps++)
      for (gint64 step = 0; step <= steps; step++) {
        double rate = mg_schedule_rate(params, 0.1, step, steps, 3, &plateau);
        g_assert_true(rate >= 0 && rate <= 0.1 + 1e-12);
      }
  }
}

/* torch.optim.lr_scheduler.ReduceLROnPlateau(o, factor=0.1, patience=1). */
static void
test_plateau(void)
{
  static const double losses[] = {1, 0.9, 0.95, 0.89999, 0.8, 0.9, 0.9, 0.9, 0.9, 0.7, 0.75, 0.75};
  static const double rates[] = {0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 1e-3, 1e-3, 1e-4, 1e-4, 1e-4};
  static const char *const assignments[] = {"schedule=on-plateau", "gamma=0.1", "plateau_patience=1", NULL};
  g_autoptr(MgParams) params = make_params(assignments);
  MgPlateau state = MG_PLATEAU_START;
  for (int epoch = 0; epoch < 12; epoch++) {
    g_assert_cmpfloat_with_epsilon(mg_schedule_rate(params, 0.1, epoch, 12, 1, &state), rates[epoch], 1e-9);
    mg_schedule_epoch(params, losses[epoch], &state);
  }
  mg_params_set(params, "schedule", "cosine", NULL);
  MgPlateau before = state;
  mg_schedule_epoch(params, 5, &state);
  g_assert_cmpmem(&before, sizeof before, &state, sizeof state);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(optimizer_cases); i++) {
    g_autofree char *path = g_strdup_printf("/nn/optimizer/%s", optimizer_cases[i].name);
    g_autofree char *resume = g_strdup_printf("/nn/optimizer/%s-resumed", optimizer_cases[i].name);
    g_test_add_data_func(path, &optimizer_cases[i], test_optimizer);
    g_test_add_data_func(resume, &optimizer_cases[i], test_resume);
  }
  g_test_add_func("/nn/optimizer/no-decay", test_no_decay);
  for (size_t i = 0; i < G_N_ELEMENTS(schedule_cases); i++) {
    g_autofree char *path = g_strdup_printf("/nn/schedule/%zu-%s", i, schedule_cases[i].assignments[0] + 9);
    g_test_add_data_func(path, &schedule_cases[i], test_schedule);
  }
  g_test_add_func("/nn/schedule/plateau", test_plateau);
  g_test_add_func("/nn/schedule/short", test_short_schedules);
  return g_test_run();
}
