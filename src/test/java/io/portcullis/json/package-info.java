/** Tests of strict JSON. */
@NullMarked
package io.portcullis.json;

import org.jspecify.annotations.NullMarked;
