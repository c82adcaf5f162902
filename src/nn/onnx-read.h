/* An ONNX file whose structure has been checked. */
#pragma once
#include "onnx.pb-c.h"
#include <glib.h>

/* MG_ERROR_FORMAT tells what is wrong. Free it by onnx__model_proto__free_unpacked(model, NULL). */
Onnx__ModelProto *mg_onnx_read(const char *path, GError **error);

/* A constant: `floats` or `ints`, by its type. */
typedef struct {
  int dimensions;
  gint64 shape[4];
  size_t n;
  float *floats; /* owned */
  gint64 *ints;  /* owned */
} MgOnnxConstant;

MgOnnxConstant *mg_onnx_constant(const Onnx__TensorProto *tensor, const char *path, GError **error);
void mg_onnx_constant_free(gpointer constant);
