package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.NetworkForms.protectedAddress;
import static io.portcullis.config.TextForms.orEmpty;
import static io.portcullis.config.TextForms.path;
import static io.portcullis.config.TextForms.shortName;
import static io.portcullis.config.TextForms.word;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How people log in through the gateway: by OpenID Connect, with the authorization code.
 *
 * @param client the gateway's confidential client at the issuer; empty: nobody logs in here
 * @param clientSecret its secret
 * @param issuer which of {@code identity.issuers} people log in at
 * @param authorizationEndpoint where browsers are sent to log in
 * @param tokenEndpoint where this node exchanges codes and refresh tokens
 * @param endSessionEndpoint where browsers are sent after a logout; absent, logouts end here
 * @param revocationEndpoint where this node revokes refresh tokens; absent, none is
 * @param scopes what is asked for besides the organization
 * @param attempt how long somebody may take to log in
 * @param deadline of one call of the issuer
 * @param maxPending calls of a node under way at once; further ones are refused with 503
 * @param trust who vouches for the certificates of https endpoints; absent: whom the JVM trusts
 */
public record LoginConfig(
    String client,
    Secret clientSecret,
    String issuer,
    Optional<URI> authorizationEndpoint,
    Optional<URI> tokenEndpoint,
    Optional<URI> endSessionEndpoint,
    Optional<URI> revocationEndpoint,
    Set<String> scopes,
    Duration attempt,
    Duration deadline,
    int maxPending,
    Optional<Path> trust) {

  /** Whether people can log in at all. */
  public boolean on() {
    return !client.isEmpty();
  }

  static LoginConfig read(Section login) {
    LoginConfig config =
        new LoginConfig(
            login.value(
                "client",
                orEmpty(word()),
                "",
                "the gateway's confidential client at the issuer; empty: nobody logs in here"),
            login.secret("client-secret", "its secret"),
            login.value(
                "issuer", orEmpty(shortName()), "", "which of `identity.issuers` people log in at"),
            login.optional(
                "authorization-endpoint", protectedAddress(), "where browsers are sent to log in"),
            login.optional(
                "token-endpoint",
                protectedAddress(),
                "where the node exchanges codes and refreshes tokens"),
            login.optional(
                "end-session-endpoint",
                protectedAddress(),
                "where browsers are sent after a logout; absent, the issuer's own session goes on"),
            login.optional(
                "revocation-endpoint",
                protectedAddress(),
                "where the node revokes refresh tokens at a logout; absent, it does not"),
            login.set(
                "scopes",
                word(),
                List.of("openid"),
                "what is asked for besides the organization; `openid` must be among them"),
            login.value(
                "attempt", duration("1m", "1h"), "10m", "how long somebody may take to log in"),
            login.value(
                "deadline", duration("100ms", "25s"), "8s", "deadline of one call of the issuer"),
            login.value(
                "max-pending",
                number(1, 10_000),
                "64",
                "calls of the issuer under way at once, of logins and of renewals each; further ones"
                    + " get 503"),
            login.optional(
                "trust",
                path(),
                "the certificates that vouch for https endpoints that the node calls, PEM; absent:"
                    + " whom the JVM trusts"));
    config.check(login);
    return config;
  }

  private void check(Section login) {
    if (!on()) {
      return;
    }
    login.check(!issuer.isEmpty(), "expected login.issuer beside login.client", "issuer", "client");
    login.check(
        authorizationEndpoint.isPresent(),
        "expected login.authorization-endpoint beside login.client",
        "authorization-endpoint",
        "client");
    login.check(
        tokenEndpoint.isPresent(),
        "expected login.token-endpoint beside login.client",
        "token-endpoint",
        "client");
    boolean here = tokenEndpoint.map(URI::getHost).filter(NetworkForms::isLoopback).isPresent();
    login.check(
        here ? !clientSecret.value().isEmpty() : clientSecret.isStrong(),
        here
            ? "expected login.client-secret beside login.client"
            : Secret.rule("login.client-secret"),
        "client-secret",
        "client-secret-file",
        "client");
    login.check(
        scopes.contains("openid"), "expected openid among login.scopes", "scopes", "client");
    login.check(
        scopes.stream().noneMatch(scope -> scope.startsWith("organization")),
        "names an organization; expected that to be left to whoever logs in",
        "scopes");
  }
}
