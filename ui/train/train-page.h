/* Train: choose data, network and parameters, start, and watch the curves of this and former runs. */
#pragma once
#include "ui/pages.h"

extern const MgPage mg_train_page;
