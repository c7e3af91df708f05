/**
 * {@code portcullis bench}: what a request costs, beside a peer, in one run. May import {@code
 * local} and what is right of it.
 */
@NullMarked
package io.portcullis.bench;

import org.jspecify.annotations.NullMarked;
