package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.AmountForms.size;
import static io.portcullis.config.NetworkForms.address;
import static io.portcullis.config.NetworkForms.protectedAddress;
import static io.portcullis.config.TextForms.algorithm;
import static io.portcullis.config.TextForms.orEmpty;
import static io.portcullis.config.TextForms.path;
import static io.portcullis.config.TextForms.word;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
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
 * @param dpop how callers prove the key of a bound token
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
    Duration fetchTimeout,
    DpopConfig dpop) {

  /** The address of the issuer of this name, or of this address; empty when there is none. */
  public Optional<String> addressOf(String nameOrAddress) {
    return issuers.stream()
        .filter(known -> known.name().equals(nameOrAddress) || known.issuer().equals(nameOrAddress))
        .map(Issuer::issuer)
        .findFirst();
  }

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
   * @param trust who vouches for the certificate of where the keys are; absent: whom the JVM trusts
   */
  public record Issuer(
      String name,
      String issuer,
      Optional<URI> jwks,
      Optional<URI> discovery,
      Set<String> audiences,
      Set<String> clients,
      Set<String> algorithms,
      String rolesClient,
      Optional<Path> trust) {

    static Issuer read(Section issuer) {
      Issuer config =
          new Issuer(
              issuer.name(),
              issuer.required("issuer", address().map(URI::toString), "the exact value of `iss`"),
              issuer.optional(
                  "jwks", protectedAddress(), "where the keys are; this or `discovery`"),
              issuer.optional(
                  "discovery",
                  protectedAddress(),
                  "the OpenID Connect discovery document, which says where the keys are"),
              issuer.requiredSet("audiences", word(), "at least one of these must be in `aud`"),
              issuer.set("clients", word(), List.of(), "allowed values of `azp`; empty allows any"),
              issuer.set(
                  "algorithms",
                  algorithm(),
                  List.of("RS256", "ES256", "PS256", "EdDSA"),
                  "allowed JWS algorithms"),
              issuer.value(
                  "roles-client",
                  orEmpty(word()),
                  "",
                  "the client whose `resource_access` roles count besides realm roles"),
              issuer.optional(
                  "trust",
                  path(),
                  "the certificates that vouch for where the keys are, PEM; absent: whom the JVM"
                      + " trusts"));
      issuer.check(
          config.jwks.isPresent() != config.discovery.isPresent(),
          "expected exactly one of jwks and discovery",
          "jwks",
          "discovery");
      issuer.check(
          !config.algorithms.isEmpty(), "is empty; expected at least one algorithm", "algorithms");
      return config;
    }
  }

  static IdentityConfig read(Section identity) {
    IdentityConfig config =
        new IdentityConfig(
            identity.named("issuers", Issuer::read),
            identity.value(
                "leeway",
                duration("0s", "5m"),
                "30s",
                "allowed difference between our clock and an issuer's"),
            identity.value(
                "max-token-bytes",
                size("256B", "64KiB").map(Math::toIntExact),
                "8KiB",
                "a longer token is refused unread"),
            identity.value(
                "cache-size", number(0, 1_000_000), "10000", "verified tokens kept in memory"),
            identity.value(
                "refresh-interval", duration("1s", "1d"), "5m", "background refresh of the keys"),
            identity.value(
                "refresh-floor",
                duration("100ms", "1h"),
                "10s",
                "never fetch the keys of one issuer more often than this"),
            identity.value(
                "unknown-key-ttl",
                duration("100ms", "1h"),
                "1m",
                "an unknown `kid` is remembered as unknown for this long"),
            identity.value(
                "max-stale",
                duration("1s", "30d"),
                "1h",
                "keys are used for this long after the last successful fetch; then 503"),
            identity.value(
                "fetch-timeout", duration("100ms", "30s"), "5s", "deadline of one fetch"),
            identity.section("dpop", DpopConfig::read));
    config.check(identity);
    return config;
  }

  private void check(Section identity) {
    identity.check(
        !issuers.isEmpty(),
        "is missing or empty; expected a section for at least one issuer",
        "issuers");
    identity.check(
        refreshFloor.compareTo(refreshInterval) <= 0,
        "expected refresh-floor at most refresh-interval",
        "refresh-floor",
        "refresh-interval");
    identity.check(
        maxStale.compareTo(refreshInterval) >= 0,
        "expected max-stale at least refresh-interval",
        "max-stale",
        "refresh-interval");
    Set<String> seen = new HashSet<>();
    for (Issuer issuer : issuers) {
      identity.check(
          seen.add(issuer.issuer()),
          "is the issuer of another section; expected each issuer once",
          "issuers." + issuer.name() + ".issuer");
    }
  }
}
