#include "dataset/store-suggestions.h"
#include "base/rng.h"
#include "dataset/store-edits.h"
#include "dataset/store-private.h"
#include <glib/gi18n-lib.h>
#include <math.h>

/* Open ones with at least the probability ?1. */
#define OPEN                                                                                                           \
  " FROM suggestions JOIN tracks ON tracks.id = suggestions.track WHERE tracks.label IS NULL AND tracks.removed IS"    \
  " NULL AND probability >= ?1"

gboolean
mg_store_suggest(MgStore *store, const MgSuggestion *suggestion, GError **error)
{
  static const char sql[] = "INSERT OR REPLACE INTO suggestions (track, run, label, probability, margin)"
                            " VALUES (?1, ?2, ?3, ?4, ?5)";
  return mg_store_finish(store,
                         mg_store_prepare(store, error, sql, "ittdd", suggestion->track, suggestion->run,
                                          suggestion->label, suggestion->probability, suggestion->margin),
                         error);
}

gboolean
mg_store_forget_suggestions(MgStore *store, GError **error)
{
  return mg_store_finish(store, mg_store_prepare(store, error, "DELETE FROM suggestions", ""), error);
}

MgSuggestion *
mg_store_suggestion(MgStore *store, gint64 track)
{
  static const char sql[] = "SELECT run, label, probability, margin FROM suggestions WHERE track = ?1";
  g_autoptr(MgStatement) statement = mg_store_prepare(store, NULL, sql, "i", track);
  if (!statement || !mg_store_next_row(store, statement, NULL))
    return NULL;
  MgSuggestion *suggestion = g_new(MgSuggestion, 1);
  *suggestion = (MgSuggestion){track, g_strdup((const char *)sqlite3_column_text(statement, 0)),
                               g_strdup((const char *)sqlite3_column_text(statement, 1)),
                               sqlite3_column_double(statement, 2), sqlite3_column_double(statement, 3)};
  return suggestion;
}

void
mg_suggestion_free(MgSuggestion *suggestion)
{
  if (!suggestion)
    return;
  g_free(suggestion->run);
  g_free(suggestion->label);
  g_free(suggestion);
}

guint
mg_store_open_suggestions(MgStore *store, double least)
{
  g_autoptr(MgStatement) statement = mg_store_prepare(store, NULL, "SELECT count(*)" OPEN, "d", least);
  return statement && mg_store_next_row(store, statement, NULL) ? (guint)sqlite3_column_int(statement, 0) : 0;
}

/* Taking over */

static gboolean
mark(MgStore *store, const GArray *values, guint sample, guint64 seed, GError **error)
{
  MgRng rng = mg_rng_stream(seed, 0xc4ec);
  g_autofree guint32 *order = g_new(guint32, MAX(values->len, 1));
  for (guint i = 0; i < values->len; i++)
    order[i] = i;
  mg_rng_shuffle(&rng, order, values->len);
  gboolean good = mg_store_begin(store, error);
  if (!good)
    return FALSE;
  good = mg_store_finish(store, mg_store_prepare(store, error, "UPDATE suggestions SET state = NULL", ""), error);
  for (guint i = 0; good && i < values->len; i++)
    good = mg_store_finish(store,
                           mg_store_prepare(store, error, "UPDATE suggestions SET state = ?2 WHERE track = ?1", "it",
                                            g_array_index(values, MgTrackValue, order[i]).track,
                                            i < sample ? "check" : "taken"),
                           error);
  return mg_store_end(store, good, error);
}

gint64
mg_store_take_suggestions(MgStore *store, double least, guint sample, guint64 seed, GError **error)
{
  g_autoptr(MgStatement) statement =
      mg_store_prepare(store, error, "SELECT tracks.id, suggestions.label" OPEN " ORDER BY tracks.id", "d", least);
  if (!statement)
    return 0;
  g_autoptr(GStringChunk) texts = g_string_chunk_new(4096);
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(MgTrackValue));
  while (mg_store_next_row(store, statement, NULL)) {
    MgTrackValue value = {sqlite3_column_int64(statement, 0), MG_FIELD_LABEL,
                          g_string_chunk_insert_const(texts, (const char *)sqlite3_column_text(statement, 1))};
    g_array_append_val(values, value);
  }
  sqlite3_reset(statement);
  g_autofree char *what = g_strdup_printf(
      ngettext("%u suggested label taken over", "%u suggested labels taken over", values->len), values->len);
  gint64 edit = values->len ? mg_store_edit(store, (const MgTrackValue *)values->data, values->len, what, error) : 0;
  return edit && mark(store, values, sample, seed, error) ? edit : 0;
}

/* Checking */

void
mg_wilson_interval(guint hits, guint n, double *low, double *high)
{
  static const double z = 1.959964;
  *low = 0;
  *high = 1;
  if (n == 0)
    return;
  double p = hits / (double)n, middle = p + z * z / (2 * n), width = z * sqrt(p * (1 - p) / n + z * z / (4.0 * n * n));
  *low = hits ? MAX(0, (middle - width) / (1 + z * z / n)) : 0;
  *high = hits < n ? MIN(1, (middle + width) / (1 + z * z / n)) : 1;
}

MgSuggestionCheck
mg_store_suggestion_check(MgStore *store)
{
  static const char sql[] = "SELECT count(*), total(state = 'right') + total(state = 'wrong'), total(state = 'wrong'),"
                            " total(state = 'check') FROM suggestions JOIN tracks ON tracks.id = suggestions.track"
                            " WHERE state IS NOT NULL AND tracks.label IS NOT NULL AND tracks.removed IS NULL";
  MgSuggestionCheck check = {0};
  g_autoptr(MgStatement) statement = mg_store_prepare(store, NULL, sql, "");
  if (statement && mg_store_next_row(store, statement, NULL))
    check = (MgSuggestionCheck){(guint)sqlite3_column_int(statement, 0),
                                (guint)sqlite3_column_int(statement, 1),
                                (guint)sqlite3_column_int(statement, 2),
                                (guint)sqlite3_column_int(statement, 3),
                                0,
                                0,
                                1};
  check.error = check.checked ? check.wrong / (double)check.checked : 0;
  mg_wilson_interval(check.wrong, check.checked, &check.low, &check.high);
  return check;
}

gboolean
mg_store_check_suggestion(MgStore *store, gint64 track, const char *label, GError **error)
{
  static const char sql[] = "UPDATE suggestions SET state = CASE WHEN label IS ?2 THEN 'right' ELSE 'wrong' END"
                            " WHERE track = ?1 AND state IS NOT NULL AND state <> 'taken'";
  return mg_store_finish(store, mg_store_prepare(store, error, sql, "it", track, label), error);
}
