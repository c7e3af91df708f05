/**
 * A token becomes a {@code Caller}, or a refusal with its reason. May import {@code redis}, {@code
 * json}, {@code config} and {@code model}.
 */
@NullMarked
package io.portcullis.identity;

import org.jspecify.annotations.NullMarked;
