package io.portcullis.session;

import java.util.Optional;

/**
 * A session and what its browser must be told.
 *
 * @param session the session
 * @param cookie when present, the answer to this request must set the session cookie to this value,
 *     whatever its status: the handle has changed, and the one the browser sent ends within
 *     seconds. Empty when the browser has the right one
 */
public record OpenSession(Session session, Optional<String> cookie) {

  /** Tells whether there is a new cookie, never which. */
  @Override
  public String toString() {
    return "OpenSession[" + session + (cookie.isPresent() ? ", new cookie]" : "]");
  }
}
