package io.portcullis.session;

import java.time.Instant;

/**
 * A session as found by a handle.
 *
 * @param session the session
 * @param handle under which it is stored now
 * @param moved whether that is not the handle that was asked for: the browser must be told
 * @param frozen whether it is only what the session was before its person proved more: it is served
 *     as it is for its last seconds, neither renewed nor moved
 * @param until when the record ends if nobody touches it
 */
record Located(Session session, Handle handle, boolean moved, boolean frozen, Instant until) {

  /** Seen from a handle that leads here. */
  Located asMoved() {
    return new Located(session, handle, true, frozen, until);
  }

  /** Whether it may still be served. */
  boolean lives(Instant now) {
    return now.isBefore(until) && now.isBefore(session.absoluteEnd());
  }
}
