/* Small multiples of mel spectrograms: one stretch of sound by several values of one parameter, by one colour scale and
 * on the same axes. */
#pragma once
#include "plot/image.h"

typedef struct {
  const MgMatrix *levels;        /* (bands, frames), dB */
  double first_time, frame_step; /* s, from the stretch's start */
  gint64 value;                  /* of the parameter */
  size_t empty;                  /* bands without any bin, which are told */
} MgGalleryPicture;

typedef struct {
  const char *title; /* NULL: none */
  const char *over;  /* the parameter's name */
  double x0, x1;     /* the stretch, s */
  double low_hz, top_hz;
  gboolean htk;
  const MgGalleryPicture *pictures;
  size_t n;
} MgGallery;

/* Fills (0, 0, width, height), the background included. */
void mg_gallery_draw(cairo_t *cr, double width, double height, const MgStyle *style, const MgGallery *gallery,
                     const MgImageStyle *image);
