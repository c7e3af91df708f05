/** Tests of sessions, with real Redis and an issuer that does what it is told. */
@NullMarked
package io.portcullis.session;

import org.jspecify.annotations.NullMarked;
