package io.portcullis.tenant;

import io.portcullis.model.TenantId;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Brings schemas to the version this build expects. Each schema keeps its own history. Blocking;
 * two at once on one schema wait for each other.
 */
final class Migrations {
  /** The newest script in db/platform. A test holds it against the files. */
  static final int PLATFORM_VERSION = 3;

  /** The newest script in db/tenant. */
  static final int TENANT_VERSION = 1;

  private final AdminDatabase admin;

  Migrations(AdminDatabase admin) {
    this.admin = admin;
  }

  void platform() {
    migrate(
        Flyway.configure().defaultSchema("platform").locations("classpath:db/platform"),
        "platform");
  }

  void tenant(TenantId id) {
    migrate(
        Flyway.configure()
            .defaultSchema(id.role())
            .placeholders(Map.of("role", id.role()))
            .locations("classpath:db/tenant"),
        id.role());
  }

  private void migrate(FluentConfiguration flyway, String schema) {
    try {
      admin
          .configure(flyway)
          .initSql("SET ROLE pc_owner")
          .createSchemas(false)
          .failOnMissingLocations(true)
          .validateMigrationNaming(true)
          .cleanDisabled(true)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new TenantLifecycleException(
          "the schema " + schema + " could not be migrated: " + e.getMessage(), e);
    }
  }
}
