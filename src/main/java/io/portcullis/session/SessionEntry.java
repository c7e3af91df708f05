package io.portcullis.session;

import java.time.Instant;

/**
 * What can be told of a session without its cookie.
 *
 * @param id its public name
 * @param issuer who vouched for the person
 * @param tenant the alias of the organization chosen at login; may be empty
 * @param subject the issuer's permanent id of the person
 * @param username the name to show
 * @param providerSession the issuer's session; may be empty
 * @param created when it began
 * @param absoluteEnd when it ends at the latest
 */
public record SessionEntry(
    String id,
    String issuer,
    String tenant,
    String subject,
    String username,
    String providerSession,
    Instant created,
    Instant absoluteEnd) {

  static SessionEntry of(Session session) {
    return new SessionEntry(
        session.id(),
        session.issuer(),
        session.tenant(),
        session.subject(),
        session.username(),
        session.providerSession(),
        session.created(),
        session.absoluteEnd());
  }
}
