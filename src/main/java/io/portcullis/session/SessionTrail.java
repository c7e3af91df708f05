package io.portcullis.session;

import io.vertx.core.Future;

/** Where it is written down that a session ended without its browser having asked. */
@FunctionalInterface
public interface SessionTrail {
  /** Completes when it is durable; who waits for the answer waits for this. */
  Future<Void> ended(Ended event);

  /**
   * A session's end.
   *
   * @param id the session's public name
   * @param issuer whose login it was
   * @param tenant the organization's alias; may be empty or unknown
   * @param subject whose session it was
   * @param reason {@code refresh-refused}, or {@code too-many} or {@code overtaken} when a newer
   *     session took its place
   */
  record Ended(String id, String issuer, String tenant, String subject, String reason) {}
}
