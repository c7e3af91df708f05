package io.portcullis.local;

import io.portcullis.tls.CaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While the local system runs: issues the certificates that are due, and has Nginx take over
 * changed ones. All its work is done on one thread of its own, so nothing overlaps.
 *
 * <p>A change is taken over when the files have stood still for a moment. What Nginx refuses is
 * logged with the file's name and left alone until something changes again, or for half a minute.
 */
public final class EdgeKeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EdgeKeeper.class);

  /** What Nginx reads at a reload and not afterwards. */
  private static final List<String> WATCHED =
      List.of(
          "identities/edge/current/tls.crt",
          "identities/edge/current/tls.key",
          "identities/nginx/current/tls.crt",
          "identities/nginx/current/tls.key",
          "trust.pem",
          "crl.pem",
          "tickets/current.key",
          "tickets/previous.key");

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final long LOOKS_BETWEEN_ROTATIONS = 20;
  private static final long LOOKS_BETWEEN_ATTEMPTS = 60;

  private final LocalCertificates certificates;
  private final Optional<Edge> edge;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("edge-keeper").daemon().unstarted(task));

  private List<String> last;
  private List<String> taken;
  private List<String> refused = List.of();
  private long looks;
  private long nextAttempt;

  private EdgeKeeper(LocalCertificates certificates, Optional<Edge> edge) {
    this.certificates = certificates;
    this.edge = edge;
    last = state();
    taken = last;
  }

  /**
   * Begins to look after them.
   *
   * @param edge what is to be reloaded, if there is one
   */
  public static EdgeKeeper start(LocalCertificates certificates, Optional<Edge> edge) {
    EdgeKeeper keeper = new EdgeKeeper(certificates, edge);
    long millis = LOOK.toMillis();
    var ticks =
        keeper.thread.scheduleWithFixedDelay(keeper::look, millis, millis, TimeUnit.MILLISECONDS);
    if (ticks.isCancelled()) {
      throw new IllegalStateException("the keeper does not run");
    }
    return keeper;
  }

  /** Stops looking; a reload under way is finished. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(20, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A task that throws would be the last one. */
  private void look() {
    try {
      if (looks++ % LOOKS_BETWEEN_ROTATIONS == 0) {
        rotate();
      }
      reloadIfChanged();
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("event.action", "edge.keep")
          .setCause(e)
          .log("looking after the edge failed");
    }
  }

  private void rotate() {
    try {
      var rotated = certificates.rotateDue();
      rotated
          .issued()
          .forEach(
              one ->
                  log.atInfo()
                      .addKeyValue("event.action", "certificate.rotated")
                      .addKeyValue("portcullis.certificate.role", one.role())
                      .addKeyValue("tls.server.x509.serial_number", one.serial())
                      .log("a certificate was renewed"));
    } catch (CaException e) {
      log.atError()
          .addKeyValue("event.action", "certificate.rotate")
          .addKeyValue("error.message", e.getMessage())
          .log("certificates that are due could not be renewed; the old ones stay");
    }
  }

  private void reloadIfChanged() {
    List<String> now = state();
    boolean still = now.equals(last);
    last = now;
    boolean again = now.equals(refused) && looks < nextAttempt;
    if (edge.isEmpty() || !still || now.equals(taken) || again) {
      return;
    }
    try {
      edge.get().reload();
      taken = now;
      refused = List.of();
      log.atInfo()
          .addKeyValue("event.action", "edge.reload")
          .addKeyValue("event.outcome", "success")
          .log("Nginx serves with what was changed");
    } catch (LocalFailure e) {
      refused = now;
      nextAttempt = looks + LOOKS_BETWEEN_ATTEMPTS;
      log.atError()
          .addKeyValue("event.action", "edge.reload")
          .addKeyValue("event.outcome", "failure")
          .addKeyValue("error.message", e.getMessage())
          .log("Nginx goes on with what it had");
    }
  }

  /** What tells a changed file: which one it is, its size, its time. */
  private List<String> state() {
    List<String> state = new ArrayList<>();
    for (String name : WATCHED) {
      Path file = certificates.directory().resolve(name);
      try {
        FileTime time = Files.getLastModifiedTime(file);
        state.add(file.toRealPath() + " " + Files.size(file) + " " + time);
      } catch (IOException e) {
        state.add(file + " cannot be read");
      }
    }
    return state;
  }
}
