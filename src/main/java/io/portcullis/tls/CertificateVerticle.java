package io.portcullis.tls;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.TlsConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.SocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the node's certificate and deny list as their files are, without a restart. Event loop, one
 * instance; files are read, checked and listeners looked at on worker threads.
 *
 * <p>New files are checked (key, chain, name, time, a handshake in memory), then every listener and
 * client gets them, then each listener is looked at from outside: it must serve the new certificate
 * and refuse a client without one. Whatever fails, the old material stays or comes back; it is
 * logged with the file's name, counted, and shown by health.
 */
public final class CertificateVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(CertificateVerticle.class);
  private static final long SWAP_SECONDS = 10;

  private final TlsConfig config;
  private final Certificates certificates;
  private final FileWatch watch;
  private final ListenerProof proof;
  private final TlsMeters meters;
  private boolean looking;

  /** For the material that {@code certificates} hands out; the clock dates certificates. */
  public CertificateVerticle(
      TlsConfig config, Certificates certificates, MeterRegistry registry, Clock clock) {
    this.config = config;
    this.certificates = certificates;
    this.watch =
        new FileWatch(
            new MaterialFiles(config, certificates.environment()),
            config.certificate().orElseThrow(),
            clock);
    this.proof = new ListenerProof(certificates);
    this.meters = new TlsMeters(registry, certificates, config.role(), clock);
  }

  /** Loads; a node whose own certificate cannot be used does not start. */
  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(
            () -> {
              watch.newDenyList().ifPresent(certificates::deny);
              return watch.look(null, certificates.denied()).candidate().orElseThrow();
            })
        .onSuccess(
            first -> {
              certificates.install(first);
              log.atInfo()
                  .addKeyValue("event.action", "tls.loaded")
                  .addKeyValue("tls.server.x509.serial_number", first.serial())
                  .addKeyValue("tls.server.not_after", first.identity().notAfter().toString())
                  .log("the node has its certificate");
              vertx.setPeriodic(config.checkInterval().toMillis(), tick -> check());
            });
  }

  private void check() {
    if (looking) {
      return;
    }
    looking = true;
    vertx
        .executeBlocking(this::look)
        .compose(this::act)
        .onFailure(
            bug ->
                log.atError()
                    .addKeyValue("event.action", "tls.reload")
                    .setCause(bug)
                    .log("certificates could not be looked at"))
        .onComplete(done -> looking = false);
  }

  /** On a worker thread. The deny list first: it may speak of the candidate. */
  private FileWatch.Look look() {
    try {
      watch
          .newDenyList()
          .ifPresent(
              list -> {
                certificates.deny(list);
                meters.listRead();
                log.atInfo()
                    .addKeyValue("event.action", "tls.deny-list")
                    .addKeyValue("portcullis.denied", list.size())
                    .log("the deny list has changed");
              });
    } catch (BadMaterialException bad) {
      meters.listRefused();
      log.atError()
          .addKeyValue("event.action", "tls.deny-list")
          .addKeyValue("event.outcome", "failure")
          .addKeyValue("error.message", bad.getMessage())
          .log("the deny list cannot be used; the previous one stays");
    }
    try {
      return watch.look(certificates.material(), certificates.denied());
    } catch (BadMaterialException bad) {
      refused(String.valueOf(bad.getMessage()));
      return new FileWatch.Look(Optional.empty(), false);
    }
  }

  private Future<Void> act(FileWatch.Look look) {
    if (look.asServed()) {
      certificates.failed(null);
    }
    return look.candidate().map(this::swap).orElseGet(Future::succeededFuture);
  }

  private Future<Void> swap(TlsMaterial candidate) {
    TlsMaterial before = certificates.material();
    return giveAll(candidate)
        .onSuccess(given -> certificates.install(candidate))
        .compose(given -> vertx.executeBlocking(() -> prove(candidate)))
        .onSuccess(
            proved -> {
              certificates.failed(null);
              meters.swapped();
              log.atInfo()
                  .addKeyValue("event.action", "tls.reload")
                  .addKeyValue("event.outcome", "success")
                  .addKeyValue("tls.server.x509.serial_number", candidate.serial())
                  .addKeyValue("tls.server.not_after", candidate.identity().notAfter().toString())
                  .addKeyValue("portcullis.listeners", proved)
                  .log("the node serves and calls with its new certificate");
            })
        .<Void>mapEmpty()
        .recover(failure -> restore(before, candidate, failure));
  }

  private Future<Void> restore(TlsMaterial before, TlsMaterial candidate, Throwable failure) {
    watch.refuse(candidate.content());
    certificates.install(before);
    refused(
        config.certificate().orElseThrow()
            + ": did not prove itself on a listener or client: "
            + failure.getMessage());
    return giveAll(before);
  }

  private Future<Void> giveAll(TlsMaterial material) {
    List<Future<Void>> given = new ArrayList<>();
    for (TlsUser user : certificates.users()) {
      given.add(user.use(material).timeout(SWAP_SECONDS, TimeUnit.SECONDS));
    }
    return Future.join(given).mapEmpty();
  }

  /** On a worker thread; how many listeners were looked at. */
  private int prove(TlsMaterial material) throws java.io.IOException {
    List<SocketAddress> addresses =
        certificates.users().stream()
            .flatMap(user -> user.listensAt().stream())
            .distinct()
            .toList();
    for (SocketAddress address : addresses) {
      proof.prove(address, material);
    }
    return addresses.size();
  }

  private void refused(String what) {
    meters.failed();
    certificates.failed(what);
    log.atError()
        .addKeyValue("event.action", "tls.reload")
        .addKeyValue("event.outcome", "failure")
        .addKeyValue("error.message", what)
        .log("the new certificate cannot be used; the old one stays");
  }
}
