/**
 * Connections to Redis, one per event loop, with deadlines and a breaker, wherever its sentinels
 * say that it is; key names and scripts. No business meaning. May import {@code tls}, {@code
 * config} and {@code model}.
 */
@NullMarked
package io.portcullis.redis;

import org.jspecify.annotations.NullMarked;
