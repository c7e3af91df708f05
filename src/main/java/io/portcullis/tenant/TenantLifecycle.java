package io.portcullis.tenant;

import io.portcullis.config.PostgresConfig;
import io.portcullis.model.TenantId;
import io.portcullis.model.TokenBinding;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and lists tenants, as {@code pc_admin}. Blocking: for the command line and for virtual
 * threads.
 *
 * <p>A tenant is made in three steps: role, schema, privileges and a registry row in state {@code
 * creating}, in one transaction; the tables; the event and the state {@code active}. Whatever
 * interrupts it, making it again goes on from there. Every method throws {@link
 * TenantLifecycleException} with a message for the operator.
 */
public final class TenantLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(TenantLifecycle.class);
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{1,62}");
  private static final int MAX_ORGANIZATION = 255;

  private final AdminDatabase admin;
  private final Migrations migrations;
  private final TenantEvents events;
  private final SecureRandom random = new SecureRandom();

  /** Connects when it is used. Without a login to do it with this fails at once. */
  public TenantLifecycle(PostgresConfig config, TenantEvents events) {
    if (config.admin().user().isEmpty()) {
      throw new TenantLifecycleException(
          "postgres.admin.user is empty: this configuration neither migrates nor makes tenants");
    }
    this.admin = new AdminDatabase(config);
    this.migrations = new Migrations(admin);
    this.events = events;
  }

  /** The name, if it may be a tenant's. */
  public static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new TenantLifecycleException(
          "the name \""
              + name
              + "\" is not possible: 2 to 63 characters of a-z, 0-9 and -, a letter first");
    }
    return name;
  }

  /**
   * Makes a tenant, or finishes one, or returns the one that is there with this name and
   * organization.
   *
   * @param organization the id of the identity provider's organization
   * @param requestId for the event
   */
  public TenantRecord create(String name, String organization, String requestId) {
    return create(name, organization, Optional.empty(), requestId);
  }

  /**
   * The same with what it asks of access tokens; when that is not said: nothing of a new tenant,
   * and one that is there keeps what it has.
   */
  public TenantRecord create(
      String name, String organization, Optional<TokenBinding> binding, String requestId) {
    checkName(name);
    if (organization.isBlank() || organization.length() > MAX_ORGANIZATION) {
      throw new TenantLifecycleException("the organization's id is empty or too long");
    }
    migratePlatform();
    TenantRecord tenant =
        admin.transaction(connection -> begin(connection, name, organization, binding));
    if (!tenant.state().equals("creating")) {
      return tenant;
    }
    migrations.tenant(tenant.id());
    return admin.transaction(connection -> finish(connection, tenant.id(), requestId));
  }

  /** Makes a tenant ask this of access tokens; nodes know it within a second. */
  public TenantRecord bind(String nameOrId, TokenBinding binding, String requestId) {
    migratePlatform();
    return admin.transaction(
        connection -> {
          TenantRecord found =
              RegistrySql.find(connection, nameOrId)
                  .orElseThrow(
                      () -> new TenantLifecycleException("there is no tenant " + nameOrId));
          TenantRecord tenant = RegistrySql.lock(connection, found.id());
          if (tenant.tokenBinding() == binding) {
            return tenant;
          }
          events.bindingChanged(tenant, binding, requestId);
          return RegistrySql.bind(connection, tenant.id(), binding);
        });
  }

  /** All tenants, by name. */
  public List<TenantRecord> list() {
    return admin.transaction(
        connection -> hasPlatform(connection) ? RegistrySql.all(connection) : List.of());
  }

  /** The tenant of this name or this id. */
  public Optional<TenantRecord> show(String nameOrId) {
    return admin.transaction(
        connection ->
            hasPlatform(connection) ? RegistrySql.find(connection, nameOrId) : Optional.empty());
  }

  /** Brings the platform's schemas to the version of this build; cheap when they have it. */
  public void migratePlatform() {
    int version = admin.transaction(RegistrySql::platformVersion);
    if (version < Migrations.PLATFORM_VERSION) {
      migrations.platform();
      LOG.atInfo()
          .addKeyValue("event.action", "platform.migrated")
          .addKeyValue("portcullis.version", Migrations.PLATFORM_VERSION)
          .log("platform schemas migrated");
    }
  }

  /**
   * Brings the tenants' schemas to the version of this build. A tenant that fails is logged and
   * left at its version; the others go on.
   *
   * @return how many failed
   */
  public int migrateTenants() {
    int failures = 0;
    for (TenantId id : admin.transaction(RegistrySql::behind)) {
      try {
        migrations.tenant(id);
        admin.transaction(connection -> RegistrySql.migrated(connection, id));
      } catch (TenantLifecycleException e) {
        failures++;
        LOG.atError()
            .addKeyValue("event.action", "tenant.migration.failed")
            .addKeyValue("portcullis.tenant", id.value())
            .setCause(e)
            .log("a tenant's schema could not be migrated");
      }
    }
    return failures;
  }

  private TenantRecord begin(
      Connection connection, String name, String organization, Optional<TokenBinding> binding)
      throws SQLException {
    RegistrySql.lockCreation(connection);
    Optional<TenantRecord> existing = RegistrySql.byName(connection, name);
    if (existing.isPresent()) {
      if (!existing.get().organization().equals(organization)) {
        throw new TenantLifecycleException(
            "the tenant " + name + " exists with another organization");
      }
      if (binding.isPresent() && existing.get().tokenBinding() != binding.get()) {
        throw new TenantLifecycleException(
            "the tenant "
                + name
                + " exists with the token binding "
                + existing.get().tokenBinding().label()
                + "; tenant set changes it");
      }
      return existing.get();
    }
    Optional<TenantRecord> owner = RegistrySql.byOrganization(connection, organization);
    if (owner.isPresent()) {
      throw new TenantLifecycleException(
          "the organization belongs to the tenant " + owner.get().name());
    }
    return RegistrySql.begin(
        connection, TenantIds.next(random), name, organization, binding.orElse(TokenBinding.NONE));
  }

  private TenantRecord finish(Connection connection, TenantId id, String requestId)
      throws SQLException {
    TenantRecord tenant = RegistrySql.lock(connection, id);
    if (tenant.state().equals("creating")) {
      events.created(tenant, requestId);
      return RegistrySql.activate(connection, id);
    }
    return tenant;
  }

  private static boolean hasPlatform(Connection connection) throws SQLException {
    return RegistrySql.platformVersion(connection) > 0;
  }
}
