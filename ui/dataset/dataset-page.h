/* Dataset: what there is to learn from, how it is cut and split, and what is wrong with it. */
#pragma once
#include "ui/pages.h"

extern const MgPage mg_dataset_page;
