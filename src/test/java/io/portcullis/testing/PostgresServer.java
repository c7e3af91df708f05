package io.portcullis.testing;

import io.portcullis.config.PostgresConfig;
import io.portcullis.config.PostgresConfig.Login;
import io.portcullis.config.Secret;
import io.portcullis.tenant.PlatformBootstrap;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL with the platform's roles and passwords, whose processes can be stopped,
 * continued and killed. {@link #shared()} is for tests that leave it as they found it.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Login NOBODY = new Login("", new Secret(""));
  private static final String SUPERUSER = "postgres";
  private static @Nullable PostgresServer shared;

  private final Path data;
  private final int port;
  private EmbeddedPostgres server;

  private PostgresServer(EmbeddedPostgres server, Path data) {
    this.server = server;
    this.data = data;
    this.port = server.getPort();
  }

  /** The one of this JVM; stopped when the JVM ends. */
  public static synchronized PostgresServer shared() {
    PostgresServer running = shared;
    if (running == null) {
      running = start();
      shared = running;
      Runtime.getRuntime().addShutdownHook(new Thread(running::close));
    }
    return running;
  }

  /** A new one on a free port, prepared. */
  public static PostgresServer start() {
    try {
      Path data = Files.createTempDirectory("portcullis-postgres");
      PostgresServer started = new PostgresServer(launch(data, 0), data);
      started.requirePasswords();
      PlatformBootstrap.run(started.jdbcUrl(), SUPERUSER, "", started.config());
      return started;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException("PostgreSQL did not start", e);
    }
  }

  private static EmbeddedPostgres launch(Path data, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setPort(port)
        .setPGStartupWait(Duration.ofSeconds(20))
        .setRegisterShutdownHook(false)
        .start();
  }

  /** The platform's logins by password, the superuser by trust. */
  private void requirePasswords() throws IOException, SQLException {
    Files.writeString(
        data.resolve("pg_hba.conf"),
        """
        local all all                  trust
        host  all postgres 127.0.0.1/32 trust
        host  all all      127.0.0.1/32 scram-sha-256
        """);
    try (Connection connection = superuser();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  /** From now on the platform's logins come in by TLS alone. */
  public void requireTls(TlsFolder tls) {
    try {
      Path rules = data.resolve("pg_hba.conf");
      Files.writeString(
          rules, Files.readString(rules).replace("host  all all ", "hostssl all all "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    execute(
        "ALTER SYSTEM SET ssl_cert_file = '" + tls.certificate() + "'",
        "ALTER SYSTEM SET ssl_key_file = '" + tls.key() + "'",
        "ALTER SYSTEM SET ssl = on",
        "SELECT pg_reload_conf()");
  }

  /** Bounds fit for tests: few connections, deadlines for a busy machine. */
  public PostgresConfig config() {
    return config(port, 4, 64);
  }

  /** The same through another port, e.g. a proxy's. */
  public PostgresConfig config(int throughPort, int poolSize, int maxWaiting) {
    return new PostgresConfig(
        "127.0.0.1",
        throughPort,
        "postgres",
        new Login("pc_app", new Secret("app-'secret\\\"")),
        new Login("pc_platform", new Secret("platform-secret")),
        new Login("pc_admin", new Secret("admin-secret")),
        poolSize,
        maxWaiting,
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        Duration.ofSeconds(8),
        Duration.ofMinutes(30));
  }

  /** As the service has it that only reads the trail. */
  public PostgresConfig reading(String login, String password) {
    return as(new Login(login, new Secret(password)), NOBODY, 1);
  }

  /** As a node has it that leaves migrations to commands. */
  public PostgresConfig serving() {
    PostgresConfig base = config();
    return as(base.platform(), NOBODY, base.poolSize());
  }

  private PostgresConfig as(Login platform, Login admin, int poolSize) {
    PostgresConfig base = config();
    return new PostgresConfig(
        base.host(),
        base.port(),
        base.database(),
        base.app(),
        platform,
        admin,
        poolSize,
        base.maxWaiting(),
        base.connectTimeout(),
        base.statementTimeout(),
        base.unitTimeout(),
        base.maxLifetime());
  }

  /** Through this port with a short deadline for units, and shorter ones for all else. */
  public PostgresConfig hasty(int throughPort, Duration unit) {
    Duration less = unit.multipliedBy(2).dividedBy(3);
    return within(config(throughPort, 4, 32), less, unit);
  }

  /** With one deadline for all, for what shares its machine and is not about deadlines. */
  public PostgresConfig patient(Duration deadline) {
    return within(config(), deadline, deadline);
  }

  private static PostgresConfig within(PostgresConfig base, Duration call, Duration unit) {
    return new PostgresConfig(
        base.host(),
        base.port(),
        base.database(),
        base.app(),
        base.platform(),
        base.admin(),
        base.poolSize(),
        base.maxWaiting(),
        call,
        call,
        unit,
        base.maxLifetime());
  }

  /** The port it listens on, the same after a restart. */
  public int port() {
    return port;
  }

  /** The address for JDBC. */
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** A connection that may do everything. */
  public Connection superuser() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), SUPERUSER, "");
  }

  /** Runs statements as the superuser. */
  public void execute(String... sql) {
    try (Connection connection = superuser();
        Statement statement = connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Freezes all its processes. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets them go on. */
  public void thaw() {
    signal("CONT");
  }

  /** Kills all its processes at once, as a crash of the machine would. */
  public void kill() {
    List<ProcessHandle> processes = processes();
    signal("KILL");
    processes.forEach(
        process ->
            process.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(e -> process).join());
  }

  /** Starts it again after {@link #kill()}, with the same data on the same port. */
  public void restart() {
    try {
      Files.deleteIfExists(data.resolve("postmaster.pid"));
      // Cannot stop what is dead, and says so, but lets its lock on the folder go.
      server.close();
      server = launch(data, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      signal("CONT");
      server.close();
      deleteData();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deleteData() throws IOException {
    try (Stream<Path> paths = Files.walk(data)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private void signal(String name) {
    String[] command =
        Stream.concat(
                Stream.of("kill", "-" + name),
                processes().stream().map(process -> Long.toString(process.pid())))
            .toArray(String[]::new);
    if (command.length == 2) {
      return;
    }
    try {
      // A process may end on its own meanwhile, so the exit code says nothing.
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The postmaster first, so that it starts nothing new meanwhile. */
  private List<ProcessHandle> processes() {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return List.of();
    }
    try {
      long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
      return ProcessHandle.of(pid).stream()
          .flatMap(master -> Stream.concat(Stream.of(master), master.descendants()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
