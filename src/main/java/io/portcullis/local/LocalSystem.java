package io.portcullis.local;

import io.portcullis.realm.Drift;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * PostgreSQL, Redis and Keycloak on this machine, as processes of their own. For {@code up} and the
 * tests. All methods block.
 *
 * <p>Order of a start: take the directory, end what a killed predecessor left, check every port,
 * and only then start the parts, all at once. If one fails the others are stopped.
 */
public final class LocalSystem implements AutoCloseable {
  private final LocalSettings settings;
  private final InstanceLock lock;
  private final Secrets secrets;
  private final LocalRealm realm;
  private final HttpClient http;
  private final Map<Part, RunningPart> parts = new EnumMap<>(Part.class);
  private final ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor();

  private LocalSystem(LocalSettings settings, InstanceLock lock, Secrets secrets) {
    this.settings = settings;
    this.lock = lock;
    this.secrets = secrets;
    this.realm = LocalRealm.of(settings, secrets);
    this.http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    Ports ports = settings.ports();
    Path directory = settings.directory();
    Path cache = settings.cache();
    add(
        new PostgresPart(
            cache.resolve("postgres-" + Versions.POSTGRES),
            directory.resolve("postgres"),
            ports.postgres(),
            secrets,
            log("postgresql-setup")));
    add(RedisPart.of(cache, directory.resolve("redis"), ports.redis(), secrets));
    add(
        new KeycloakPart(
            KeycloakHome.find(settings.keycloak(), cache),
            directory.resolve("keycloak"),
            realm,
            directory.resolve("certs/trust.pem"),
            ports.keycloak(),
            secrets,
            log("keycloak-setup"),
            http));
  }

  /**
   * Starts everything.
   *
   * @throws LocalFailure with a message for the terminal; nothing is left running
   */
  public static LocalSystem start(LocalSettings settings) {
    LocalSystem system = open(settings);
    try {
      system.startParts();
      return system;
    } catch (RuntimeException e) {
      system.close();
      throw e;
    }
  }

  /**
   * Takes the directory and checks the ports without starting a part, for a caller that wants to be
   * able to {@link #close} during {@link #startParts}.
   *
   * @throws LocalFailure when it is already running or a port is taken
   */
  public static LocalSystem open(LocalSettings settings) {
    Path directory = settings.directory();
    InstanceLock lock = InstanceLock.take(settings.run());
    try {
      endLeftovers(settings);
      if (settings.fresh()) {
        discard(directory, settings.run());
      }
      Ports ports = settings.ports().resolved();
      ports.requireFree();
      Secrets secrets = Secrets.open(directory.resolve("secrets"));
      return new LocalSystem(settings.withPorts(ports), lock, secrets);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Starts the parts, all at once, and returns when all serve. */
  public void startParts() {
    var completion = new ExecutorCompletionService<RunningPart>(starters);
    for (RunningPart part : parts.values()) {
      completion.submit(() -> part.start(settings.progress()), part);
    }
    try {
      for (int i = 0; i < parts.size(); i++) {
        completion.take().get();
      }
      Addresses.write(settings.run(), settings.ports());
      realm.remember(settings.run());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalFailure("interrupted while starting", e);
    }
  }

  /** Stops everything, all parts at once; bounded, and safe to repeat. */
  @Override
  public void close() {
    starters.shutdownNow();
    try (ExecutorService stoppers = Executors.newVirtualThreadPerTaskExecutor()) {
      parts.values().forEach(part -> stoppers.execute(part::close));
    }
    starters.close();
    http.shutdownNow();
    Addresses.delete(settings.run());
    LocalRealm.forget(settings.run());
    lock.close();
  }

  /** The ports in use. */
  public Ports ports() {
    return settings.ports();
  }

  /** Everything that this system keeps; the node's own state belongs into {@code node} in it. */
  public Path directory() {
    return settings.directory();
  }

  /** Keycloak's base address. */
  public URI keycloak() {
    return URI.create("http://127.0.0.1:" + ports().keycloak());
  }

  /** The development realm's {@code iss}. */
  public String issuer() {
    return keycloak() + "/realms/" + KeycloakPart.REALM;
  }

  /** What a node needs to know of this system, as environment variables of the configuration. */
  public Map<String, String> environment() {
    return NodeEnvironment.of(this, secrets);
  }

  /**
   * The same over a given environment: what this system says wins, also over secrets that were
   * given by file.
   */
  public Map<String, String> environment(Map<String, String> given) {
    Map<String, String> own = environment();
    Map<String, String> merged = new TreeMap<>(given);
    own.keySet().forEach(name -> merged.remove(name + "_FILE"));
    merged.putAll(own);
    return merged;
  }

  /** PostgreSQL's superuser, for the bootstrap of a new database. */
  public Superuser superuser() {
    return new Superuser(
        "127.0.0.1",
        ports().postgres(),
        PostgresPart.DATABASE,
        PostgresPart.SUPERUSER,
        secrets.get(Secrets.POSTGRES_SUPERUSER));
  }

  /**
   * Brings Keycloak to what the realm's files and this system's addresses say now, if that is not
   * what the last start said. The first start, too, has something left to do: clients that Keycloak
   * makes itself before it imports.
   *
   * @return how much differed
   */
  public int keepRealm(Consumer<Drift> listener) {
    return RealmUpkeep.run(
        realm, keycloak(), secrets.get(Secrets.KEYCLOAK_ADMIN), directory(), listener);
  }

  /** Keycloak's administrator. */
  public KeycloakAdmin admin() {
    return new KeycloakAdmin(http, keycloak(), secrets.get(Secrets.KEYCLOAK_ADMIN));
  }

  /**
   * An access token of the development realm.
   *
   * @param scope e.g. {@code organization:acme}; empty for the default
   */
  public String token(String user, String password, String scope) {
    return tokens().accessToken(KeycloakPart.REALM, "portcullis-cli", user, password, scope);
  }

  /** Tokens of any realm and client. */
  public KeycloakTokens tokens() {
    return new KeycloakTokens(http, keycloak());
  }

  /** The part's process. */
  public ProcessHandle process(Part part) {
    return running(part).process();
  }

  /** The part's log of this run. */
  public Path log(Part part) {
    return log(part.fileName()).path();
  }

  /**
   * Sends a signal, e.g. {@code STOP}, {@code CONT}, {@code KILL}, which reach the part's children
   * too.
   */
  public void signal(Part part, String signal) {
    running(part).signal(signal);
  }

  /** Stops the part if it runs and starts it again, same port, same data. */
  public void restart(Part part) {
    RunningPart running = running(part);
    running.stop();
    running.start(settings.progress());
  }

  /** Stops the part in order and leaves it stopped until {@link #restart}. */
  public void stop(Part part) {
    running(part).stop();
  }

  /** Where PostgreSQL's superuser logs in. */
  public record Superuser(String host, int port, String database, String user, String password) {
    /** The address without the login. */
    public String jdbcUrl() {
      return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    @Override
    public String toString() {
      return user + "@" + host + ":" + port + "/" + database;
    }
  }

  private RunningPart running(Part part) {
    return java.util.Objects.requireNonNull(parts.get(part));
  }

  private void add(LocalPart part) {
    String name = part.part().fileName();
    parts.put(part.part(), new RunningPart(part, log(name), pidFile(settings, part.part())));
  }

  private LogFile log(String name) {
    return new LogFile(settings.logs().resolve(name + ".log"));
  }

  private static PidFile pidFile(LocalSettings settings, Part part) {
    return new PidFile(settings.run().resolve(part.fileName() + ".pid"));
  }

  private static void endLeftovers(LocalSettings settings) {
    for (Part part : Part.values()) {
      PidFile pidFile = pidFile(settings, part);
      pidFile
          .process()
          .ifPresent(
              left -> {
                settings
                    .progress()
                    .working(
                        part.label(),
                        "stopping pid %d, left by a killed run".formatted(left.pid()));
                ProcessTree.end(left, part.stopSignal(), RunningPart.STOP_GRACE);
              });
      pidFile.delete();
    }
  }

  private static void discard(Path directory, Path keep) {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        if (!entry.equals(keep)) {
          Folders.delete(entry);
        }
      }
    } catch (IOException e) {
      throw new LocalFailure("cannot discard " + directory + ": " + e.getMessage(), e);
    }
  }
}
