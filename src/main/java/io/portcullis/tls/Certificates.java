package io.portcullis.tls;

import io.portcullis.config.TlsConfig;
import io.vertx.core.Future;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The node's present material and deny list, and who uses them. Written by the {@link
 * CertificateVerticle} alone, read by every event loop.
 */
public final class Certificates {
  private static final long PROBE_NANOS = Duration.ofSeconds(10).toNanos();

  private final TlsConfig config;
  private final String environment;
  private final List<TlsUser> users = new CopyOnWriteArrayList<>();

  /** Our own looks at our own listeners, and until when they count as such (nanoTime). */
  private final Map<String, Long> probes = new ConcurrentHashMap<>();

  private final AtomicLong version = new AtomicLong();
  private volatile @Nullable TlsMaterial material;
  private volatile DenyList denied = DenyList.NONE;
  private volatile @Nullable String lastFailure;

  /** Nothing is loaded yet. */
  public Certificates(TlsConfig config, String environment) {
    this.config = config;
    this.environment = environment;
  }

  /** Whether this node has a certificate at all. */
  public boolean on() {
    return config.on();
  }

  /** What the node serves with at this moment. */
  public TlsMaterial material() {
    TlsMaterial current = material;
    if (current == null) {
      throw new IllegalStateException("certificates are asked for before they are loaded");
    }
    return current;
  }

  /** Who is refused at this moment. */
  public DenyList denied() {
    return denied;
  }

  /** Whether a certificate is refused at this moment. */
  public boolean denies(X509Certificate certificate) {
    return denied.denies(List.of(certificate));
  }

  /** The environment of every identity that belongs here. */
  public String environment() {
    return environment;
  }

  /** Another number whenever {@link #material} or {@link #denied} has changed. */
  public long version() {
    return version.get();
  }

  /** How the node's certificate is, for health. */
  public TlsStatus status(Clock clock) {
    TlsMaterial current = material;
    Optional<String> failure = Optional.ofNullable(lastFailure);
    if (current == null) {
      return new TlsStatus(
          TlsStatus.Mode.EXPIRED, config.role(), "", Instant.EPOCH, Instant.EPOCH, 0, failure);
    }
    PeerIdentity identity = current.identity();
    Duration life = Duration.between(identity.notBefore(), identity.notAfter());
    Duration left = Duration.between(clock.instant(), identity.notAfter());
    TlsStatus.Mode mode =
        left.isNegative() || left.isZero()
            ? TlsStatus.Mode.EXPIRED
            : left.compareTo(life.dividedBy(3)) < 0
                ? TlsStatus.Mode.EXPIRING
                : TlsStatus.Mode.VALID;
    return new TlsStatus(
        mode,
        identity.role(),
        identity.serial(),
        identity.notBefore(),
        identity.notAfter(),
        denied.size(),
        failure);
  }

  /** Whether a connection is our own look at our own listener. */
  public boolean isProbe(String address, int port) {
    Long until = probes.get(probe(address, port));
    return until != null && until - System.nanoTime() > 0;
  }

  /** A listener or client is at work with {@code used}; gets what has come since. */
  Future<Void> register(TlsUser user, TlsMaterial used) {
    users.add(user);
    TlsMaterial current = material();
    return current.equals(used) ? Future.succeededFuture() : user.use(current);
  }

  /** It has ended. */
  public void ended(@Nullable Object user) {
    users.removeIf(known -> known == user);
  }

  List<TlsUser> users() {
    return List.copyOf(users);
  }

  void install(TlsMaterial next) {
    material = next;
    version.incrementAndGet();
  }

  void deny(DenyList next) {
    denied = next;
    version.incrementAndGet();
  }

  void failed(@Nullable String what) {
    lastFailure = what;
  }

  /** The listener may see the end of it later than we do, so it is remembered for a while. */
  void probing(String address, int port) {
    long now = System.nanoTime();
    probes.values().removeIf(until -> until - now <= 0);
    probes.put(probe(address, port), now + PROBE_NANOS);
  }

  private static String probe(String address, int port) {
    return address + " " + port;
  }
}
