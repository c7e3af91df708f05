/**
 * The configuration: one validated record per concern, read once from the file, the environment and
 * secret files. May import {@code model}.
 */
@NullMarked
package io.portcullis.config;

import org.jspecify.annotations.NullMarked;
