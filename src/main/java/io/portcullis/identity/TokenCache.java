package io.portcullis.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.portcullis.model.Caller;
import io.portcullis.model.Tenant;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Verified tokens by their hash. An entry serves only while its token has not expired (no leeway
 * here), the very key that proved it is still one of its issuer's, the issuer's keys are not too
 * old, and its caller is not revoked; otherwise the token is verified again, or refused, as if it
 * had never been seen. The tenant is looked up on every use, because the registry changes faster
 * than tokens. Safe on any thread.
 */
final class TokenCache {
  private final Cache<TokenHash, Entry> entries;
  private final TenantDirectory tenants;
  private final Predicate<Caller> revoked;

  TokenCache(int size, TenantDirectory tenants, Predicate<Caller> revoked) {
    this.entries = Caffeine.newBuilder().maximumSize(size).executor(Runnable::run).build();
    this.tenants = tenants;
    this.revoked = revoked;
  }

  /** A caller as proved by a token, together with what the proof rests on. */
  private record Entry(
      Caller caller,
      Future<Caller> answer,
      IssuerKeys issuer,
      SigningKey key,
      long expiresAtMillis) {}

  /** The caller of a token that was verified before, as a completed future; null when unknown. */
  @Nullable Future<Caller> find(TokenHash hash, long nowMillis) {
    Entry entry = entries.getIfPresent(hash);
    if (entry == null) {
      return null;
    }
    if (nowMillis >= entry.expiresAtMillis
        || !entry.issuer.usable(nowMillis)
        || !entry.issuer.keys().contains(entry.key)
        || revoked.test(entry.caller)) {
      entries.invalidate(hash);
      return null;
    }
    Optional<Tenant> tenant = tenant(entry.caller);
    return tenant.equals(entry.caller.tenant())
        ? entry.answer
        : put(hash, entry.caller.withTenant(tenant), entry.issuer, entry.key).answer;
  }

  /** Adds the tenant to a caller just proved, and remembers it. */
  Caller remember(TokenHash hash, Caller proved, IssuerKeys issuer, SigningKey key) {
    return put(hash, proved.withTenant(tenant(proved)), issuer, key).caller;
  }

  private Entry put(TokenHash hash, Caller caller, IssuerKeys issuer, SigningKey key) {
    long expiresAtMillis = caller.credential().expiresAt().toEpochMilli();
    Entry entry = new Entry(caller, Future.succeededFuture(caller), issuer, key, expiresAtMillis);
    entries.put(hash, entry);
    return entry;
  }

  private Optional<Tenant> tenant(Caller caller) {
    return caller.organizations().size() == 1
        ? tenants.find(caller.organizations().getFirst())
        : Optional.empty();
  }

  /** How many tokens are remembered, once what is due has been evicted. */
  long size() {
    entries.cleanUp();
    return entries.estimatedSize();
  }
}
