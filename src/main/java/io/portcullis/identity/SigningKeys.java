package io.portcullis.identity;

import io.portcullis.config.IdentityConfig;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of all configured issuers: kept fresh by {@link JwtVerticle}, read by {@link
 * TokenVerifier} on every event loop. Without a running verticle they stay as they are and grow too
 * old.
 */
public final class SigningKeys {
  private final Map<String, IssuerKeys> byIssuer;

  /**
   * No keys yet.
   *
   * @throws IllegalArgumentException when an algorithm is unknown or an issuer is named twice
   */
  public SigningKeys(IdentityConfig config, InstantSource clock) {
    Map<String, IssuerKeys> issuers = new LinkedHashMap<>();
    for (IdentityConfig.Issuer issuer : config.issuers()) {
      if (issuers.put(issuer.issuer(), new IssuerKeys(config, issuer, clock)) != null) {
        throw new IllegalArgumentException("an issuer is configured twice: " + issuer.issuer());
      }
    }
    byIssuer = Collections.unmodifiableMap(issuers);
  }

  /** How each issuer's keys are. */
  public List<KeyStatus> status() {
    return byIssuer.values().stream().map(IssuerKeys::status).toList();
  }

  Optional<IssuerKeys> of(String issuer) {
    return Optional.ofNullable(byIssuer.get(issuer));
  }

  Collection<IssuerKeys> all() {
    return byIssuer.values();
  }
}
