package io.portcullis.command;

import io.portcullis.config.ConfigException;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.model.TokenBinding;
import io.portcullis.tenant.OrganizationDirectory;
import io.portcullis.tenant.TenantEvents;
import io.portcullis.tenant.TenantLifecycle;
import io.portcullis.tenant.TenantLifecycleException;
import io.portcullis.tenant.TenantRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code portcullis tenant}: makes and shows tenants, straight in the database. */
@Command(name = "tenant", description = "Makes and shows tenants.", mixinStandardHelpOptions = true)
public final class TenantCommand implements Runnable {

  private final Function<PortcullisConfig, TenantEvents> events;

  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Spec
  private CommandSpec spec;

  /** Writes what it made into the trail of the configured database. */
  public TenantCommand() {
    this(config -> new CommandTrail(config, "command:tenant"));
  }

  /** Reports what was made to the trail that fits the configuration. */
  public TenantCommand(Function<PortcullisConfig, TenantEvents> events) {
    this.events = events;
  }

  /** What every subcommand takes. */
  static final class Common {
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
    @Mixin
    private ConfigOption config;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;
  }

  /** Without a subcommand: wrong usage. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say which: create, set, list, show or migrate");
  }

  @Command(
      description =
          "Makes a tenant: organization, role, schema, tables. Made before: finishes it or shows it.",
      mixinStandardHelpOptions = true)
  int create(
      @Parameters(paramLabel = "NAME", description = "2 to 63 of a-z, 0-9 and -, a letter first.")
          String name,
      @Option(
              names = "--organization",
              paramLabel = "ID",
              description =
                  "The id of its organization at the identity provider (default: found or made at"
                      + " the configured Keycloak).")
          @Nullable String organization,
      @Option(
              names = "--token-binding",
              paramLabel = "X",
              converter = BindingName.class,
              description =
                  "What access tokens must be bound to: none, dpop or mtls (default: none).")
          @Nullable TokenBinding binding,
      @Mixin Common common) {
    return attempt(
        common,
        config -> {
          TenantLifecycle.checkName(name);
          String id = organization != null ? organization : organizationOf(name, config);
          TenantRecord tenant =
              new TenantLifecycle(config.postgres(), events.apply(config))
                  .create(name, id, Optional.ofNullable(binding), UUID.randomUUID().toString());
          print(tenant, common.json);
          return 0;
        });
  }

  @Command(
      description = "Changes a tenant; nodes know it within a second.",
      mixinStandardHelpOptions = true)
  int set(
      @Parameters(paramLabel = "NAME", description = "Its name or its id.") String name,
      @Option(
              names = "--token-binding",
              paramLabel = "X",
              required = true,
              converter = BindingName.class,
              description = "What access tokens must be bound to: none, dpop or mtls.")
          TokenBinding binding,
      @Mixin Common common) {
    return attempt(
        common,
        config -> {
          TenantRecord tenant =
              new TenantLifecycle(config.postgres(), events.apply(config))
                  .bind(name, binding, UUID.randomUUID().toString());
          print(tenant, common.json);
          return 0;
        });
  }

  @Command(description = "Lists all tenants.", mixinStandardHelpOptions = true)
  int list(@Mixin Common common) {
    return attempt(
        common,
        config -> {
          List<TenantRecord> tenants = lifecycle(config).list();
          PrintWriter out = spec.commandLine().getOut();
          if (common.json) {
            JsonArray all = new JsonArray();
            tenants.forEach(tenant -> all.add(json(tenant)));
            out.println(all.encodePrettily());
          } else {
            out.printf(
                "%-24s %-13s %-10s %-8s %-6s %s%n",
                "NAME", "ID", "STATE", "BINDING", "SCHEMA", "CREATED");
            tenants.forEach(
                tenant ->
                    out.printf(
                        "%-24s %-13s %-10s %-8s %-6d %s%n",
                        tenant.name(),
                        tenant.id(),
                        tenant.state(),
                        tenant.tokenBinding().label(),
                        tenant.schemaVersion(),
                        tenant.createdAt()));
          }
          out.flush();
          return 0;
        });
  }

  @Command(description = "Shows one tenant.", mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "NAME", description = "Its name or its id.") String name,
      @Mixin Common common) {
    return attempt(
        common,
        config -> {
          Optional<TenantRecord> tenant = lifecycle(config).show(name);
          if (tenant.isEmpty()) {
            throw new TenantLifecycleException("there is no tenant " + name);
          }
          print(tenant.get(), common.json);
          return 0;
        });
  }

  @Command(
      description = "Brings the schemas of the platform and of all tenants to this version.",
      mixinStandardHelpOptions = true)
  int migrate(@Mixin Common common) {
    return attempt(
        common,
        config -> {
          TenantLifecycle lifecycle = lifecycle(config);
          lifecycle.migratePlatform();
          int failed = lifecycle.migrateTenants();
          if (failed > 0) {
            throw new TenantLifecycleException(
                "tenants whose schema could not be migrated: " + failed + "; the log names them");
          }
          spec.commandLine().getOut().println("The schemas are those of this version.");
          spec.commandLine().getOut().flush();
          return 0;
        });
  }

  private int attempt(Common common, Function<PortcullisConfig, Integer> action) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return action.apply(common.config.load());
    } catch (ConfigException e) {
      err.println(e.getMessage());
    } catch (TenantLifecycleException e) {
      err.println("portcullis: " + e.getMessage());
    }
    err.flush();
    return 1;
  }

  private static TenantLifecycle lifecycle(PortcullisConfig config) {
    return new TenantLifecycle(config.postgres(), (tenant, request) -> {});
  }

  private static String organizationOf(String name, PortcullisConfig config) {
    try (OrganizationDirectory organizations = new OrganizationDirectory(config.keycloak())) {
      return organizations.ensure(name);
    }
  }

  private void print(TenantRecord tenant, boolean asJson) {
    PrintWriter out = spec.commandLine().getOut();
    JsonObject json = json(tenant);
    if (asJson) {
      out.println(json.encodePrettily());
    } else {
      json.forEach(member -> out.printf("%-15s %s%n", member.getKey(), member.getValue()));
    }
    out.flush();
  }

  private static JsonObject json(TenantRecord tenant) {
    return new JsonObject()
        .put("name", tenant.name())
        .put("id", tenant.id().value())
        .put("organization", tenant.organization())
        .put("state", tenant.state())
        .put("token_binding", tenant.tokenBinding().label())
        .put("role", tenant.role())
        .put("schema", tenant.schema())
        .put("schema_version", tenant.schemaVersion())
        .put("created", tenant.createdAt().toString());
  }
}
