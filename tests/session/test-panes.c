/* The list of panes: order, memory, and what it does with text that it does not know. */
#include "session/analysis-store.h"
#include "session/arrangement.h"
#include "session/history.h"
#include "session/layouts.h"
#include "session/pane.h"
#include "session/tiles-store.h"
#include "support.h"

static guint changes;

static void
count_change(GListModel *list, guint position, guint removed, guint added, gpointer data)
{
  changes++;
}

static void
set(MgPane *pane, const char *assignment)
{
  g_autoptr(MgParams) params = mg_params_copy(mg_pane_params(pane));
  g_assert_true(mg_params_assign(params, assignment, NULL));
  mg_pane_take(pane, params);
}

static void
assert_order(MgPaneList *list, const char *expected)
{
  g_autoptr(GString) order = g_string_new(NULL);
  for (guint i = 0; i < mg_pane_list_n(list); i++)
    g_string_append_printf(order, "%s%s", i ? " " : "", mg_pane_type(mg_pane_list_get(list, i)));
  g_assert_cmpstr(order->str, ==, expected);
}

static void
test_order(void)
{
  g_autoptr(MgPaneList) list = mg_pane_list_new();
  g_autoptr(MgPane) second = mg_pane_new("stft", NULL);
  g_signal_connect(list, "items-changed", G_CALLBACK(count_change), NULL);
  assert_order(list, "waveform stft melspectrogram");
  mg_pane_list_insert(list, 99, second);
  g_assert_cmpuint(mg_pane_list_find(list, second), ==, 3);
  g_assert_true(mg_pane_list_move(list, second, -2));
  g_assert_cmpuint(mg_pane_list_find(list, second), ==, 1);
  g_assert_true(mg_pane_list_move(list, second, 99));
  g_assert_false(mg_pane_list_move(list, second, 1));
  g_assert_cmpuint(changes, ==, 3);
  mg_pane_list_remove(list, mg_pane_list_get(list, 0));
  assert_order(list, "stft melspectrogram stft");
  mg_pane_list_reset(list);
  assert_order(list, "waveform stft melspectrogram");
  g_assert_false(mg_pane_list_move(list, second, 1)); /* is not in it any more */
}

static void
test_memory(void)
{
  g_autoptr(MgPaneList) list = mg_pane_list_new(), other = mg_pane_list_new();
  g_autoptr(MgPane) second = mg_pane_new("stft", NULL);
  mg_pane_list_insert(list, 2, second);
  set(second, "n_fft=512");
  set(second, "colormap=viridis");
  mg_pane_set_height(second, 3.5);
  g_autofree char *text = mg_pane_list_save(list);
  g_assert_true(mg_pane_list_load(other, text));
  assert_order(other, "waveform stft stft melspectrogram");
  MgPane *same = mg_pane_list_get(other, 2);
  g_assert_cmpstr(mg_params_text(mg_pane_params(same), "n_fft"), ==, "512");
  g_assert_cmpstr(mg_params_text(mg_pane_params(mg_pane_list_get(other, 1)), "n_fft"), ==, "2048");
  g_assert_cmpfloat(mg_pane_height(same), ==, 3.5);
  g_autofree char *again = mg_pane_list_save(other), *differences = mg_pane_differences(same);
  g_assert_cmpstr(again, ==, text);
  g_assert_cmpstr(differences, ==, "n_fft 512"); /* colours are seen anyway */
}

static void
test_other_versions(void)
{
  g_autoptr(MgPaneList) list = mg_pane_list_new();
  g_assert_false(mg_pane_list_load(list, NULL));
  g_assert_false(mg_pane_list_load(list, ""));
  g_assert_false(mg_pane_list_load(list, "no groups"));
  g_assert_false(mg_pane_list_load(list, "[a]\ntype=hologram\n"));
  assert_order(list, "waveform stft melspectrogram");
  g_assert_true(mg_pane_list_load(list,
                                  "[a]\ntype=hologram\n[b]\ntype=stft\nheight=nan\nset=n_fft=-1;depth=3;n_fft=256;\n"
                                  "overlays=stft;nothing;\n"));
  assert_order(list, "stft");
  MgPane *pane = mg_pane_list_get(list, 0);
  g_assert_cmpstr(mg_params_text(mg_pane_params(pane), "n_fft"), ==, "256");
  g_assert_null(*mg_pane_overlays(pane)); /* a picture cannot lie over another one */
}

static void
test_layouts(void)
{
  g_autofree char *one = mg_layouts_put(NULL, "Two [windows] = 1", "[a]\ntype=stft\n");
  g_autofree char *both = mg_layouts_put(one, "Notes", "[a]\ntype=cqt\nheight=2\n");
  g_auto(GStrv) names = mg_layouts_names(both);
  g_assert_cmpstr(names[0], ==, "Two [windows] = 1");
  g_assert_cmpstr(names[1], ==, "Notes");
  g_autofree char *panes = mg_layouts_get(both, "Two [windows] = 1");
  g_assert_cmpstr(panes, ==, "[a]\ntype=stft\n");
  g_autofree char *left = mg_layouts_put(both, "Two [windows] = 1", NULL);
  g_auto(GStrv) rest = mg_layouts_names(left), none = mg_layouts_names("no layouts");
  g_assert_cmpstr(rest[0], ==, "Notes");
  g_assert_null(rest[1]);
  g_assert_null(none[0]);
  g_assert_null(mg_layouts_get(left, "Two [windows] = 1"));
}

static MgArrangement *
arranged(MgPaneList *list, MgArrangement *from, MgArranged expected)
{
  MgArrangement *now = mg_arrangement_new(list);
  g_assert_cmpint(mg_arrangement_compare(from, now, NULL, NULL), ==, expected);
  return now;
}

/* Each change of the panes is taken back without what was changed otherwise since. */
static void
test_arrangements(void)
{
  g_autoptr(MgPaneList) list = mg_pane_list_new();
  MgPane *stft = mg_pane_list_get(list, 1), *changed = NULL;
  const char *name = NULL;
  g_autoptr(MgPane) surface = mg_pane_new(MG_PANE_3D, NULL);
  g_autoptr(MgArrangement) usual = mg_arrangement_new(list), same = arranged(list, usual, MG_ARRANGED_ALIKE);
  set(stft, "n_fft=512");
  g_autoptr(MgArrangement) valued = arranged(list, usual, MG_ARRANGED_ONE_VALUE);
  mg_arrangement_compare(usual, valued, &changed, &name);
  g_assert_true(changed == stft);
  g_assert_cmpstr(name, ==, "n_fft");
  set(stft, "hop_length=64");
  g_autoptr(MgArrangement) two = arranged(list, usual, MG_ARRANGED_ELSE);
  mg_pane_list_move(list, stft, 1);
  g_autoptr(MgArrangement) moved = arranged(list, two, MG_ARRANGED_ELSE);
  mg_pane_set_height(stft, 7);
  g_autoptr(MgArrangement) taller = arranged(list, moved, MG_ARRANGED_ELSE);
  mg_pane_set_overlay(stft, "yin", TRUE);
  g_autoptr(MgArrangement) overlaid = arranged(list, taller, MG_ARRANGED_ELSE);
  mg_pane_list_insert(list, 0, surface);
  mg_pane_list_remove(list, mg_pane_list_get(list, 2));
  g_autoptr(MgArrangement) others = arranged(list, overlaid, MG_ARRANGED_ELSE);
  set(surface, "azimuth=12"); /* it is looked at from elsewhere: that is no change */
  g_autoptr(MgArrangement) turned = arranged(list, others, MG_ARRANGED_ALIKE);
  assert_order(list, "spectrogram-3d waveform stft");

  mg_arrangement_apply(list, others, overlaid);
  assert_order(list, "waveform melspectrogram stft");
  mg_arrangement_apply(list, overlaid, taller);
  g_assert_false(mg_pane_has_overlay(stft, "yin"));
  mg_arrangement_apply(list, taller, moved);
  g_assert_cmpfloat(mg_pane_height(stft), ==, 2);
  mg_arrangement_apply(list, moved, two);
  assert_order(list, "waveform stft melspectrogram");
  set(stft, "colormap=viridis");
  mg_arrangement_apply(list, two, valued);
  g_assert_cmpstr(mg_params_text(mg_pane_params(stft), "n_fft"), ==, "512");
  g_assert_cmpstr(mg_params_text(mg_pane_params(stft), "colormap"), ==, "viridis");
  mg_arrangement_apply(list, valued, others);
  assert_order(list, "spectrogram-3d waveform stft");
  g_assert_true(mg_pane_has_overlay(stft, "yin"));
  g_assert_cmpfloat(mg_pane_height(stft), ==, 7);
  g_assert_cmpstr(mg_params_text(mg_pane_params(surface), "azimuth"), ==, "12");
}

static void
add_letter(gpointer data, gboolean again)
{
  GString *text = data;
  if (again)
    g_string_append_c(text, 'x');
  else
    g_string_truncate(text, text->len - 1);
}

static void
test_history(void)
{
  MgHistory *history = mg_history_new();
  g_autoptr(GString) text = g_string_new(NULL);
  g_assert_false(mg_history_undo(history));
  for (int i = 0; i < 3; i++) {
    add_letter(text, TRUE);
    mg_history_add(history, text, add_letter, text, NULL);
  }
  g_assert_true(mg_history_last(history, text, add_letter) == text);
  g_assert_null(mg_history_last(history, history, add_letter));
  g_assert_true(mg_history_undo(history));
  g_assert_null(mg_history_last(history, text, add_letter)); /* something can be done again */
  g_assert_true(mg_history_undo(history));
  g_assert_cmpstr(text->str, ==, "x");
  g_assert_true(mg_history_redo(history));
  g_assert_cmpstr(text->str, ==, "xx");
  add_letter(text, TRUE);
  mg_history_add(history, text, add_letter, text, NULL); /* what was taken back is gone */
  g_assert_false(mg_history_redo(history));
  while (mg_history_undo(history))
    ;
  g_assert_cmpstr(text->str, ==, "");
  mg_history_add(history, history, add_letter, text, NULL);
  mg_history_forget(history, text);
  g_assert_false(mg_history_redo(history));
  mg_history_forget(history, history);
  g_assert_false(mg_history_undo(history));
  mg_history_free(history);
}

static const MgFeature *
find_overlay(void)
{
  for (const MgFeature *const *feature = mg_features(); *feature; feature++)
    if (mg_pane_can_overlay(*feature))
      return *feature;
  return NULL;
}

static void
test_overlays(void)
{
  g_autoptr(MgPaneList) list = mg_pane_list_new();
  const MgFeature *feature = find_overlay();
  MgPane *pane = mg_pane_list_get(list, 1);
  if (!feature) {
    g_test_skip("the table has no overlay");
    return;
  }
  mg_pane_set_overlay(pane, feature->name, TRUE);
  mg_pane_set_overlay(pane, feature->name, TRUE);
  g_assert_cmpuint(g_strv_length((char **)mg_pane_overlays(pane)), ==, 1);
  g_autofree char *text = mg_pane_list_save(list);
  mg_pane_set_overlay(pane, feature->name, FALSE);
  g_assert_false(mg_pane_has_overlay(pane, feature->name));
  g_assert_true(mg_pane_list_load(list, text));
  g_assert_true(mg_pane_has_overlay(mg_pane_list_get(list, 1), feature->name));
}

/* Every feature can be asked, and either is a pane with all its parameters or says why not. */
static void
test_table(void)
{
  for (const MgFeature *const *feature = mg_features(); *feature; feature++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(MgPane) pane = mg_pane_new((*feature)->name, &error);
    g_assert_true((pane != NULL) == mg_pane_can_show(*feature));
    g_assert_true((pane == NULL) == (error != NULL));
    for (size_t t = 0; pane && (*feature)->tables[t]; t++)
      for (size_t i = 0; i < (*feature)->tables[t]->n; i++)
        g_assert_true(mg_params_has(mg_pane_params(pane), (*feature)->tables[t]->specs[i].name));
  }
  g_autoptr(GError) error = NULL;
  g_assert_null(mg_pane_new("hologram", &error));
  g_assert_nonnull(strstr(error->message, "hologram"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/panes/order", test_order);
  g_test_add_func("/panes/memory", test_memory);
  g_test_add_func("/panes/other-versions", test_other_versions);
  g_test_add_func("/panes/layouts", test_layouts);
  g_test_add_func("/panes/arrangements", test_arrangements);
  g_test_add_func("/panes/history", test_history);
  g_test_add_func("/panes/overlays", test_overlays);
  g_test_add_func("/panes/table", test_table);
  return g_test_run();
}
