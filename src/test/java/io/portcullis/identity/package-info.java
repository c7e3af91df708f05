/** Tests of tokens, keys and what becomes of them. */
@NullMarked
package io.portcullis.identity;

import org.jspecify.annotations.NullMarked;
