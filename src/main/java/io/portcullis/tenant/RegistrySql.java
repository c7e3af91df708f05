package io.portcullis.tenant;

import io.portcullis.model.TenantId;
import io.portcullis.model.TokenBinding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The life cycle's SQL, within the transaction of the given connection of {@code pc_admin}. */
final class RegistrySql {
  private static final String SELECT =
      "SELECT id, name, organization, state, token_binding, schema_version, created_at"
          + " FROM platform.tenant ";

  private RegistrySql() {}

  /** 0 when the platform's schemas are not there. */
  static int platformVersion(Connection connection) throws SQLException {
    become(connection, "pc_owner");
    if (number(connection, "SELECT count(to_regclass('platform.flyway_schema_history'))") == 0) {
      return 0;
    }
    return number(
        connection,
        "SELECT coalesce(max(version::int), 0) FROM platform.flyway_schema_history WHERE success");
  }

  /** One creation at a time, so that names and organizations are checked before they are used. */
  static void lockCreation(Connection connection) throws SQLException {
    execute(connection, "SELECT pg_advisory_xact_lock(hashtext('portcullis tenant creation'))");
  }

  /** Role, schema, privileges and the row. */
  static TenantRecord begin(
      Connection connection, TenantId id, String name, String organization, TokenBinding binding)
      throws SQLException {
    // The shape of a TenantId is what makes it safe in an identifier.
    String role = id.role();
    become(connection, "pc_admin");
    execute(connection, "CREATE ROLE " + role + " NOLOGIN NOINHERIT");
    execute(connection, "GRANT pc_tenant TO " + role);
    execute(connection, "GRANT " + role + " TO pc_app WITH INHERIT FALSE, SET TRUE");
    become(connection, "pc_owner");
    execute(connection, "CREATE SCHEMA " + role);
    execute(connection, "GRANT USAGE ON SCHEMA " + role + " TO " + role);
    execute(
        connection,
        "ALTER DEFAULT PRIVILEGES FOR ROLE pc_owner IN SCHEMA "
            + role
            + " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "
            + role);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO platform.tenant (id, name, organization, token_binding, state)"
                + " VALUES (?, ?, ?, ?, 'creating')")) {
      insert.setString(1, id.value());
      insert.setString(2, name);
      insert.setString(3, organization);
      insert.setString(4, binding.label());
      insert.executeUpdate();
    }
    return lock(connection, id);
  }

  static TenantRecord lock(Connection connection, TenantId id) throws SQLException {
    become(connection, "pc_owner");
    return one(connection, "WHERE id = ? FOR UPDATE", id.value())
        .orElseThrow(
            () -> new TenantLifecycleException("the tenant " + id + " is not in the registry"));
  }

  static TenantRecord activate(Connection connection, TenantId id) throws SQLException {
    update(connection, "state = 'active', schema_version = " + Migrations.TENANT_VERSION, id);
    return lock(connection, id);
  }

  static TenantRecord bind(Connection connection, TenantId id, TokenBinding binding)
      throws SQLException {
    // The label of a constant of ours is no injection.
    update(connection, "token_binding = '" + binding.label() + "'", id);
    return lock(connection, id);
  }

  static boolean migrated(Connection connection, TenantId id) throws SQLException {
    become(connection, "pc_owner");
    return update(connection, "schema_version = " + Migrations.TENANT_VERSION, id) == 1;
  }

  /** Tenants whose schema is older than this build; unfinished ones are not our business. */
  static List<TenantId> behind(Connection connection) throws SQLException {
    become(connection, "pc_owner");
    return many(
            connection,
            "WHERE state <> 'creating' AND schema_version < "
                + Migrations.TENANT_VERSION
                + " ORDER BY id")
        .stream()
        .map(TenantRecord::id)
        .toList();
  }

  static List<TenantRecord> all(Connection connection) throws SQLException {
    become(connection, "pc_owner");
    return many(connection, "ORDER BY name");
  }

  static Optional<TenantRecord> find(Connection connection, String nameOrId) throws SQLException {
    become(connection, "pc_owner");
    return one(connection, "WHERE ? IN (name, id) ORDER BY name = id LIMIT 1", nameOrId);
  }

  static Optional<TenantRecord> byName(Connection connection, String name) throws SQLException {
    become(connection, "pc_owner");
    return one(connection, "WHERE name = ?", name);
  }

  static Optional<TenantRecord> byOrganization(Connection connection, String organization)
      throws SQLException {
    become(connection, "pc_owner");
    return one(connection, "WHERE organization = ?", organization);
  }

  private static void become(Connection connection, String role) throws SQLException {
    execute(connection, role.equals("pc_admin") ? "RESET ROLE" : "SET LOCAL ROLE " + role);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int update(Connection connection, String set, TenantId id) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE platform.tenant SET " + set + " WHERE id = ?")) {
      update.setString(1, id.value());
      return update.executeUpdate();
    }
  }

  private static int number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static Optional<TenantRecord> one(Connection connection, String where, String value)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SELECT + where)) {
      select.setString(1, value);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? Optional.of(tenant(rows)) : Optional.empty();
      }
    }
  }

  private static List<TenantRecord> many(Connection connection, String where) throws SQLException {
    List<TenantRecord> tenants = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(SELECT + where)) {
      while (rows.next()) {
        tenants.add(tenant(rows));
      }
    }
    return tenants;
  }

  private static TenantRecord tenant(ResultSet rows) throws SQLException {
    return new TenantRecord(
        new TenantId(rows.getString("id")),
        rows.getString("name"),
        rows.getString("organization"),
        rows.getString("state"),
        TokenBinding.labelled(rows.getString("token_binding")).orElseThrow(),
        rows.getInt("schema_version"),
        rows.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
