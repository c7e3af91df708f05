package io.portcullis.model;

import java.time.Instant;
import java.util.Optional;

/**
 * What decisions after the proof need to know of the credential that proved a caller. Immutable.
 *
 * @param id the credential's id ({@code jti}, or a certificate's serial); empty when there is none
 * @param session the identity provider's session it belongs to ({@code sid}); empty when it belongs
 *     to none, as a service account's
 * @param issuedAt when it was issued; the epoch when it does not say
 * @param expiresAt when it ends
 * @param authenticatedAt when its subject last proved who they are ({@code auth_time})
 * @param level how strongly they proved it ({@code acr}); empty when it does not say
 * @param binding the key that its holder must prove as well (RFC 7800)
 */
public record Credential(
    String id,
    String session,
    Instant issuedAt,
    Instant expiresAt,
    Optional<Instant> authenticatedAt,
    String level,
    Optional<Binding> binding) {

  /** A credential that says nothing beyond its id and its times. */
  public static Credential of(String id, Instant issuedAt, Instant expiresAt) {
    return new Credential(id, "", issuedAt, expiresAt, Optional.empty(), "", Optional.empty());
  }

  /**
   * The confirmation of a credential ({@code cnf}): whoever presents it must hold this key.
   *
   * @param kind what kind of key
   * @param thumbprint its SHA-256 thumbprint, base64url
   */
  public record Binding(Kind kind, String thumbprint) {
    /** How the key is proved. */
    public enum Kind {
      /** {@code jkt}: by a DPoP proof (RFC 9449, section 6.1). */
      KEY,
      /** {@code x5t#S256}: by the client certificate of the connection (RFC 8705, section 3.1). */
      CERTIFICATE
    }
  }
}
