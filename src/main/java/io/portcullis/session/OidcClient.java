package io.portcullis.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.portcullis.config.LoginConfig;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.tls.Trust;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import io.vertx.ext.auth.oauth2.OAuth2AuthorizationURL;
import io.vertx.ext.auth.oauth2.OAuth2FlowType;
import io.vertx.ext.auth.oauth2.OAuth2Options;
import io.vertx.ext.auth.oauth2.Oauth2Credentials;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The gateway as a confidential client of the issuer (RFC 6749, OpenID Connect Core 1.0): where it
 * sends browsers, and its own calls of the token and revocation endpoints. Each call has a
 * deadline, and only so many of each sort are under way at once. What comes back is proved by
 * nobody here.
 *
 * <p>A future fails with {@link Problem#UNAUTHENTICATED} exactly when the issuer refused the grant
 * ({@code invalid_grant}), with 503 for everything else: that the issuer is away, slow, full or
 * does not know <em>us</em> is our trouble. Safe on every event loop.
 */
public final class OidcClient implements TokenRefresh {
  private static final String REFUSED = "invalid_grant";
  private static final int CONNECT_MILLIS = 2_000;
  private static final int KEPT_SECONDS = 3;

  private final LoginConfig config;
  private final String redirect;
  private final String home;
  private final OAuth2Auth issuer;

  /**
   * What anybody may cause, and what the sessions that are open need: one never starves the other.
   */
  private final AtomicInteger logins = new AtomicInteger();

  private final AtomicInteger refreshes = new AtomicInteger();
  private final MeterRegistry registry;
  private final InstantSource clock;

  /**
   * Calls nobody yet; reads the trusted certificates, which blocks. {@code publicUrl} is the
   * gateway as browsers see it.
   */
  public OidcClient(
      Vertx vertx, LoginConfig config, URI publicUrl, MeterRegistry registry, InstantSource clock) {
    this.config = config;
    this.home = publicUrl.toString();
    this.redirect = publicUrl + "/auth/callback";
    this.registry = registry;
    this.clock = clock;
    this.issuer = OAuth2Auth.create(vertx, options(config));
    registry.gauge("portcullis.issuer.calls.pending", Tags.of("for", "logins"), logins);
    registry.gauge("portcullis.issuer.calls.pending", Tags.of("for", "refreshes"), refreshes);
  }

  private static OAuth2Options options(LoginConfig config) {
    OAuth2Options options =
        new OAuth2Options()
            .setClientId(config.client())
            .setClientSecret(config.clientSecret().value())
            .setAuthorizationPath(config.authorizationEndpoint().orElseThrow().toString())
            .setTokenPath(config.tokenEndpoint().orElseThrow().toString())
            .setHttpClientOptions(transport(config));
    config.endSessionEndpoint().map(URI::toString).ifPresent(options::setLogoutPath);
    config.revocationEndpoint().map(URI::toString).ifPresent(options::setRevocationPath);
    return options;
  }

  private static HttpClientOptions transport(LoginConfig config) {
    int deadline = Math.toIntExact(config.deadline().toMillis());
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(Math.min(CONNECT_MILLIS, deadline))
            // Ends what our own deadline has given up; the pool gives connections up sooner than
            // that, or a request could meet one that is being closed.
            .setReadIdleTimeout(deadline + 2 * KEPT_SECONDS * 1000)
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setKeepAliveTimeout(KEPT_SECONDS);
    if (config.trust().isPresent()) {
      options.setTrustOptions(Trust.of(config.trust()).options());
    }
    return options;
  }

  /** Where to send a browser to log in (with PKCE, RFC 7636). */
  String authorization(LoginAttempt attempt) {
    List<String> scopes = new ArrayList<>(config.scopes());
    String tenant = attempt.wish().tenant();
    scopes.add(tenant.isEmpty() ? "organization" : "organization:" + tenant);
    OAuth2AuthorizationURL url =
        new OAuth2AuthorizationURL()
            .setScopes(scopes)
            .setState(attempt.state())
            .putAdditionalParameter("redirect_uri", redirect)
            .putAdditionalParameter("nonce", attempt.nonce())
            .putAdditionalParameter("code_challenge", challenge(attempt.verifier()))
            .putAdditionalParameter("code_challenge_method", "S256");
    if (attempt.stepUp()) {
      // Not max_age=0: a login of the same second would be young enough for that.
      url.putAdditionalParameter("acr_values", attempt.wish().level())
          .putAdditionalParameter("prompt", "login");
    }
    return issuer.authorizeURL(url);
  }

  private static String challenge(String verifier) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Exchanges a code for tokens. */
  Future<Tokens> exchange(String code, String verifier) {
    Oauth2Credentials credentials =
        new Oauth2Credentials()
            .setFlow(OAuth2FlowType.AUTH_CODE)
            .setCode(code)
            .setCodeVerifier(verifier)
            .setRedirectUri(redirect);
    return call(logins, "exchange", () -> issuer.authenticate(credentials)).compose(this::tokens);
  }

  @Override
  public Future<Tokens> refresh(String refreshToken) {
    User user = User.create(new JsonObject().put("refresh_token", refreshToken));
    return call(refreshes, "refresh", () -> issuer.refresh(user)).compose(this::tokens);
  }

  /** Tells the issuer that a refresh token is of no use any more (RFC 7009). */
  Future<Void> revoke(String refreshToken) {
    if (config.revocationEndpoint().isEmpty() || refreshToken.isEmpty()) {
      return Future.succeededFuture();
    }
    User user = User.create(new JsonObject().put("refresh_token", refreshToken));
    return call(logins, "revoke", () -> issuer.revoke(user, "refresh_token"));
  }

  /** Where to send a browser whose session has ended (OpenID Connect RP-Initiated Logout 1.0). */
  Optional<String> endSession(String idToken) {
    if (config.endSessionEndpoint().isEmpty() || idToken.isEmpty()) {
      return Optional.empty();
    }
    JsonObject parameters =
        new JsonObject()
            .put("client_id", config.client())
            .put("post_logout_redirect_uri", home + "/");
    User user = User.create(new JsonObject().put("id_token", idToken));
    return Optional.ofNullable(issuer.endSessionURL(user, parameters));
  }

  private <T> Future<T> call(AtomicInteger pending, String name, Supplier<Future<T>> call) {
    if (pending.incrementAndGet() > config.maxPending()) {
      pending.decrementAndGet();
      return Future.failedFuture(
          Rejection.retryable(
              Problem.OVERLOADED,
              "issuer-calls-pending",
              "Too many logins at the moment.",
              Duration.ofSeconds(2)));
    }
    Timer.Sample began = Timer.start(registry);
    Future<T> answer;
    try {
      answer = call.get().timeout(config.deadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    return answer
        .recover(failure -> Future.failedFuture(meaning(failure)))
        .onComplete(
            outcome -> {
              pending.decrementAndGet();
              began.stop(timer(name, outcome.succeeded() ? "ok" : reason(outcome.cause())));
            });
  }

  private Timer timer(String call, String result) {
    return registry.timer("portcullis.issuer.calls", "call", call, "result", result);
  }

  private static String reason(Throwable failure) {
    return failure instanceof Rejection refused && refused.problem() == Problem.UNAUTHENTICATED
        ? "refused"
        : "unavailable";
  }

  /** The library tells of an error by its text alone, which begins with the code of RFC 6749. */
  private static Rejection meaning(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    if (text.equals(REFUSED) || text.startsWith(REFUSED + ":")) {
      return Rejection.of(
          Problem.UNAUTHENTICATED, "grant-refused", "The identity provider refused the login.");
    }
    return Rejection.unavailable("identity-provider");
  }

  private Future<Tokens> tokens(User user) {
    JsonObject answer = user.principal();
    if (!(answer.getValue("access_token") instanceof String access)
        || !(answer.getValue("token_type") instanceof String type)
        || !type.equalsIgnoreCase("Bearer")) {
      return Future.failedFuture(Rejection.unavailable("identity-provider"));
    }
    Instant now = clock.instant();
    return Future.succeededFuture(
        new Tokens(
            access,
            end(now, answer.getValue("expires_in")).or(() -> ExpiryHint.of(access)).orElse(now),
            text(answer, "refresh_token"),
            end(now, answer.getValue("refresh_expires_in")).orElse(Instant.MAX),
            text(answer, "id_token")));
  }

  /** Keycloak says 0 for a refresh token that has no end of its own. */
  private static Optional<Instant> end(Instant now, Object seconds) {
    return seconds instanceof Number number && number.longValue() > 0
        ? Optional.of(now.plusSeconds(number.longValue()))
        : Optional.empty();
  }

  private static String text(JsonObject answer, String name) {
    return answer.getValue(name) instanceof String text ? text : "";
  }
}
