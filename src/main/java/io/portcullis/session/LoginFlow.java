package io.portcullis.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.portcullis.model.Caller;
import io.portcullis.model.IdToken;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A person logs in at the issuer and comes back with a code (OpenID Connect Core 1.0, section 3.1;
 * RFC 9700). Between the two steps no node remembers anything: what ties them together is sealed in
 * a cookie of its own, and a session exists only when everything holds. Whatever session the
 * browser had before is given up then, so that nobody can plant one.
 *
 * <p>Each future fails with a {@link Rejection}: {@code invalid-request} when the answer does not
 * belong to a login of this browser, {@code forbidden} when the issuer, or what it says, is against
 * it, 503 when a part that is needed is away.
 */
public final class LoginFlow {
  /** The cookie of a login under way. */
  public static final String COOKIE = "__Host-Http-pc-login";

  private static final int MAX_CODE_LENGTH = 2048;

  private final String issuer;
  private final LoginSeal seal;
  private final OidcClient client;
  private final OidcProofs proofs;
  private final Sessions sessions;
  private final BooleanSupplier registryLoaded;
  private final InstantSource clock;

  /**
   * Sends nobody anywhere yet.
   *
   * @param issuer the exact {@code iss} of the issuer that people log in at
   * @param registryLoaded whether it is known at all which tenants there are
   */
  public LoginFlow(
      String issuer,
      LoginSeal seal,
      OidcClient client,
      OidcProofs proofs,
      Sessions sessions,
      BooleanSupplier registryLoaded,
      InstantSource clock) {
    this.issuer = issuer;
    this.seal = seal;
    this.client = client;
    this.proofs = proofs;
    this.sessions = sessions;
    this.registryLoaded = registryLoaded;
    this.clock = clock;
  }

  /**
   * Begins.
   *
   * @param query of the request
   * @param session the session cookie that the browser has; empty for none
   * @throws Rejection when the query is not as it must be
   */
  public Start begin(Map<String, String> query, String session) {
    LoginAttempt attempt = LoginAttempt.begin(LoginWish.of(query), session, clock.instant());
    return new Start(client.authorization(attempt), seal.seal(attempt));
  }

  /**
   * Ends what {@link #begin} began.
   *
   * @param query of the request that the issuer sent the browser to us with
   * @param cookie the value of {@link #COOKIE}; empty when there is none
   * @param session the session cookie that the browser has; empty for none
   */
  public Future<Done> finish(Map<String, String> query, String cookie, String session) {
    LoginAttempt attempt;
    String code;
    try {
      attempt =
          seal.open(cookie)
              .orElseThrow(
                  () ->
                      invalid(
                          "login-unknown",
                          "This browser began no login here, or too long ago. Begin again."));
      code = code(query, attempt);
      if (!attempt.wish().tenant().isEmpty()) {
        // Before the code is spent: so the browser may come again with it.
        checkRegistry();
      }
    } catch (Rejection refused) {
      return Future.failedFuture(refused);
    }
    return client
        .exchange(code, attempt.verifier())
        .recover(failure -> Future.failedFuture(forbidden(failure)))
        .compose(tokens -> prove(tokens, attempt, session));
  }

  /** The code, once it is known that the answer is the issuer's and for this browser. */
  private String code(Map<String, String> query, LoginAttempt attempt) {
    if (!MessageDigest.isEqual(
        query.getOrDefault("state", "").getBytes(UTF_8), attempt.state().getBytes(UTF_8))) {
      throw invalid("login-state", "The answer belongs to another login. Begin again.");
    }
    // RFC 9207: an answer of another issuer must not reach this one's token endpoint.
    if (!issuer.equals(query.get("iss"))) {
      throw invalid("login-issuer", "The answer is not of the identity provider that was asked.");
    }
    String error = query.get("error");
    if (error != null) {
      throw switch (error) {
        case "server_error", "temporarily_unavailable" ->
            Rejection.unavailable("identity-provider");
        case "access_denied" -> forbidden("login-cancelled", "The login was cancelled.");
        default -> forbidden("login-refused", "The identity provider refused the login.");
      };
    }
    String code = query.getOrDefault("code", "");
    if (code.isEmpty() || code.length() > MAX_CODE_LENGTH) {
      throw invalid("login-code", "The answer has no code.");
    }
    return code;
  }

  private Future<Done> prove(Tokens tokens, LoginAttempt attempt, String sessionNow) {
    return proofs
        .idToken(tokens.idToken(), attempt.asked())
        .compose(
            person ->
                proofs
                    .accessToken(tokens.accessToken())
                    .compose(caller -> open(tokens, attempt, sessionNow, person, caller)))
        .recover(
            failure -> {
              // Nobody gets to use them; that the issuer forgets them too is a courtesy.
              client.revoke(tokens.refreshToken()).onFailure(ignored -> {});
              return Future.failedFuture(forbidden(failure));
            });
  }

  private Future<Done> open(
      Tokens tokens, LoginAttempt attempt, String sessionNow, IdToken person, Caller caller) {
    check(attempt, person, caller);
    NewSession login =
        new NewSession(
            person.issuer(),
            tenant(attempt, caller),
            person.subject(),
            caller.username(),
            person.session(),
            tokens.until(caller.credential().expiresAt()),
            person.authenticatedAt().orElse(person.issuedAt()),
            person.level());
    String before = attempt.session().isEmpty() ? sessionNow : attempt.session();
    Future<OpenSession> opened =
        before.isEmpty() ? sessions.open(login) : sessions.rotate(before, login);
    return opened.map(session -> new Done(session, caller, attempt.wish().returnTo()));
  }

  /** As long as no tenant is known, that one is unknown says nothing against a login. */
  private void checkRegistry() {
    if (!registryLoaded.getAsBoolean()) {
      throw Rejection.unavailable("postgresql");
    }
  }

  /** The two tokens are of one login, and it is one of the tenant that was chosen. */
  private void check(LoginAttempt attempt, IdToken person, Caller caller) {
    boolean same =
        caller.issuer().equals(person.issuer())
            && caller.subject().equals(person.subject())
            && caller.credential().session().equals(person.session());
    if (!same) {
      throw forbidden("login-subject", "The identity provider named two people.");
    }
    if (caller.tenant().isEmpty() && !caller.organizations().isEmpty()) {
      checkRegistry();
    }
    String chosen = attempt.wish().tenant();
    if (chosen.isEmpty()) {
      return;
    }
    if (caller.organizations().isEmpty()) {
      // Keycloak leaves out an organization that its user is not in, and says so nowhere else.
      throw forbidden("login-tenant", "You are not a member of this tenant.");
    }
    if (!caller.tenant().map(Tenant::name).equals(Optional.of(chosen))) {
      throw forbidden("login-tenant", "The login is not one of this tenant.");
    }
  }

  /** Who leaves the choice to the issuer gets the same session again for the same tenant. */
  private static String tenant(LoginAttempt attempt, Caller caller) {
    String chosen = attempt.wish().tenant();
    return chosen.isEmpty() ? caller.tenant().map(Tenant::name).orElse("") : chosen;
  }

  /** Ends a session by its cookie; tells where the browser should go to end the issuer's too. */
  public Future<Ended> logout(String cookie) {
    return sessions
        .end(cookie)
        .map(
            session -> {
              session.ifPresent(
                  ended -> client.revoke(ended.refreshToken()).onFailure(ignored -> {}));
              return new Ended(
                  session, session.flatMap(ended -> client.endSession(ended.idToken())));
            });
  }

  /** What a login was refused for is our policy; an outage stays one. */
  private static Throwable forbidden(Throwable failure) {
    return TokenDoubt.as(
        Problem.FORBIDDEN,
        "login-",
        "What the identity provider says is against the login.",
        failure);
  }

  private static Rejection forbidden(String reason, String detail) {
    return Rejection.of(Problem.FORBIDDEN, reason, detail);
  }

  private static Rejection invalid(String reason, String detail) {
    return Rejection.of(Problem.INVALID_REQUEST, reason, detail);
  }

  /**
   * A login begins.
   *
   * @param location where the browser goes
   * @param cookie the new value of {@link #COOKIE}
   */
  public record Start(String location, String cookie) {
    @Override
    public String toString() {
      return "Start";
    }
  }

  /**
   * A login is done.
   *
   * @param session its session, which always has a cookie to set
   * @param caller who logged in
   * @param returnTo where the browser goes, a path on this host
   */
  public record Done(OpenSession session, Caller caller, String returnTo) {}

  /**
   * A session has ended.
   *
   * @param session what it was; empty when there was none
   * @param location where the browser should go to end the issuer's session; empty for nowhere
   */
  public record Ended(Optional<Session> session, Optional<String> location) {
    @Override
    public String toString() {
      return "Ended[" + session + "]";
    }
  }
}
