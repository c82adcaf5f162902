/* What the reading of an ONNX graph shares with its operators (onnx-operators.c). */
#pragma once
#include "nn/layer.h"
#include "nn/onnx-read.h"
#include <jansson.h>

/* How a value's axes lie: what ONNX's reshaping and transposing make of a picture (C, H, W) of this program. */
typedef enum {
  MG_ONNX_PICTURE,       /* (N, C, H, W) */
  MG_ONNX_CHANNELS_LAST, /* (N, H, W, C) */
  MG_ONNX_VECTOR,        /* (N, C · H · W) */
  MG_ONNX_SEQUENCE,      /* (N, C · H, W) */
  MG_ONNX_STEPS,         /* (W, N, C · H) */
  MG_ONNX_BY_DIRECTION,  /* (T, directions, N, hidden): of LSTM */
  MG_ONNX_DIRECTED,      /* (T, N, directions, hidden) */
  MG_ONNX_ENDS,          /* (N, hidden, 1): a direction's last step */
} MgOnnxForm;

typedef struct {
  MgOnnxForm form;
  int layer; /* -1: the network's input */
  MgShape shape;
  float scale;    /* by which it is multiplied; 1 but for what an Add takes */
  int directions; /* of MG_ONNX_BY_DIRECTION and after it */
  int end;        /* of MG_ONNX_ENDS: the direction */
} MgOnnxValue;

typedef struct {
  const char *path;
  GHashTable *constants; /* char * -> MgOnnxConstant * */
  GHashTable *values;    /* char * -> MgOnnxValue * */
  GHashTable *tensors;   /* our names, char * -> GArray of float */
  GHashTable *names;     /* of the layers */
  GHashTable *taken;     /* nodes that earlier ones stand for: set of const Onnx__NodeProto * */
  json_t *layers;
  GArray *ended; /* gboolean, by layer: gives its last step only */
} MgOnnxImport;

/* FALSE, with MG_ERROR_FORMAT that names file and node. */
gboolean mg_onnx_import_node(MgOnnxImport *import, const Onnx__NodeProto *node, GError **error);
