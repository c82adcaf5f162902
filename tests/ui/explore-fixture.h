/* What the tests of the Explore page share: a window on a workspace of its own, and a sound that the first test opens
 * in it: a tone of 5512 Hz, and one of 1000 Hz that is 20 dB below it. */
#pragma once
#include "audio/encoder.h"
#include "support.h"
#include "ui/explore/pane-stack.h"
#include "ui/explore/views/picture-view.h"
#include "ui/window.h"

#define SR 22050

static MgWindow *window;
static MgWorkspace *workspace;
static char *folder, *sound;

/* The first widget of exactly this type. */
static GtkWidget *
find(GtkWidget *widget, GType type)
{
  if (G_OBJECT_TYPE(widget) == type)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find(child, type);
    if (found)
      return found;
  }
  return NULL;
}

static void
turn_until(gboolean (*done)(void))
{
  gint64 deadline = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  while (!done() && g_get_monotonic_time() < deadline)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(1000);
  g_assert_true(done());
}

static GtkWidget *
stft(void)
{
  return find(GTK_WIDGET(window), MG_TYPE_PICTURE_VIEW);
}

static MgTimeline *
timeline(void)
{
  return mg_view_timeline(MG_VIEW(stft()));
}

static gboolean
track_is_shown(void)
{
  return gtk_widget_get_mapped(stft()) && gtk_widget_get_width(stft()) > 0 && mg_timeline_duration(timeline()) > 3.9;
}

static void
test_open(void)
{
  mg_window_open_paths(window, (const char *[]){sound, NULL});
  turn_until(track_is_shown);
  g_assert_cmpfloat_with_epsilon(mg_timeline_duration(timeline()), 4, 1e-6);
  g_assert_nonnull(mg_library_find(mg_workspace_library(workspace), sound));
  g_assert_cmpstr(mg_selection_track(mg_workspace_selection(workspace)), ==, sound);
}

static void
make_sound(void)
{
  g_autofree float *samples = g_new(float, SR * 4);
  for (int i = 0; i < SR * 4; i++)
    samples[i] = 0.5f * (float)sin(2 * G_PI * 5512 * i / SR) + 0.05f * (float)sin(2 * G_PI * 1000 * i / SR);
  folder = test_folder();
  sound = g_build_filename(folder, "tone.wav", NULL);
  g_assert_true(mg_wav_write(sound, samples, SR * 4, 1, SR, FALSE, NULL));
}

/* Runs the tests that `add` adds, after the one that opens the sound. */
static int
run_in_window(int argc, char **argv, void (*add)(void))
{
  g_test_init(&argc, &argv, NULL);
  adw_init();
  make_sound();
  g_autofree char *home = g_build_filename(folder, "workspace", NULL);
  g_autoptr(GError) error = NULL;
  workspace = mg_workspace_open(home, &error);
  g_assert_no_error(error);
  window = g_object_ref_sink(mg_window_new(NULL, workspace));
  gtk_window_present(GTK_WINDOW(window));
  g_test_add_func("/explore/open", test_open);
  add();
  int failed = g_test_run();
  gtk_window_destroy(GTK_WINDOW(window));
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_object_unref(window);
  g_object_unref(workspace);
  test_remove(folder);
  g_free(sound);
  return failed;
}
