/**
 * Rate limits that are never exceeded in any window. May import {@code redis}, {@code config} and
 * {@code model}.
 */
@NullMarked
package io.portcullis.limit;

import org.jspecify.annotations.NullMarked;
