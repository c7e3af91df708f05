package io.portcullis.config;

import java.time.Duration;

/**
 * PostgreSQL.
 *
 * @param host its host
 * @param port its port
 * @param database the database
 * @param app the login of requests: sees nothing until it takes a tenant's role
 * @param platform the login for the registry and the audit trail
 * @param admin the login for migrations and the life cycle of tenants
 * @param poolSize connections for requests
 * @param maxWaiting requests waiting for a connection; further ones are shed with 503
 * @param connectTimeout deadline of one connection attempt, and of waiting for a free connection
 * @param statementTimeout the database ends a statement after this
 * @param unitTimeout we give a unit of work up after this
 * @param maxLifetime a connection is replaced after this
 */
public record PostgresConfig(
    String host,
    int port,
    String database,
    Login app,
    Login platform,
    Login admin,
    int poolSize,
    int maxWaiting,
    Duration connectTimeout,
    Duration statementTimeout,
    Duration unitTimeout,
    Duration maxLifetime) {

  /** A login: a name and a password, which may be empty where the server trusts the address. */
  public record Login(String user, Secret password) {}
}
