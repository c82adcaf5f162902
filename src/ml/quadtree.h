/* A quadtree over points in the plane, whose cells know their number of points and their middle (Barnes and Hut, 1986).
 */
#pragma once
#include <glib.h>

typedef struct MgQuadtree MgQuadtree;

/* Of n points (x, y); refers to them until the next mg_quadtree_build(). */
MgQuadtree *mg_quadtree_new(void);
void mg_quadtree_free(MgQuadtree *tree); /* accepts NULL */
void mg_quadtree_build(MgQuadtree *tree, const float *points, size_t n);
/* t-SNE's repulsion at a point: force += sum of q² (point - other), and returns the sum of q, where q = 1 / (1 + d²)
 * and cells narrower than `angle` times their distance count as their middle. */
double mg_quadtree_repulsion(const MgQuadtree *tree, size_t point, double angle, double force[2]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MgQuadtree, mg_quadtree_free)
