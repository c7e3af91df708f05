package io.portcullis.tenant;

import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tenants as this node last read them. Reads are plain map look-ups on an immutable snapshot,
 * on any thread; {@link TenantVerticle} replaces it. While PostgreSQL is away the last one stays.
 */
public final class TenantRegistry {
  private final Clock clock;
  private volatile TenantSnapshot snapshot = TenantSnapshot.EMPTY;
  private volatile @Nullable Instant answeredAt;
  private volatile boolean reachable;
  private volatile boolean listening;

  /** Empty, not loaded. */
  TenantRegistry(Clock clock) {
    this.clock = clock;
  }

  /** The tenant of the identity provider's organization with this id. */
  public Optional<Tenant> byOrganization(String organization) {
    return Optional.ofNullable(snapshot.byOrganization().get(organization));
  }

  /** The tenant with this name. */
  public Optional<Tenant> byName(String name) {
    return Optional.ofNullable(snapshot.byName().get(name));
  }

  /** The tenant with this id. */
  public Optional<Tenant> byId(TenantId id) {
    return Optional.ofNullable(snapshot.byId().get(id));
  }

  /** Whether the tenants were ever read. */
  public boolean loaded() {
    return snapshot.loaded();
  }

  /** How it is now. */
  public TenantStatus status() {
    TenantSnapshot now = snapshot;
    Instant answered = answeredAt;
    return new TenantStatus(
        now.loaded(),
        reachable,
        listening,
        now.byId().size(),
        answered == null
            ? Optional.empty()
            : Optional.of(Duration.between(answered, clock.instant())));
  }

  void publish(TenantSnapshot newer) {
    snapshot = newer;
  }

  void answered() {
    answeredAt = clock.instant();
    reachable = true;
  }

  void unanswered() {
    reachable = false;
  }

  void listening(boolean now) {
    listening = now;
  }
}
