/**
 * An event becomes a durable, provable line of a trail. May import {@code json}, {@code config} and
 * {@code model}.
 */
@NullMarked
package io.portcullis.audit;

import org.jspecify.annotations.NullMarked;
