/**
 * The registry, the life cycle, and the only door to PostgreSQL. May import {@code config} and
 * {@code model}.
 */
@NullMarked
package io.portcullis.tenant;

import org.jspecify.annotations.NullMarked;
