/* Functions that the compiler turns into vector instructions. */
#pragma once

/* In front of a function: it is compiled for several instruction sets, and the best is chosen when the program starts.
 * Products are not fused with sums (-ffp-contract is off in ISO C), so that all sets give the same numbers. Not under
 * the thread sanitizer, which is not there yet when the program chooses. */
#if defined __x86_64__ && defined __gnu_linux__ && defined __GNUC__ && !defined __clang__ &&                           \
    !defined __SANITIZE_THREAD__
#define MG_VECTOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MG_VECTOR
#endif
