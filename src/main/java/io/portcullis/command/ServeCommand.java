package io.portcullis.command;

import io.portcullis.Portcullis;
import io.portcullis.config.ConfigException;
import io.portcullis.config.ConfigLoader;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.operate.Logging;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code serve}: one production node, until it is told to stop. */
@Command(
    name = "serve",
    description = "Run one node until SIGTERM or Ctrl-C, which drain it first.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class ServeCommand implements Callable<Integer> {
  /** Beyond the drain itself: closing clients and the journal. */
  private static final long STOP_SLACK_SECONDS = 15;

  @Mixin private ConfigOption configuration;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PortcullisConfig config;
    try {
      config = ConfigLoader.load(configuration.file(), System.getenv());
    } catch (ConfigException invalid) {
      spec.commandLine().getErr().println(invalid.getMessage());
      return 1;
    }
    Logging.configure(config.log(), config.node());
    Portcullis node =
        Portcullis.start(config).toCompletionStage().toCompletableFuture().get(2, TimeUnit.MINUTES);
    long limit = config.http().drainTimeout().toSeconds() + STOP_SLACK_SECONDS;
    Thread stopper =
        Thread.ofPlatform()
            .name("portcullis-stop")
            .unstarted(
                () -> {
                  stop(node, limit);
                  // Being told to stop is no failure: without this the JVM would report the signal.
                  Runtime.getRuntime().halt(0);
                });
    Runtime.getRuntime().addShutdownHook(stopper);
    // Nothing counts this down: the process ends in the hook.
    new CountDownLatch(1).await();
    return 0;
  }

  private static void stop(Portcullis node, long limitSeconds) {
    try {
      node.stop().toCompletionStage().toCompletableFuture().get(limitSeconds, TimeUnit.SECONDS);
    } catch (Exception late) {
      org.slf4j.LoggerFactory.getLogger(ServeCommand.class)
          .atWarn()
          .addKeyValue("event.action", "node.stop")
          .setCause(late)
          .log("the node did not stop in time");
    }
  }
}
