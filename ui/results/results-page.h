/* Results: the table of segments, who was mistaken for whom, and why. */
#pragma once
#include "ui/pages.h"

extern const MgPage mg_results_page;
