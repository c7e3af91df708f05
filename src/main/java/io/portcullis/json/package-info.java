/** Strict JSON in (RFC 8259), nothing lenient. May import {@code model}. */
@NullMarked
package io.portcullis.json;

import org.jspecify.annotations.NullMarked;
