/**
 * The nouns every room may use: values without input or output. Imports the JDK and Vert.x's {@code
 * Buffer}.
 */
@NullMarked
package io.portcullis.model;

import org.jspecify.annotations.NullMarked;
