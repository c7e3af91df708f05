package io.portcullis.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whose tokens are believed.
 *
 * @param issuers the issuers, by their exact {@code iss}
 * @param leeway allowed difference between our clock and an issuer's
 * @param maxTokenBytes a longer token is refused unread
 * @param cacheSize verified tokens kept in memory
 * @param refreshInterval background refresh of the keys
 * @param refreshFloor never fetch the keys of one issuer more often than this
 * @param unknownKeyTtl an unknown {@code kid} is remembered as unknown for this long
 * @param maxStale keys are used for this long after the last successful fetch; then 503
 * @param fetchTimeout deadline of one fetch
 */
public record IdentityConfig(
    List<Issuer> issuers,
    Duration leeway,
    int maxTokenBytes,
    int cacheSize,
    Duration refreshInterval,
    Duration refreshFloor,
    Duration unknownKeyTtl,
    Duration maxStale,
    Duration fetchTimeout) {

  /**
   * One issuer.
   *
   * @param name a short name for logs and metrics
   * @param issuer the exact value of {@code iss}
   * @param jwks where the keys are; when empty, {@code discovery} says
   * @param discovery the OpenID Connect discovery document; used when {@code jwks} is empty
   * @param audiences at least one of these must be in {@code aud}
   * @param clients allowed values of {@code azp}; empty allows any
   * @param algorithms allowed JWS algorithms
   * @param rolesClient the client whose {@code resource_access} roles count besides realm roles;
   *     empty for none
   */
  public record Issuer(
      String name,
      String issuer,
      Optional<URI> jwks,
      Optional<URI> discovery,
      Set<String> audiences,
      Set<String> clients,
      Set<String> algorithms,
      String rolesClient) {}
}
