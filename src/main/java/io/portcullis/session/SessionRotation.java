package io.portcullis.session;

import io.portcullis.config.SessionConfig;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the handle of a session every few hours, and at once when it was made under a master key
 * that is no longer the current one. One request does it and brings the new cookie; whoever comes
 * beside it is served as before. When it cannot be done now, a later request will. Safe on any
 * thread.
 */
final class SessionRotation {
  private static final Logger log = LoggerFactory.getLogger(SessionRotation.class);

  private final SessionOpening opening;
  private final SessionLock lock;
  private final MasterKeys keys;
  private final SessionConfig config;
  private final Set<String> running = ConcurrentHashMap.newKeySet();

  SessionRotation(SessionOpening opening, SessionLock lock, MasterKeys keys, SessionConfig config) {
    this.opening = opening;
    this.lock = lock;
    this.keys = keys;
    this.config = config;
  }

  boolean due(Located located, Instant now) {
    return !now.isBefore(located.session().rotated().plus(config.rotateEvery()))
        || !located.handle().keyId().equals(keys.current());
  }

  /** The session, under a new handle if nothing stood against it. Never fails. */
  Future<OpenSession> rotate(Located located) {
    String name = located.handle().name();
    OpenSession asBefore = new OpenSession(located.session(), Optional.empty());
    if (!running.add(name)) {
      return Future.succeededFuture(asBefore);
    }
    return lock.take(name)
        .compose(
            answer ->
                answer instanceof SessionLock.Answer.Ours ours
                    ? opening
                        .rotate(located.handle(), located.session())
                        .onComplete(done -> lock.release(name, ours.owner()))
                    // Its tokens are being renewed: not now, or the answer would have no place.
                    : Future.succeededFuture(Optional.<OpenSession>empty()))
        .map(moved -> moved.orElse(asBefore))
        .otherwise(
            problem -> {
              log.atWarn()
                  .addKeyValue("event.action", "session.rotation.failed")
                  .addKeyValue("error.message", problem.getMessage())
                  .log("a session keeps its handle for now");
              return asBefore;
            })
        .onComplete(done -> running.remove(name));
  }
}
