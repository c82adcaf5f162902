#include "cli/command.h"
#include "cli/model-option.h"
#include "cli/predictions-text.h"
#include "audio/decoder.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "train/evaluator.h"
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

static const int poll_milliseconds = 200; /* how soon Ctrl+C is noticed */

typedef struct {
  MgModelOption model;
  char *out;
  int threads;
  gboolean json, existing;
} Options;

typedef struct {
  const Options *options;
  const char *folder, *model;
  gboolean header_written;
} Watch;

static void
clear_options(Options *options)
{
  mg_model_option_clear(&options->model);
  g_free(options->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

/* One file */

static gboolean
append_row(Watch *watch, const char *path, const char *label, double share, int segments, GError **error)
{
  const char *out = watch->options->out;
  if (!watch->header_written && !g_file_test(out, G_FILE_TEST_EXISTS) &&
      !mg_file_append(out, "file,y_pred,share,segments\n", strlen("file,y_pred,share,segments\n"), error))
    return FALSE;
  watch->header_written = TRUE;
  g_autoptr(GString) line = g_string_new(NULL);
  mg_csv_append(line, path);
  mg_csv_append(line, label);
  g_string_append_printf(line, ",%.4f,%d\n", share, segments);
  return mg_file_append(out, line->str, line->len, error);
}

static void
print_text(const char *name, const char *label, const MgVote *vote)
{
  g_autofree char *share = g_strdup_printf(_("%d of %d"), vote->votes, vote->segments);
  g_print("%s  %s  %s\n", name, label, share);
}

static gboolean
tell(Watch *watch, const MgPredictions *predictions, const char *path, GError **error)
{
  g_autoptr(GArray) votes = mg_predictions_votes(predictions);
  const MgVote *vote = &g_array_index(votes, MgVote, 0);
  const char *label = predictions->labels->pdata[vote->y_pred];
  double share = (double)vote->votes / vote->segments;
  g_autofree char *name = g_path_get_basename(path), *shown = g_filename_display_name(name);
  if (watch->options->json)
    mg_print_json(
        json_pack("{s:s, s:s, s:f, s:i}", "file", shown, "y_pred", label, "share", share, "segments", vote->segments));
  else
    print_text(mg_one_line(shown), label, vote);
  fflush(stdout);
  return !watch->options->out || append_row(watch, path, label, share, vote->segments, error);
}

/* A file that cannot be classified is told in a line, and the watch goes on; a table that cannot be written ends it. */
static gboolean
classify(Watch *watch, const char *name, GError **error)
{
  if (!mg_decoder_accepts_name(name))
    return TRUE;
  g_autofree char *path = g_build_filename(watch->folder, name, NULL);
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GError) problem = NULL;
  g_autoptr(MgPredictions) predictions = mg_predict_files(watch->model, (const char *const[]){path, NULL},
                                                          watch->options->threads, problems, NULL, &problem);
  if (predictions && predictions->predictions->len > 0)
    return tell(watch, predictions, path, error);
  if (!problem)
    problem = g_error_new_literal(MG_ERROR, MG_ERROR_IO, problems->len > 0 ? problems->pdata[0] : path);
  mg_command_print_error(problem);
  return TRUE;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static gboolean
classify_existing(Watch *watch, GError **error)
{
  g_autoptr(GDir) folder = g_dir_open(watch->folder, 0, error);
  if (!folder)
    return FALSE;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; (name = g_dir_read_name(folder));)
    g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare_names);
  for (guint i = 0; i < names->len && !mg_progress_cancelled(mg_command_progress()); i++)
    if (!classify(watch, names->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* The folder */

static gboolean
fail(const char *folder, GError **error)
{
  g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: cannot watch: %s"), folder, g_strerror(errno));
  return FALSE;
}

/* Reads what has happened; FALSE where the folder is gone. */
static gboolean
handle_events(Watch *watch, int descriptor, GError **error)
{
  char buffer[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
  ssize_t length = read(descriptor, buffer, sizeof buffer);
  for (char *p = buffer; p < buffer + MAX(length, 0);) {
    const struct inotify_event *event = (const struct inotify_event *)p;
    p += sizeof *event + event->len;
    if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) {
      g_set_error(error, MG_ERROR, MG_ERROR_IO, _("%s: the folder is gone"), watch->folder);
      return FALSE;
    }
    if (event->len > 0 && !(event->mask & IN_ISDIR) && !classify(watch, event->name, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
follow(Watch *watch, int descriptor, GError **error)
{
  struct pollfd wait = {.fd = descriptor, .events = POLLIN};
  while (!mg_progress_cancelled(mg_command_progress()))
    if (poll(&wait, 1, poll_milliseconds) > 0 && !handle_events(watch, descriptor, error))
      return FALSE;
  return TRUE;
}

/* The watch begins before the files that are there are listed, so that none is missed in between. */
static gboolean
watch_folder(Watch *watch, GError **error)
{
  int descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor < 0 ||
      inotify_add_watch(descriptor, watch->folder,
                        IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR) < 0)
    return fail(watch->folder, error);
  gboolean good = (!watch->options->existing || classify_existing(watch, error)) && follow(watch, descriptor, error);
  close(descriptor);
  return good;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  g_auto(Options) options = {.threads = 1};
  gboolean done;
  GOptionEntry entries[] = {
      MG_MODEL_OPTION_ENTRIES(options.model),
      {"existing", 0, 0, G_OPTION_ARG_NONE, &options.existing, N_("Classify the files that are there, too"), NULL},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, N_("Append a row a file"), "F.csv"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, N_("Processors to compute on, 0 for all; 1"), "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_("One JSON object a file"), NULL},
      {0}};
  if (!mg_command_parse(&mg_cmd_watch, entries, NULL, &argc, &argv, 1, 1, &done, error) || done)
    return done;
  g_autofree char *model = mg_model_option_path(&options.model, "watch", error);
  if (!model || !mg_check_table_options("watch", options.out, options.threads, error))
    return FALSE;
  /* no files yet: whether the model can be read is told now, not when the first one comes */
  g_autoptr(MgPredictions) none = mg_predict_files(model, (const char *const[]){NULL}, 1, NULL, NULL, error);
  Watch watch = {.options = &options, .folder = argv[1], .model = model};
  return none && watch_folder(&watch, error);
}

const MgCommand mg_cmd_watch = {
    .name = "watch",
    .arguments = "DIR",
    .help = N_("Classify sound files as they arrive in a folder, until interrupted"),
    .run = run,
};
