package io.portcullis;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.audit.AuditEvents;
import io.portcullis.config.IdentityConfig;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.identity.IdTokens;
import io.portcullis.identity.LogoutTokens;
import io.portcullis.identity.SigningKeys;
import io.portcullis.identity.TokenVerifier;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.Caller;
import io.portcullis.model.IdToken;
import io.portcullis.model.LogoutToken;
import io.portcullis.operate.SessionAdmin;
import io.portcullis.redis.Broadcast;
import io.portcullis.session.BrowserLogin;
import io.portcullis.session.OidcClient;
import io.portcullis.session.OidcProofs;
import io.portcullis.session.SessionEntry;
import io.portcullis.session.SessionPush;
import io.portcullis.session.SessionTrail;
import io.portcullis.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** Logins and sessions of people with a browser, with what they need of rooms they do not know. */
record LoginParts(
    Vertx vertx,
    PortcullisConfig config,
    SigningKeys keys,
    TokenVerifier tokens,
    SharedState state,
    BooleanSupplier registryLoaded,
    Function<AuditEvent, Future<Void>> trail,
    MeterRegistry meters,
    Clock clock) {

  /** All of it; empty where nobody can log in. */
  Optional<BrowserLogin> login() {
    if (!config.login().on()) {
      return Optional.empty();
    }
    String issuer = issuer();
    OidcClient client =
        new OidcClient(
            vertx, config.login(), config.http().publicUrl().orElseThrow(), meters, clock);
    Sessions sessions =
        new Sessions(
            vertx,
            state.lanes(),
            new Push(state.broadcast()),
            client,
            new Ends(trail, new AuditEvents(clock)),
            config.sessions(),
            meters,
            clock);
    return Optional.of(
        BrowserLogin.of(
            config.login(),
            config.sessions(),
            issuer,
            client,
            proofs(issuer),
            takingBack(),
            sessions,
            state.lanes(),
            registryLoaded,
            clock));
  }

  /** The sessions as operators see and end them. */
  SessionAdmin admin(Optional<BrowserLogin> login) {
    return login
        .<SessionAdmin>map(browsers -> new Operators(issuer(), browsers.sessions()))
        .orElse(SessionAdmin.NONE);
  }

  private String issuer() {
    return config.identity().issuers().stream()
        .filter(known -> known.name().equals(config.login().issuer()))
        .map(IdentityConfig.Issuer::issuer)
        .findFirst()
        .orElseThrow();
  }

  private LogoutRevocations takingBack() {
    return new LogoutRevocations(
        state.revocations()::revoke,
        () -> state.revocations().status().entries(),
        config.revocation().maxEntries(),
        meters,
        clock);
  }

  private OidcProofs proofs(String issuer) {
    String client = config.login().client();
    return new Proofs(
        new IdTokens(config.identity(), issuer, client, keys, clock),
        new LogoutTokens(config.identity(), issuer, client, keys, clock),
        tokens);
  }

  /** By the room that proves every credential. */
  private record Proofs(IdTokens ids, LogoutTokens logouts, TokenVerifier tokens)
      implements OidcProofs {
    @Override
    public Future<IdToken> idToken(String token, IdToken.Asked asked) {
      return ids.verify(token, asked);
    }

    @Override
    public Future<Caller> accessToken(String token) {
      return tokens.verify(token);
    }

    @Override
    public Future<LogoutToken> logoutToken(String token) {
      return logouts.verify(token);
    }

    @Override
    public Duration logoutTokenLife() {
      return logouts.longestLife();
    }
  }

  /** Through the Redis that keeps the sessions. */
  private record Push(Broadcast broadcast) implements SessionPush {
    @Override
    public void listen(String topic, Consumer<String> handler, Runnable gap) {
      broadcast.listen(topic, handler, gap);
    }

    @Override
    public Future<Void> publish(String topic, String message) {
      return broadcast.publish(topic, message);
    }
  }

  /** Of the one issuer that people log in at. */
  private record Operators(String issuer, Sessions sessions) implements SessionAdmin {
    @Override
    public Future<List<Facts>> list(String subject) {
      return sessions
          .list(issuer, subject)
          .map(entries -> entries.stream().map(Operators::facts).toList());
    }

    @Override
    public Future<Boolean> end(String id) {
      return sessions.endById(id);
    }

    private static Facts facts(SessionEntry entry) {
      return new Facts(
          entry.id(),
          entry.issuer(),
          entry.subject(),
          entry.username(),
          entry.tenant(),
          entry.providerSession(),
          entry.created(),
          entry.absoluteEnd());
    }
  }

  /**
   * Into the platform's trail: what knows the tenant by its alias alone does not choose a chain.
   */
  private record Ends(Function<AuditEvent, Future<Void>> trail, AuditEvents events)
      implements SessionTrail {
    @Override
    public Future<Void> ended(Ended event) {
      Map<String, String> details = new TreeMap<>();
      details.put("session", event.id());
      if (!event.tenant().isEmpty()) {
        details.put("organization", event.tenant());
      }
      return trail.apply(
          events.critical(
              "session.ended",
              Optional.empty(),
              event.subject(),
              AuditEvent.Outcome.SUCCESS,
              event.reason(),
              "",
              details));
    }
  }
}
