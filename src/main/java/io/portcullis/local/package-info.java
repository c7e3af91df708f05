/** The whole system on one machine, for {@code portcullis up} and the tests. */
@NullMarked
package io.portcullis.local;

import org.jspecify.annotations.NullMarked;
