package io.portcullis.operate;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** The sessions of browsers, as an operator sees and ends them. */
public interface SessionAdmin {
  /** Where there are no sessions. */
  SessionAdmin NONE =
      new SessionAdmin() {
        @Override
        public Future<List<Facts>> list(String subject) {
          return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Boolean> end(String id) {
          return Future.succeededFuture(false);
        }
      };

  /**
   * One session, without anything that would let somebody use it.
   *
   * @param id its public id
   * @param issuer who vouched for the user
   * @param subject the user
   * @param username to show
   * @param tenant the tenant chosen at login; may be empty
   * @param providerSession the identity provider's session
   * @param created when it began
   * @param ends when it ends at the latest
   */
  record Facts(
      String id,
      String issuer,
      String subject,
      String username,
      String tenant,
      String providerSession,
      Instant created,
      Instant ends) {}

  /** The user's sessions; fails with a {@link io.portcullis.model.Rejection}. */
  Future<List<Facts>> list(String subject);

  /** Ends one; false when there is none. Fails with a {@link io.portcullis.model.Rejection}. */
  Future<Boolean> end(String id);
}
