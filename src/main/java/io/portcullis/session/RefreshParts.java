package io.portcullis.session;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every refresh of a node shares.
 *
 * @param records the sessions in Redis
 * @param lock their locks
 * @param ending how a session is ended
 * @param refresh the issuer
 * @param gate leaves the issuer alone when it fails
 * @param news tells all nodes that a record has changed
 * @param timing the pace
 * @param meters counts
 * @param clock the time
 */
record RefreshParts(
    SessionRecords records,
    SessionLock lock,
    SessionEnding ending,
    TokenRefresh refresh,
    RefreshGate gate,
    SessionNews news,
    RefreshTiming timing,
    SessionMeters meters,
    InstantSource clock) {
  private static final Logger log = LoggerFactory.getLogger(RefreshParts.class);

  void announce(String name) {
    news.changed(name);
  }

  void logFailed(@Nullable Throwable problem) {
    log.atWarn()
        .addKeyValue("event.action", "session.refresh.failed")
        .addKeyValue("error.type", problem == null ? "none" : problem.getClass().getSimpleName())
        .addKeyValue("error.message", problem == null ? "" : problem.getMessage())
        .log("a session could not be renewed; it stays");
  }

  void logUnstored(Session session, Throwable problem) {
    log.atError()
        .addKeyValue("event.action", "session.refresh.unstored")
        .addKeyValue("portcullis.session.id", session.id())
        .addKeyValue("error.message", problem.getMessage())
        .log("new tokens are lost, Redis did not take them; the old refresh token is tried again");
  }
}
