/**
 * Connections to Redis, one per event loop, with deadlines and a breaker; key names and scripts. No
 * business meaning. May import {@code config} and {@code model}.
 */
@NullMarked
package io.portcullis.redis;

import org.jspecify.annotations.NullMarked;
