/* What makes the figures of a table pretend: columns that give the class away, rows that are the same music. */
#pragma once
#include "ml/samples.h"

/* A feature that may give the class away. */
typedef struct {
  guint column;
  double share; /* of the rows whose class it tells by itself; NaN where only its name is suspicious (length, id …) */
} MgSuspect;

GArray *mg_samples_suspects(const MgSamples *samples); /* of MgSuspect, in the columns' order */
/* Appends a line (char *) for each feature that tells how a file was made or where it lies, by its name (length, id …),
 * and for each that alone tells the class of nearly all rows. */
void mg_samples_check_columns(const MgSamples *samples, GPtrArray *warnings);

typedef struct {
  int *unit;                /* [rows]: the first row that is the same as this one, itself where there is none */
  size_t identical, nearly; /* pairs of rows */
} MgDuplicates;

/* Rows that are the same, or whose standardised columns differ by less than 0.02 (root mean square). */
MgDuplicates mg_duplicates_find(const MgSamples *samples);
void mg_duplicates_clear(MgDuplicates *duplicates);
/* Puts duplicates, and the groups that they belong to, into one group each. */
void mg_duplicates_group(const MgDuplicates *duplicates, MgSamples *samples);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MgDuplicates, mg_duplicates_clear)
