/** Clients of internal services. May import {@code config} and {@code model}. */
@NullMarked
package io.portcullis.upstream;

import org.jspecify.annotations.NullMarked;
