/** Tests of the measuring. */
@NullMarked
package io.portcullis.bench;

import org.jspecify.annotations.NullMarked;
