/* ml/search: spaces and what is said of bad ones; samplers and schedulers on functions whose optimum is known. */
#include "base/error.h"
#include "ml/search-space-lines.h"
#include "ml/search.h"
#include "ml/search-importance.h"
#include "support.h"

static MgSpace *
parse(const char *text)
{
  g_autoptr(GError) error = NULL;
  MgSpace *space = mg_space_parse(text, "space.json", &error);
  g_assert_no_error(error);
  return space;
}

static MgParams *
make_params(const char *assignments)
{
  static const MgParamTable *const tables[] = {&mg_search_params, NULL};
  MgParams *params = mg_params_new(tables);
  g_auto(GStrv) list = g_strsplit(assignments, " ", -1);
  for (char **assignment = list; *assignment; assignment++) {
    g_autoptr(GError) error = NULL;
    mg_params_assign(params, *assignment, &error);
    g_assert_no_error(error);
  }
  return params;
}

static MgSearch *
make_search(const MgSpace *space, const char *assignments)
{
  g_autoptr(MgParams) params = make_params(assignments);
  g_autoptr(GError) error = NULL;
  MgSearch *search = mg_search_new(space, params, &error);
  g_assert_no_error(error);
  return search;
}

/* The score of a configuration when it has had `share` of a whole trial. */
typedef double (*Function)(const double *values, double share);

/* Measures one trial after the other; returns what all took, in whole trials. A trial goes on from its last rung. */
static double
go_through(MgSearch *search, Function function)
{
  double taken = 0;
  guint number;
  while (mg_search_next(search, &number) == MG_SEARCH_GO) {
    const MgTrial *trial = mg_search_trial(search, number);
    double share = mg_search_share(search, trial->rungs);
    g_assert_cmpint(trial->rungs, <, search->rungs);
    taken += share - (trial->rungs > 0 ? mg_search_share(search, trial->rungs - 1) : 0);
    mg_search_report(search, number, function(trial->values, share), share);
  }
  return taken;
}

static void
test_parse(void)
{
  g_autoptr(MgSpace) space = parse("{\"kernel\": {\"values\": [\"rbf\", \"linear\"]},"
                                   " \"svc.C\": {\"low\": 1e-3, \"high\": 1000, \"log\": true},"
                                   " \"gamma\": {\"low\": 0.5, \"high\": 2, \"when\": {\"kernel\": [\"rbf\"]}},"
                                   " \"layers\": {\"low\": 1, \"high\": 5, \"integer\": true},"
                                   " \"p\": {\"low\": 0, \"high\": 0.5, \"step\": 0.125}, \"tol\": 0.01}");
  g_assert_cmpuint(space->params->len, ==, 6);
  g_assert_cmpstr(mg_space_param(space, 1)->parameter, ==, "C");
  g_assert_cmpuint(mg_space_count(mg_space_param(space, 3)), ==, 5);
  g_assert_cmpuint(mg_space_count(mg_space_param(space, 4)), ==, 5);
  g_assert_cmpuint(mg_space_count(mg_space_param(space, 1)), ==, 0);
  double values[] = {0, 0.0123456789, 1, 3, 0.25, 0}, back;
  g_assert_true(mg_space_counts(space, 2, values));
  values[0] = 1;
  g_assert_false(mg_space_counts(space, 2, values));
  g_assert_cmpfloat(mg_space_nearest(mg_space_param(space, 4), 0.3), ==, 0.25);
  g_assert_cmpfloat(mg_space_nearest(mg_space_param(space, 3), 9), ==, 5);
  double c = mg_space_nearest(mg_space_param(space, 1), log(0.0123456789));
  g_autofree char *text = mg_space_text(space, 1, c), *choice = mg_space_text(space, 0, 1);
  g_assert_cmpstr(text, ==, "0.0123457");
  g_assert_cmpstr(choice, ==, "linear");
  g_assert_true(mg_space_value(space, 1, text, &back) && back == c);
  g_assert_true(mg_space_value(space, 2, "", &back) && isnan(back));
  g_assert_false(mg_space_value(space, 0, "poly", &back));
  g_assert_false(mg_space_value(space, 1, "2000", &back));
}

/* Their texts have six digits, and lie beyond them. */
static void
test_ends(void)
{
  g_autoptr(MgSpace) space = parse("{\"C\": {\"low\": 0.12345678, \"high\": 0.98765432, \"log\": true},"
                                   " \"tol\": {\"low\": 0.0123456749, \"high\": 0.0123456751}}");
  for (guint i = 0; i < 2; i++) {
    const MgSpaceParam *param = mg_space_param(space, i);
    const double ends[] = {param->low, param->high};
    for (guint k = 0; k < 2; k++) {
      double back, nearest = mg_space_nearest(param, mg_space_scale(param, ends[k]));
      g_autofree char *text = mg_space_text(space, i, nearest);
      g_assert_true(mg_space_value(space, i, text, &back));
      g_assert_cmpfloat(back, >=, param->low);
      g_assert_cmpfloat(back, <=, param->high);
    }
    g_assert_false(mg_space_value(space, i, "0.012", &(double){0}));
    g_assert_false(mg_space_value(space, i, "1", &(double){0}));
  }
  g_autoptr(MgSpace) empty = parse("{\"init\": {\"values\": [\"esc10\", \"\"]}, \"C\": {\"low\": -1, \"high\": 1}}");
  double none;
  g_assert_true(mg_space_value(empty, 0, "", &none) && none == 1);
  g_assert_false(mg_space_value(empty, 1, "", &none));
}

static void
test_bad(void)
{
  static const struct {
    const char *text, *said;
  } cases[] = {
      {"{", "space.json: line 1"},
      {"[]", "space.json: no parameters"},
      {"{}", "no parameters"},
      {"{\"C\": 1, \"C\": 2}", "duplicate"},
      {"{\"C\": {\"low\": 1}}", "space.json: C: “high” is absent; expected a number"},
      {"{\"C\": {\"low\": \"a\", \"high\": 1}}", "space.json: C: “low” is \"a\"; expected a number"},
      {"{\"C\": {\"low\": 2, \"high\": 1}}", "C: “high” is 1; expected more than low"},
      {"{\"C\": {\"low\": 0, \"high\": 1, \"log\": true}}", "C: “low” is 0; expected more than 0"},
      {"{\"C\": {\"low\": 0, \"high\": 1, \"log\": 3}}", "C: “log” is 3; expected true or false"},
      {"{\"C\": {\"low\": 0, \"high\": 1, \"step\": 2}}", "C: “step” is 2"},
      {"{\"C\": {\"low\": 0.5, \"high\": 3, \"integer\": true}}", "C: “low” is 0.5; expected whole ends"},
      {"{\"C\": {\"values\": []}}", "C: “values” is []"},
      {"{\"C\": {\"values\": [1, 1]}}", "C: “values” is 1; expected a number or a text, each once"},
      {"{\"C\": {\"values\": [[1]]}}", "C: “values” is [1]"},
      {"{\"C\": {\"lo\": 1, \"high\": 2}}", "C: “lo” is 1; expected values, or low and high"},
      {"{\"C\": {\"values\": [1], \"when\": {\"k\": [1]}}}", "C: “when” is {\"k\":[1]}"},
      {"{\"k\": {\"values\": [1]}, \"C\": {\"values\": [1], \"when\": {\"k\": [2]}}}", "C: “when” is 2"},
      {"{\"a b\": 1}", "a b: “name” is 1"},
      {"{\"C.\": 1}", "C.: “name”"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(mg_space_parse(cases[i].text, "space.json", &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
    g_assert_null(strchr(error->message, '\n'));
    if (!strstr(error->message, cases[i].said))
      g_test_fail_printf("%s: %s", cases[i].text, error->message);
  }
}

static double
constant(const double *values, double share)
{
  return 1;
}

static void
test_grid(void)
{
  g_autoptr(MgSpace) space =
      parse("{\"k\": {\"values\": [\"a\", \"b\"]}, \"x\": {\"low\": 1, \"high\": 3, \"integer\": true},"
            " \"y\": {\"low\": 0, \"high\": 1, \"step\": 0.5, \"when\": {\"k\": [\"b\"]}}}");
  g_autoptr(MgSearch) search = make_search(space, "sampler=grid trials=1000");
  go_through(search, constant);
  g_assert_cmpuint(search->trials->len, ==, 3 + 9);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < search->trials->len; i++) {
    const double *values = mg_search_trial(search, i)->values;
    g_assert_true(g_hash_table_add(seen, g_strdup_printf("%g %g %g", values[0], values[1], values[2])));
    g_assert_true((values[0] == 0) == isnan(values[2]));
  }
  g_autoptr(MgSearch) part = make_search(space, "sampler=grid trials=5");
  go_through(part, constant);
  g_assert_cmpuint(part->trials->len, ==, 5);
}

static void
test_no_grid(void)
{
  g_autoptr(MgSpace) space = parse("{\"C\": {\"low\": 1, \"high\": 2}}");
  g_autoptr(MgParams) params = make_params("sampler=grid");
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_search_new(space, params, &error));
  g_assert_error(error, MG_ERROR, MG_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, "space.json: C: a range without steps"));
}

/* Chance fills a logarithmic range evenly, and the same seed gives the same trials. */
static void
test_random(void)
{
  g_autoptr(MgSpace) space = parse("{\"x\": {\"low\": 0.001, \"high\": 1000, \"log\": true},"
                                   " \"n\": {\"low\": 1, \"high\": 4, \"integer\": true}}");
  g_autoptr(MgSearch) a = make_search(space, "sampler=random trials=3000 search_seed=4");
  g_autoptr(MgSearch) b = make_search(space, "sampler=random trials=3000 search_seed=4");
  go_through(a, constant);
  go_through(b, constant);
  guint below_one = 0, counts[5] = {0};
  for (guint i = 0; i < a->trials->len; i++) {
    const double *values = mg_search_trial(a, i)->values, *same = mg_search_trial(b, i)->values;
    g_assert_true(values[0] == same[0] && values[1] == same[1]);
    g_assert_true(values[0] >= 0.001 && values[0] <= 1000);
    below_one += values[0] < 1;
    counts[(guint)values[1]]++;
  }
  g_assert_cmpuint(below_one, >, 1380); /* 1500 ± 4.4 deviations */
  g_assert_cmpuint(below_one, <, 1620);
  for (int n = 1; n <= 4; n++)
    g_assert_cmpuint(counts[n], >, 645); /* 750 ± 4.4 deviations */
}

/* Highest, 1, at learning_rate 0.01, depth 6, kernel b, c 0.3; kernel a never comes above 0.6. */
static double
hill(const double *values, double share)
{
  double rate = log10(values[0]) + 2, depth = (values[1] - 6) / 5;
  if (values[2] == 0)
    return 0.6 - 0.2 * rate * rate;
  return 1 - 0.2 * rate * rate - depth * depth - 2 * (values[3] - 0.3) * (values[3] - 0.3);
}

static const char hill_space[] = "{\"learning_rate\": {\"low\": 0.0001, \"high\": 1, \"log\": true},"
                                 " \"depth\": {\"low\": 1, \"high\": 12, \"integer\": true},"
                                 " \"kernel\": {\"values\": [\"a\", \"b\"]},"
                                 " \"c\": {\"low\": 0, \"high\": 1, \"when\": {\"kernel\": [\"b\"]}}}";

static double
best_of(const MgSpace *space, const char *sampler, int seed)
{
  g_autofree char *assignments = g_strdup_printf("sampler=%s trials=60 search_seed=%d", sampler, seed);
  g_autoptr(MgSearch) search = make_search(space, assignments);
  go_through(search, hill);
  return mg_trial_score(mg_search_trial(search, (guint)mg_search_best(search)));
}

static void
test_tpe(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  double by_chance = 0, by_tpe = 0;
  for (int seed = 0; seed < 20; seed++) {
    by_chance += best_of(space, "random", seed) / 20;
    by_tpe += best_of(space, "tpe", seed) / 20;
  }
  g_test_message("mean best of 60: random %.4f, tpe %.4f", by_chance, by_tpe);
  g_assert_cmpfloat(by_tpe, >, 0.95);
  g_assert_cmpfloat(1 - by_tpe, <, (1 - by_chance) / 2);
}

/* A small space is not tried over and over. */
static void
test_tpe_small(void)
{
  g_autoptr(MgSpace) space = parse("{\"x\": {\"low\": 1, \"high\": 60, \"integer\": true}}");
  g_autoptr(MgSearch) search = make_search(space, "sampler=tpe trials=30 startup_trials=5");
  go_through(search, constant);
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  for (guint i = 5; i < search->trials->len; i++)
    g_hash_table_add(seen, GINT_TO_POINTER((int)mg_search_trial(search, i)->values[0]));
  g_assert_cmpuint(g_hash_table_size(seen), ==, 25);
}

/* Learns towards its end as a network does: the better ones are ahead early, though not by much. */
static double
curve(const double *values, double share)
{
  return hill(values, 1) * (1 - exp(-4 * share));
}

static void
test_asha(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  for (int seed = 0; seed < 5; seed++) {
    g_autofree char *whole = g_strdup_printf("sampler=random trials=90 search_seed=%d", seed);
    g_autofree char *halving = g_strdup_printf("%s scheduler=asha", whole);
    g_autoptr(MgSearch) all = make_search(space, whole), some = make_search(space, halving);
    double taken_all = go_through(all, curve), taken = go_through(some, curve);
    g_assert_cmpfloat(taken_all, ==, 90);
    g_assert_cmpfloat(taken, <, 0.4 * taken_all);
    g_assert_cmpint(mg_search_best(some), ==, mg_search_best(all));
    guint finished = 0;
    for (guint i = 0; i < some->trials->len; i++)
      finished += mg_search_trial(some, i)->state == MG_TRIAL_FINISHED;
    g_assert_cmpuint(finished, >=, 90 / 9);
    g_assert_cmpuint(finished, <, 90 / 3);
  }
}

/* Who learns from trials hears soon how good ones end; chance begins all first. */
static void
test_asha_order(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  static const char *const samplers[] = {"random", "tpe"};
  for (size_t i = 0; i < G_N_ELEMENTS(samplers); i++) {
    g_autofree char *settings = g_strdup_printf("sampler=%s trials=8 scheduler=asha eta=2 rungs=2", samplers[i]);
    g_autoptr(MgSearch) search = make_search(space, settings);
    guint number, begun = 0;
    while (mg_search_next(search, &number) == MG_SEARCH_GO && mg_search_trial(search, number)->rungs == 0) {
      mg_search_report(search, number, curve(mg_search_trial(search, number)->values, mg_search_share(search, 0)), 0.5);
      begun++;
    }
    g_assert_cmpuint(begun, ==, i == 0 ? 8 : 2);
  }
}

/* Too few trials for the last rung: the best of them goes there all the same. */
static void
test_asha_short(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  g_autoptr(MgSearch) search = make_search(space, "sampler=random trials=2 scheduler=asha");
  go_through(search, curve);
  g_assert_cmpint(mg_search_trial(search, (guint)mg_search_best(search))->state, ==, MG_TRIAL_FINISHED);
}

static guint
count_finished(const MgSearch *search)
{
  guint finished = 0;
  for (guint i = 0; i < search->trials->len; i++)
    finished += mg_search_trial(search, i)->state == MG_TRIAL_FINISHED;
  return finished;
}

/* What halving saves goes into more trials: for 0.4 of what 60 whole ones take, the best is no worse. */
static void
test_budget(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  for (int seed = 0; seed < 5; seed++) {
    g_autofree char *whole = g_strdup_printf("sampler=random trials=60 search_seed=%d", seed);
    g_autofree char *paid = g_strdup_printf("sampler=random budget=24 scheduler=asha search_seed=%d", seed);
    g_autoptr(MgSearch) all = make_search(space, whole), some = make_search(space, paid);
    go_through(all, curve);
    double taken = go_through(some, curve);
    g_assert_cmpfloat(taken, <=, 24 + 1e-9);
    g_assert_cmpfloat(taken, >, 23);
    g_assert_cmpfloat_with_epsilon(taken, mg_search_spent(some), 1e-9);
    g_assert_cmpuint(some->trials->len, >, 60);
    g_assert_cmpuint(count_finished(some), >=, some->trials->len / 8);
    g_assert_cmpfloat(mg_trial_score(mg_search_trial(some, (guint)mg_search_best(some))), >=,
                      mg_trial_score(mg_search_trial(all, (guint)mg_search_best(all))));
  }
}

static gboolean
always(gpointer data, const double *values)
{
  return TRUE;
}

/* Learns too much: the best comes before the end. */
static double
arch(const double *values, double share)
{
  return hill(values, 1) - (share - 0.5) * (share - 0.5);
}

/* Where what a trial is on its way can be had, the best of its rungs counts. */
static void
test_peak(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  for (int standing = 0; standing < 2; standing++) {
    g_autoptr(MgSearch) search = make_search(space, "sampler=random trials=16 scheduler=asha eta=2 rungs=3");
    mg_search_set_outlook(search, &(MgSearchOutlook){.stands = standing ? always : NULL});
    go_through(search, arch);
    const MgTrial *best = mg_search_trial(search, (guint)mg_search_best(search));
    double highest = -INFINITY;
    for (guint i = 0; i < search->trials->len; i++)
      for (int rung = standing ? 0 : 2; rung < mg_search_trial(search, i)->rungs; rung++)
        highest = MAX(highest, mg_search_trial(search, i)->scores[rung]);
    g_assert_cmpfloat(mg_trial_peak_score(best), ==, highest);
    g_assert_cmpint(mg_trial_peak(best), ==, standing ? 2 : 3); /* half of it; all of it */
  }
}

/* A trial takes ten to twenty epochs. */
static double
dear(gpointer data, const double *values, double share, double before)
{
  return (10 + 10 * values[0]) * (share - before);
}

static double
fails(const double *values, double share)
{
  return NAN;
}

/* Nothing is begun that cannot be paid, whatever it costs and however it ends. */
static void
test_budget_ends(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  static const char *const settings[] = {
      "sampler=random scheduler=none", "sampler=random scheduler=median", "sampler=random scheduler=asha",
      "sampler=tpe scheduler=asha",    "sampler=tpe scheduler=median",
  };
  for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
    for (int failing = 0; failing < 2; failing++) {
      g_autofree char *text = g_strdup_printf("%s budget=300", settings[i]);
      g_autoptr(MgSearch) search = make_search(space, text);
      mg_search_set_outlook(search, &(MgSearchOutlook){.price = dear});
      guint number;
      double paid = 0;
      while (mg_search_next(search, &number) == MG_SEARCH_GO) {
        const MgTrial *trial = mg_search_trial(search, number);
        paid += trial->steps[trial->rungs];
        g_assert_cmpfloat(paid, <=, 300 + 1e-6);
        double share = mg_search_share(search, trial->rungs);
        mg_search_report(search, number, (failing ? fails : curve)(trial->values, share),
                         (10 + 10 * trial->values[0]) * share);
        g_assert_cmpfloat_with_epsilon(paid, mg_search_spent(search), 1e-6);
      }
      g_assert_cmpfloat(paid, >, 250);
      g_assert_cmpuint(count_finished(search) > 0, ==, !failing);
    }
}

/* Without a budget there are 20 trials, and with both whichever ends first. */
static void
test_budget_or_trials(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  static const struct {
    const char *settings;
    guint trials;
  } cases[] = {{"sampler=random", 20},
               {"sampler=random budget=7", 7},
               {"sampler=random budget=7 trials=5", 5},
               {"sampler=random budget=0.5", 0}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(MgSearch) search = make_search(space, cases[i].settings);
    go_through(search, hill);
    g_assert_cmpuint(search->trials->len, ==, cases[i].trials);
  }
}

static void
test_median(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  g_autoptr(MgSearch) search = make_search(space, "sampler=random trials=60 scheduler=median");
  g_autoptr(MgSearch) all = make_search(space, "sampler=random trials=60");
  double taken = go_through(search, curve);
  go_through(all, curve);
  guint stopped = 0;
  for (guint i = 0; i < search->trials->len; i++)
    stopped += mg_search_trial(search, i)->state == MG_TRIAL_STOPPED;
  g_assert_cmpuint(stopped, >, 15);
  g_assert_cmpint(mg_search_best(search), ==, mg_search_best(all));
  g_assert_cmpfloat(taken, <, 60);
}

/* Several trials under way, some that fail, and taking up what was begun. */
static void
test_parallel(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  g_autoptr(MgSearch) search = make_search(space, "sampler=tpe trials=40 scheduler=asha startup_trials=5");
  guint under_way[4], n = 0, number, steps = 0;
  for (;;) {
    MgSearchStep step = n < G_N_ELEMENTS(under_way) ? mg_search_next(search, &number) : MG_SEARCH_WAIT;
    if (step == MG_SEARCH_END)
      break;
    if (step == MG_SEARCH_GO) {
      for (guint i = 0; i < n; i++)
        g_assert_cmpuint(under_way[i], !=, number);
      under_way[n++] = number;
      continue;
    }
    g_assert_cmpuint(n, >, 0);
    number = under_way[0];
    memmove(under_way, under_way + 1, --n * sizeof *under_way);
    const MgTrial *trial = mg_search_trial(search, number);
    mg_search_report(search, number,
                     ++steps % 7 == 0 ? NAN : curve(trial->values, mg_search_share(search, trial->rungs)), 0);
  }
  g_assert_cmpuint(n, ==, 0);
  g_assert_cmpuint(search->trials->len, ==, 40);
  const MgTrial *best = mg_search_trial(search, (guint)mg_search_best(search));
  g_assert_cmpint(best->state, ==, MG_TRIAL_FINISHED);
}

static void
test_restore(void)
{
  g_autoptr(MgSpace) space = parse(hill_space);
  g_autoptr(MgSearch) whole = make_search(space, "sampler=tpe trials=30"),
                      part = make_search(space, "sampler=tpe trials=30");
  go_through(whole, hill);
  for (guint i = 0; i < 17; i++) {
    const MgTrial *trial = mg_search_trial(whole, i);
    MgTrial *restored = mg_search_restore(part, trial->values);
    restored->state = MG_TRIAL_FINISHED;
    restored->rungs = 1;
    restored->scores[0] = trial->scores[0];
  }
  go_through(part, hill);
  for (guint i = 0; i < 30; i++)
    g_assert_cmpfloat(mg_search_trial(part, i)->scores[0], ==, mg_search_trial(whole, i)->scores[0]);
}

/* Lines say all that a space holds, and are read as they were written. */
static void
test_lines(void)
{
  static const char text[] =
      "{\"k\": {\"values\": [\"a\", 2, 0.5, true]}, \"x\": {\"low\": 0.01, \"high\": 0.3, \"log\": true}, "
      "\"n\": {\"low\": 1, \"high\": 9, \"integer\": true, \"step\": 2, \"when\": {\"k\": [\"a\", 2]}}, \"c\": 7}";
  static const char *const expected[] = {"a, 2, 0.5, true", "0.01..0.3 log", "1..9 integer step 2", "7"};
  const char *lines[5] = {NULL};
  g_autoptr(MgSpace) space = parse(text);
  for (guint i = 0; i < 4; i++) {
    g_autofree char *line = mg_space_line(space, i);
    g_assert_cmpstr(line, ==, expected[i]);
  }
  g_autofree char *same = mg_space_with_lines(space, lines);
  g_autoptr(MgSpace) again = parse(same);
  for (guint i = 0; i < 4; i++) {
    g_autofree char *line = mg_space_line(again, i);
    g_assert_cmpstr(line, ==, expected[i]);
  }
  g_assert_cmpint(mg_space_param(again, 2)->depends, ==, 0);
  g_assert_true(mg_space_param(again, 2)->when[1] && !mg_space_param(again, 2)->when[2]);
  lines[1] = " 3 .. 8  integer ";
  g_autofree char *other = mg_space_with_lines(space, lines);
  g_autoptr(MgSpace) edited = parse(other);
  g_assert_cmpfloat(mg_space_param(edited, 1)->low, ==, 3);
  g_assert_true(mg_space_param(edited, 1)->integer && !mg_space_param(edited, 1)->log);
  static const char *const bad[] = {"3..1", "x..2", "0..1 log", "1..2 often", "1..", ", ,"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    lines[1] = bad[i];
    g_autofree char *wrong = mg_space_with_lines(space, lines);
    g_assert_null(mg_space_parse(wrong, "space", &error));
    g_assert_error(error, MG_ERROR, MG_ERROR_FORMAT);
  }
}

/* x makes four fifths of the variance, k one fifth, z nothing; c counts with k = 1 alone. */
static double
sum_of_effects(const double *values, double share)
{
  return 2 * sqrt(12) * values[0] + 2 * values[1];
}

static void
test_importance(void)
{
  g_autoptr(MgSpace) space = parse("{\"x\": {\"low\": 0, \"high\": 1}, \"k\": {\"values\": [0, 1]},"
                                   " \"z\": {\"low\": 0, \"high\": 1},"
                                   " \"c\": {\"low\": 0, \"high\": 1, \"when\": {\"k\": [1]}}}");
  g_autoptr(MgSearch) search = make_search(space, "sampler=random trials=2000");
  double importance[4];
  mg_search_importance(search, importance);
  g_assert_cmpfloat(importance[0], ==, 0);
  go_through(search, sum_of_effects);
  mg_search_importance(search, importance);
  g_test_message("%.3f %.3f %.3f %.3f", importance[0], importance[1], importance[2], importance[3]);
  g_assert_cmpfloat(fabs(importance[0] - 0.8), <, 0.04);
  g_assert_cmpfloat(fabs(importance[1] - 0.2), <, 0.04);
  g_assert_cmpfloat(importance[2], <, 0.01);
  g_assert_cmpfloat(importance[3], <, 0.01);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/search/space", test_parse);
  g_test_add_func("/search/ends", test_ends);
  g_test_add_func("/search/bad-space", test_bad);
  g_test_add_func("/search/grid", test_grid);
  g_test_add_func("/search/no-grid", test_no_grid);
  g_test_add_func("/search/random", test_random);
  g_test_add_func("/search/tpe", test_tpe);
  g_test_add_func("/search/tpe-small", test_tpe_small);
  g_test_add_func("/search/asha", test_asha);
  g_test_add_func("/search/asha-order", test_asha_order);
  g_test_add_func("/search/asha-short", test_asha_short);
  g_test_add_func("/search/budget", test_budget);
  g_test_add_func("/search/peak", test_peak);
  g_test_add_func("/search/budget-ends", test_budget_ends);
  g_test_add_func("/search/budget-or-trials", test_budget_or_trials);
  g_test_add_func("/search/lines", test_lines);
  g_test_add_func("/search/median", test_median);
  g_test_add_func("/search/parallel", test_parallel);
  g_test_add_func("/search/restore", test_restore);
  g_test_add_func("/search/importance", test_importance);
  return g_test_run();
}
