/* Operators of ONNX that have files of their own: each function reads the job's node, and fails with the job's error.
 */
#pragma once
#include "nn/onnx-job.h"

/* onnx-operators.c: a layer of this type, value by value, whatever the form; frees `key`. */
gboolean mg_onnx_import_pointwise(const MgOnnxJob *job, const char *type, char *key);

/* onnx-shapes.c */
gboolean mg_onnx_import_flatten(const MgOnnxJob *job);
gboolean mg_onnx_import_reshape(const MgOnnxJob *job);
gboolean mg_onnx_import_transpose(const MgOnnxJob *job);

/* onnx-sequences.c */
gboolean mg_onnx_import_lstm(const MgOnnxJob *job);
gboolean mg_onnx_import_gru(const MgOnnxJob *job);
gboolean mg_onnx_import_slice(const MgOnnxJob *job);
/* (T, N, directions, hidden) -> (T, N, directions · hidden): `wanted` is the shape that Reshape is given. */
gboolean mg_onnx_join_directions(const MgOnnxJob *job, const MgOnnxValue *x, const MgOnnxConstant *wanted);
/* lstm or gru whose last steps are all that is taken. */
gboolean mg_onnx_take_ends(const MgOnnxJob *job, const MgOnnxValue *end);
