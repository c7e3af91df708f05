package io.portcullis.command;

import io.portcullis.Portcullis;
import io.portcullis.config.ConfigLoader;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.local.ConsoleProgress;
import io.portcullis.local.DemoData;
import io.portcullis.local.Edge;
import io.portcullis.local.LocalFailure;
import io.portcullis.local.LocalSettings;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.Ports;
import io.portcullis.operate.Logging;
import io.portcullis.tenant.PlatformBootstrap;
import io.portcullis.tenant.TenantLifecycle;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code portcullis up}: the whole system on this machine.
 *
 * <p>Stopping may begin at any moment, also during the start, so it is one method that knows how
 * far the start came. It runs on the JVM's shutdown thread and ends the process itself: being told
 * to stop is no failure, and the exit code says so.
 */
@Command(
    name = "up",
    description = "Run the whole system on this machine until Ctrl-C.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
public final class UpCommand implements Callable<Integer> {
  private static final Duration NODE_LIMIT = Duration.ofMinutes(1);

  @Option(names = "--fresh", description = "Discard everything that earlier runs have kept.")
  private boolean fresh;

  @Option(
      names = "--instances",
      paramLabel = "N",
      description = "Event-loop instances of the gateway (default: one per core).")
  private @Nullable Integer instances;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "${env:PORTCULLIS_HTTP_PORT:-8080}",
      description = "The gateway's port (default: ${DEFAULT-VALUE}).")
  private int httpPort;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      defaultValue = "${env:PORTCULLIS_MANAGEMENT_PORT:-8081}",
      description = "The port of health and metrics (default: ${DEFAULT-VALUE}).")
  private int managementPort;

  @Option(
      names = "--keycloak-port",
      paramLabel = "PORT",
      defaultValue = "8180",
      description = "Keycloak's port (default: ${DEFAULT-VALUE}).")
  private int keycloakPort;

  @Option(
      names = "--postgres-port",
      paramLabel = "PORT",
      defaultValue = "${env:PORTCULLIS_POSTGRES_PORT:-15432}",
      description = "PostgreSQL's port (default: ${DEFAULT-VALUE}).")
  private int postgresPort;

  @Option(
      names = "--redis-port",
      paramLabel = "PORT",
      defaultValue = "${env:PORTCULLIS_REDIS_PORT:-16379}",
      description = "Redis' port (default: ${DEFAULT-VALUE}).")
  private int redisPort;

  @Option(
      names = "--internal-port",
      paramLabel = "PORT",
      defaultValue = "${env:PORTCULLIS_INTERNAL_PORT:-8444}",
      description = "The port for services with certificates (default: ${DEFAULT-VALUE}).")
  private int internalPort;

  @Option(
      names = "--edge",
      description = "With the real Nginx and its firewall in front, on https.")
  private boolean edge;

  @Option(
      names = "--edge-port",
      paramLabel = "PORT",
      defaultValue = "8443",
      description = "Nginx' port for https (default: ${DEFAULT-VALUE}).")
  private int edgePort;

  @Option(
      names = "--edge-http-port",
      paramLabel = "PORT",
      defaultValue = "8088",
      description = "Nginx' port that redirects to https (default: ${DEFAULT-VALUE}).")
  private int edgeHttpPort;

  @Option(
      names = "--crs",
      paramLabel = "DIR",
      defaultValue = "${env:PORTCULLIS_CRS}",
      description = "Another core rule set for --edge: crs-setup.conf.example and rules/.")
  private @Nullable Path crs;

  @Spec private CommandSpec spec;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread stopper = Thread.ofPlatform().name("portcullis-stop").unstarted(this::end);
  private volatile @Nullable LocalSystem system;
  private volatile @Nullable Portcullis node;
  private volatile @Nullable UpFront front;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    var progress = new ConsoleProgress(out, terminal());
    Ports ports =
        new Ports(httpPort, managementPort, keycloakPort, postgresPort, redisPort)
            .withInternal(internalPort);
    if (edge) {
      ports = ports.withEdge(edgePort, edgeHttpPort);
    }
    LocalSettings settings =
        LocalSettings.of(Home.root(), Home.state(), ports)
            .withEnvironment(Home.root(), System.getenv())
            .withFresh(fresh)
            .withProgress(progress);
    Runtime.getRuntime().addShutdownHook(stopper);
    try {
      if (edge) {
        Edge.requirePrograms(Optional.ofNullable(crs));
      }
      LocalSystem opened = LocalSystem.open(settings);
      system = opened;
      out.println("Portcullis is starting; what it keeps is in " + opened.directory());
      out.flush();
      // First the certificates: Keycloak trusts what Nginx will show it.
      UpFront before = UpFront.open(opened);
      front = before;
      opened.startParts();
      opened.keepRealm(drift -> progress.working("Realm", drift.path()));
      startNode(opened, before, progress);
      before.start(Home.root(), Optional.ofNullable(crs), progress);
      UpBanner.of(opened, Home.root()).print(out);
    } catch (LocalFailure e) {
      disarm();
      spec.commandLine().getErr().println("portcullis: " + e.getMessage());
      stop();
      return e.exitCode();
    } catch (Exception e) {
      disarm();
      stop();
      throw e;
    }
    stopped.await();
    return 0;
  }

  private void startNode(LocalSystem local, UpFront before, ConsoleProgress progress)
      throws Exception {
    long began = System.nanoTime();
    progress.working("Portcullis", "starting");
    Map<String, String> environment = local.environment(System.getenv());
    environment.putAll(before.environment());
    if (instances != null) {
      environment.put("PORTCULLIS_HTTP_INSTANCES", instances.toString());
    }
    Path file = Home.root().resolve("conf/portcullis.yaml");
    PortcullisConfig config = ConfigLoader.load(file, environment);
    Logging.configure(config.log(), config.node());
    LocalSystem.Superuser superuser = local.superuser();
    PlatformBootstrap.run(
        superuser.jdbcUrl(), superuser.user(), superuser.password(), config.postgres());
    var lifecycle = new TenantLifecycle(config.postgres(), new CommandTrail(config, "command:up"));
    Map<String, String> organizations = DemoData.join(local.admin());
    organizations.forEach((name, id) -> lifecycle.create(name, id, "up"));
    NodeSettings.remember(environment);
    node =
        Portcullis.start(config)
            .toCompletionStage()
            .toCompletableFuture()
            .get(NODE_LIMIT.toSeconds(), TimeUnit.SECONDS);
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    String scheme = local.ports().hasEdge() ? "https" : "http";
    progress.ready("Portcullis", took, scheme + "://127.0.0.1:" + local.ports().http());
  }

  /** On the shutdown thread. */
  private void end() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("\nStopping …");
    out.flush();
    stop();
    stopped.countDown();
    out.println("Stopped. ./portcullis up goes on where this ended.");
    out.flush();
    Runtime.getRuntime().halt(0);
  }

  private synchronized void stop() {
    UpFront before = front;
    if (before != null) {
      before.close(); // first: nobody new comes in
      front = null;
    }
    Portcullis running = node;
    if (running != null) {
      try {
        running.stop().toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
      } catch (Exception e) {
        LoggerFactory.getLogger(UpCommand.class)
            .atWarn()
            .addKeyValue("event.action", "node.stop")
            .setCause(e)
            .log("the node did not stop in order");
      }
      node = null;
    }
    LocalSystem local = system;
    if (local != null) {
      NodeSettings.forget();
      local.close();
      system = null;
    }
  }

  /** The start failed by itself: the ordinary way out says so. */
  private void disarm() {
    try {
      Runtime.getRuntime().removeShutdownHook(stopper);
    } catch (IllegalStateException stopping) {
      // Being stopped is why it failed; that thread cleans up and ends the process.
      while (true) {
        LockSupport.park();
      }
    }
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 25 answers null again when there is no terminal
  private static boolean terminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
