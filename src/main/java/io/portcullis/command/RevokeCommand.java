package io.portcullis.command;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.ConfigException;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.identity.Revocation;
import io.portcullis.identity.Revocation.Kind;
import io.portcullis.identity.RevocationStore;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.Rejection;
import io.portcullis.redis.Broadcast;
import io.portcullis.redis.LanePolicy;
import io.portcullis.redis.RedisLanes;
import io.portcullis.tenant.TenantLifecycle;
import io.portcullis.tenant.TenantLifecycleException;
import io.portcullis.tenant.TenantRecord;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code portcullis revoke}: takes access back, straight in the Redis of the configured nodes. */
@Command(
    name = "revoke",
    description = {
      "Takes access back: credentials issued until now are refused by every node within a second,",
      "and open answers to their holders end."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
public final class RevokeCommand implements Callable<Integer> {
  private static final long LIMIT_SECONDS = 20;

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Whose whose;

  @Option(
      names = "--issuer",
      paramLabel = "ISSUER",
      description = "Whose session or user: an issuer's address or its name in the configuration.")
  private @Nullable String issuer;

  @Option(
      names = "--issued-before",
      paramLabel = "TIME",
      description = "Only what was issued until then, e.g. 2026-01-31T12:00:00Z (default: now).")
  private @Nullable String issuedBefore;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "For the audit trail, at most 200 characters.")
  private String reason;

  @Mixin private ConfigOption config;

  /** Exactly one of these. */
  static final class Whose {
    @Option(
        names = "--session",
        paramLabel = "SID",
        required = true,
        description = "One login: the identity provider's session (sid).")
    private @Nullable String session;

    @Option(
        names = "--user",
        paramLabel = "SUBJECT",
        required = true,
        description = "One user or service account: the permanent id (sub).")
    private @Nullable String user;

    @Option(
        names = "--tenant",
        paramLabel = "NAME|ID",
        required = true,
        description = "Everybody of one tenant.")
    private @Nullable String tenant;

    @Option(names = "--all", required = true, description = "Everybody.")
    private boolean all;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      PortcullisConfig settings = config.load();
      Revocation revocation = revocation(settings);
      CommandTrail trail = new CommandTrail(settings, "command:revoke");
      String id = UUID.randomUUID().toString();
      Map<String, String> details = revocation.facts();
      trail.record("access.revoked", Outcome.REQUESTED, id, details);
      store(settings, revocation);
      trail.record("access.revoked", Outcome.SUCCESS, id, details);
      PrintWriter out = spec.commandLine().getOut();
      out.println("revoked: " + revocation.label() + " " + revocation.name());
      out.flush();
      return 0;
    } catch (ConfigException e) {
      err.println(e.getMessage());
    } catch (TenantLifecycleException e) {
      err.println("portcullis: " + e.getMessage());
    } catch (Rejection e) {
      err.println("portcullis: not revoked: " + e.detail());
    } catch (TimeoutException e) {
      err.println("portcullis: Redis does not answer; revoke again, that is harmless");
    }
    err.flush();
    return 1;
  }

  private Revocation revocation(PortcullisConfig config) {
    try {
      return new Revocation(kind(), issuer(config), name(config), before(), reason);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private Kind kind() {
    if (whose.all) {
      return Kind.ALL;
    }
    return whose.session != null ? Kind.SESSION : whose.user != null ? Kind.USER : Kind.TENANT;
  }

  private String name(PortcullisConfig config) {
    if (whose.tenant != null) {
      return new TenantLifecycle(config.postgres(), (tenant, request) -> {})
          .show(whose.tenant)
          .map(TenantRecord::organization)
          .orElseThrow(() -> new TenantLifecycleException("there is no tenant " + whose.tenant));
    }
    return whose.session != null ? whose.session : whose.user != null ? whose.user : "";
  }

  /** A misspelled issuer would take back nothing, and nobody would notice. */
  private String issuer(PortcullisConfig config) {
    if (issuer == null) {
      return "";
    }
    return config
        .identity()
        .addressOf(issuer)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "--issuer is not among identity.issuers: " + issuer));
  }

  private Instant before() {
    if (issuedBefore == null) {
      return Instant.now();
    }
    if (whose.session != null) {
      throw new ParameterException(
          spec.commandLine(), "--session takes back the whole session, without --issued-before");
    }
    try {
      Instant before = OffsetDateTime.parse(issuedBefore).toInstant();
      if (!before.isAfter(Instant.now())) {
        return before;
      }
    } catch (DateTimeException e) {
      throw new ParameterException(
          spec.commandLine(), "--issued-before takes a time such as 2026-01-31T12:00:00Z");
    }
    throw new ParameterException(spec.commandLine(), "--issued-before takes a time until now");
  }

  private static void store(PortcullisConfig config, Revocation revocation)
      throws TimeoutException {
    Vertx vertx = Vertx.vertx();
    try {
      var meters = new SimpleMeterRegistry();
      var lanes = new RedisLanes(vertx, config.state(), LanePolicy.forState(), meters, "state");
      var broadcast = new Broadcast(vertx, config.state(), lanes, meters);
      var store = new RevocationStore(lanes, broadcast, config.revocation());
      store.add(revocation).await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }
}
