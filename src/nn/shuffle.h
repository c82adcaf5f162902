/* One builtin that compilers call by different names. */
#pragma once

/* The lanes of a and b that `places` names, b's counted behind a's. Clang has no such function for places that are no
 * constants: it builds the fuzz targets only, where speed does not count. */
#if defined(__clang__)
#define SHUFFLE(a, b, places)                                                                                          \
  ({                                                                                                                   \
    __typeof__(a) shuffled_;                                                                                           \
    int lanes_ = (int)(sizeof(a) / sizeof((a)[0]));                                                                    \
    for (int i_ = 0; i_ < lanes_; i_++)                                                                                \
      shuffled_[i_] = (places)[i_] < lanes_ ? (a)[(places)[i_]] : (b)[(places)[i_] - lanes_];                          \
    shuffled_;                                                                                                         \
  })
#else
#define SHUFFLE(a, b, places) __builtin_shuffle(a, b, places)
#endif
