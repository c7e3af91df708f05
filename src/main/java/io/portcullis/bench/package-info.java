/**
 * {@code portcullis bench}: what a request costs, beside a peer, in one run. May import {@code
 * local}, {@code config} and {@code model}.
 */
@NullMarked
package io.portcullis.bench;

import org.jspecify.annotations.NullMarked;
