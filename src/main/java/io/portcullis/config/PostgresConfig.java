package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.NetworkForms.hostName;
import static io.portcullis.config.TextForms.choice;
import static io.portcullis.config.TextForms.identifier;
import static io.portcullis.config.TextForms.path;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PostgreSQL.
 *
 * @param host its host
 * @param port its port
 * @param database the database
 * @param app the login of requests: sees nothing until it takes a tenant's role
 * @param platform the login for the registry and the audit trail
 * @param admin the login for migrations and the life cycle of tenants; without a name: none, as on
 *     nodes that leave both to commands
 * @param poolSize connections for requests
 * @param maxWaiting requests waiting for a connection; further ones are shed with 503
 * @param connectTimeout deadline of one connection attempt, and of waiting for a free connection
 * @param statementTimeout the database ends a statement after this
 * @param unitTimeout we give a unit of work up after this
 * @param maxLifetime a connection is replaced after this
 * @param tls whether it is spoken to by TLS
 * @param trust who vouches for its certificate; absent: whom the JVM trusts
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
    Duration maxLifetime,
    Tls tls,
    Optional<Path> trust) {

  /** Without TLS. */
  public PostgresConfig(
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
    this(
        host,
        port,
        database,
        app,
        platform,
        admin,
        poolSize,
        maxWaiting,
        connectTimeout,
        statementTimeout,
        unitTimeout,
        maxLifetime,
        Tls.OFF,
        Optional.empty());
  }

  /** TLS, and what it proves; there is nothing between nothing and everything. */
  public enum Tls {
    /** Neither secret nor proved. */
    OFF,
    /** The certificate must be vouched for, and must have the server's name. */
    VERIFY_FULL
  }

  /** A login: a name and a password, which may be empty where the server trusts the address. */
  public record Login(String user, Secret password) {
    static Login read(Section login, String user, String about) {
      return read(login, TextForms.identifier(), user, about);
    }

    private static Login read(Section login, Form<String> name, String user, String about) {
      return new Login(
          login.value("user", name, user, about),
          login.secret("password", "its password; may be empty only on this machine"));
    }
  }

  static PostgresConfig read(Section postgres) {
    PostgresConfig config =
        new PostgresConfig(
            postgres.value("host", hostName(), "127.0.0.1", "its host"),
            postgres.value("port", number(1, 65_535), "5432", "its port"),
            postgres.value("database", identifier(), "portcullis", "the database"),
            postgres.section(
                "app",
                login ->
                    Login.read(
                        login,
                        "pc_app",
                        "the login of requests: sees nothing until it takes a tenant's role")),
            postgres.section(
                "platform",
                login ->
                    Login.read(
                        login, "pc_platform", "the login for the registry and the audit trail")),
            postgres.section(
                "admin",
                login ->
                    Login.read(
                        login,
                        TextForms.orEmpty(identifier()),
                        "pc_admin",
                        "the login for migrations and the life cycle of tenants; empty: a node that"
                            + " leaves both to commands")),
            postgres.value("pool-size", number(1, 1000), "16", "connections for requests"),
            postgres.value(
                "max-waiting",
                number(0, 100_000),
                "256",
                "requests waiting for a connection; further ones are shed with 503"),
            postgres.value(
                "connect-timeout",
                duration("10ms", "30s"),
                "2s",
                "deadline of one connection attempt, and of waiting for a free connection"),
            postgres.value(
                "statement-timeout",
                duration("10ms", "5m"),
                "5s",
                "the database ends a statement after this"),
            postgres.value(
                "unit-timeout",
                duration("10ms", "10m"),
                "8s",
                "we give a unit of work up after this"),
            postgres.value(
                "max-lifetime", duration("1m", "1d"), "30m", "a connection is replaced after this"),
            readTls(postgres),
            readTrust(postgres));
    config.check(postgres);
    return config;
  }

  private static Tls readTls(Section postgres) {
    return postgres.value(
        "tls",
        choice(Tls.class),
        "off",
        "`verify-full`: TLS to the server, whose certificate must have its name");
  }

  private static Optional<Path> readTrust(Section postgres) {
    return postgres.optional(
        "trust", path(), "the certificates that vouch for it, PEM; absent: whom the JVM trusts");
  }

  private void check(Section postgres) {
    checkPassword(postgres, "app", app);
    checkPassword(postgres, "platform", platform);
    if (!admin.user().isEmpty()) {
      checkPassword(postgres, "admin", admin);
    }
    postgres.check(
        Stream.of(app, platform, admin).map(Login::user).distinct().count() == 3,
        "expected three different logins for app, platform and admin",
        "app.user",
        "platform.user",
        "admin.user");
    postgres.check(
        statementTimeout.compareTo(unitTimeout) <= 0,
        "expected statement-timeout at most unit-timeout",
        "statement-timeout",
        "unit-timeout");
    postgres.check(
        tls != Tls.OFF || trust.isEmpty(),
        "expected postgres.tls: verify-full beside postgres.trust",
        "trust",
        "tls");
  }

  private void checkPassword(Section postgres, String name, Login login) {
    postgres.check(
        NetworkForms.isLoopback(host) || login.password().isStrong(),
        Secret.rule("postgres." + name + ".password"),
        name + ".password",
        name + ".password-file",
        "host");
  }
}
