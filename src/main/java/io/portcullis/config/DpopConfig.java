package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.TextForms.algorithm;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How callers prove the key that their access token is bound to (RFC 9449). Off where {@code
 * http.public-url} is empty, because a proof names the address it is for.
 *
 * @param algorithms allowed JWS algorithms of proofs
 * @param proofLifetime how far {@code iat} of a proof may lie from our clock, either way
 * @param nonceKey what nonces are made with, the same on all nodes; empty: made up at each start
 * @param nonceLifetime no nonce is taken for longer than this
 */
public record DpopConfig(
    Set<String> algorithms, Duration proofLifetime, Secret nonceKey, Duration nonceLifetime) {
  private static final int SHORTEST_KEY = 32;

  static DpopConfig read(Section dpop) {
    DpopConfig config =
        new DpopConfig(
            dpop.set(
                "algorithms",
                algorithm(),
                List.of("ES256", "PS256", "RS256", "EdDSA"),
                "allowed JWS algorithms of proofs"),
            dpop.value(
                "proof-lifetime",
                duration("5s", "5m"),
                "30s",
                "how far `iat` of a proof may lie from our clock, either way"),
            dpop.secret(
                "nonce-key",
                "at least 32 characters that nonces are made with, the same on all nodes; empty:"
                    + " made up at each start, for a single node"),
            dpop.value(
                "nonce-lifetime",
                duration("10s", "1h"),
                "60s",
                "no nonce is taken for longer than this"));
    dpop.check(
        !config.algorithms.isEmpty(), "is empty; expected at least one algorithm", "algorithms");
    int length = config.nonceKey.value().length();
    dpop.check(
        length == 0 || length >= SHORTEST_KEY,
        "expected at least " + SHORTEST_KEY + " characters",
        "nonce-key",
        "nonce-key-file");
    return config;
  }
}
