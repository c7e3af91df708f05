package io.portcullis.gateway;

import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceResponse;
import io.portcullis.model.Tenant;
import io.portcullis.session.BackChannel;
import io.portcullis.session.BrowserLogin;
import io.portcullis.session.LoginFlow;
import io.portcullis.session.Session;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Logging in and out with a browser, as HTTP: queries, forms and cookies in, redirects and cookies
 * out. What they mean is {@link LoginFlow}'s and {@link BackChannel}'s. Where nobody can log in,
 * none of this exists.
 */
final class AuthOperations {
  static final Set<String> NAMES =
      Set.of("login", "callback", "session", "logout", "backchannel-logout");

  private final Optional<BrowserLogin> login;
  private final Csrf csrf;
  private final Refusals refusals;
  private final LoginEvents events;
  private final Clock clock;

  AuthOperations(
      Optional<BrowserLogin> login, Csrf csrf, Refusals refusals, LoginEvents events, Clock clock) {
    this.login = login;
    this.csrf = csrf;
    this.refusals = refusals;
    this.events = events;
    this.clock = clock;
  }

  /** Answers; fails with a {@link Rejection}. The cookies are on the response by then. */
  Future<ServiceResponse> answer(String operation, Exchange exchange, BodyLimit limit) {
    if (login.isEmpty()) {
      return Future.failedFuture(
          Rejection.of(Problem.NOT_FOUND, "route-unknown", "There is nothing at this path."));
    }
    BrowserLogin browser = login.get();
    return switch (operation) {
      case "login" -> begin(exchange, browser);
      case "callback" -> finish(exchange, browser);
      case "session" -> Future.succeededFuture(session(exchange, browser.idle()));
      case "logout" -> logout(exchange, browser.flow());
      case "backchannel-logout" -> backChannel(exchange, browser.backChannel(), limit);
      default -> throw new IllegalStateException("no operation of a login " + operation);
    };
  }

  private Future<ServiceResponse> begin(Exchange exchange, BrowserLogin browser) {
    try {
      LoginFlow.Start start =
          browser
              .flow()
              .begin(
                  RequestTarget.query(exchange.request.query()),
                  Cookies.session(exchange).orElse(""));
      if (!PersonsAct.seen(exchange.request.headers())) {
        return Future.succeededFuture(AskPage.of(exchange.request));
      }
      Cookies.setLogin(exchange, start.cookie(), browser.attempt());
      return Future.succeededFuture(redirect(start.location()));
    } catch (Rejection malformed) {
      return refusals.refuseLogin(exchange, malformed);
    }
  }

  /** Whatever comes of it, unless we are the reason, this attempt is over. */
  private Future<ServiceResponse> finish(Exchange exchange, BrowserLogin browser) {
    Future<LoginFlow.Done> done;
    try {
      done =
          browser
              .flow()
              .finish(
                  RequestTarget.query(exchange.request.query()),
                  Cookies.login(exchange).orElse(""),
                  Cookies.session(exchange).orElse(""));
    } catch (Rejection malformed) {
      done = Future.failedFuture(malformed);
    }
    return done.compose(opened -> admit(exchange, browser, opened))
        .recover(
            failure -> {
              boolean byPolicy =
                  failure instanceof Rejection refused && refused.problem().status() < 500;
              events.failed(byPolicy);
              if (!byPolicy) {
                return Future.failedFuture(failure);
              }
              Cookies.clearLogin(exchange);
              return refusals.refuseLogin(exchange, (Rejection) failure);
            });
  }

  /** A login that cannot be recorded did not happen. */
  private Future<ServiceResponse> admit(
      Exchange exchange, BrowserLogin browser, LoginFlow.Done done) {
    String cookie = done.session().cookie().orElseThrow();
    return events
        .loggedIn(exchange, done)
        .recover(
            lost ->
                browser.sessions().end(cookie).transform(ended -> Future.<Void>failedFuture(lost)))
        .map(
            kept -> {
              Cookies.setSession(exchange, cookie);
              Cookies.clearLogin(exchange);
              return HopPage.to(done.returnTo());
            });
  }

  private ServiceResponse session(Exchange exchange, Duration idle) {
    Session session =
        exchange
            .session()
            .orElseThrow(
                () ->
                    Rejection.of(
                        Problem.UNAUTHENTICATED, "session-missing", "There is no session."));
    Caller caller = exchange.caller().orElseThrow();
    Instant idleEnd = clock.instant().plus(idle);
    boolean last = idleEnd.isAfter(session.absoluteEnd());
    return json(
        new JsonObject()
            .put("authenticated", true)
            .put("username", caller.username())
            .put("subject", caller.subject())
            .put("tenant", caller.tenant().map(Tenant::name).orElse(null))
            .put("roles", new JsonArray(caller.roles().stream().sorted().toList()))
            .put("level", session.level())
            .put("authenticated_at", text(session.authenticatedAt()))
            .put("expires_at", text(last ? session.absoluteEnd() : idleEnd))
            .put("ends_at", text(session.absoluteEnd())));
  }

  /** For a script, which is told where to go, or for a form, which is sent there. */
  private Future<ServiceResponse> logout(Exchange exchange, LoginFlow flow) {
    boolean script = exchange.request.headers().contains(Csrf.HEADER);
    try {
      if (script) {
        csrf.check(exchange.request.method(), exchange.request.headers());
      } else {
        csrf.checkForm(exchange.request.headers());
      }
    } catch (Rejection forged) {
      return refusals.refuse(exchange, forged);
    }
    Optional<String> cookie = Cookies.session(exchange);
    Future<LoginFlow.Ended> ended =
        cookie
            .map(flow::logout)
            .orElseGet(
                () ->
                    Future.succeededFuture(
                        new LoginFlow.Ended(Optional.empty(), Optional.empty())));
    return ended
        .compose(
            over ->
                over.session()
                    .map(session -> events.loggedOut(exchange, session))
                    .orElseGet(Future::succeededFuture)
                    .map(kept -> over.location()))
        .map(
            location -> {
              Cookies.clearSession(exchange);
              return script
                  ? json(new JsonObject().put("logout_url", location.orElse(null)))
                  : redirect(location.orElse("/"));
            });
  }

  private Future<ServiceResponse> backChannel(
      Exchange exchange, BackChannel channel, BodyLimit limit) {
    return FormBody.read(exchange, limit)
        .compose(
            form ->
                channel.logout(
                    form.getOrDefault("logout_token", ""),
                    over -> events.backChannel(exchange, over)))
        .map(kept -> new ServiceResponse(200, Map.of(), Buffer.buffer(), ""))
        .recover(
            failure ->
                failure instanceof Rejection refused && refused.problem().status() < 500
                    ? refusals.refuseLogin(exchange, refused)
                    : Future.failedFuture(failure));
  }

  /** RFC 3339, in UTC and to the second. */
  private static String text(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static ServiceResponse redirect(String location) {
    return new ServiceResponse(303, Map.of("location", location), Buffer.buffer(), "");
  }

  private static ServiceResponse json(JsonObject body) {
    return new ServiceResponse(200, Map.of(), body.toBuffer(), "application/json");
  }
}
