package io.portcullis;

import io.portcullis.audit.AuditTrail;
import io.portcullis.audit.ChainDatabase;
import io.portcullis.audit.RequestTrail;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.identity.HolderVerifier;
import io.portcullis.identity.Revocation;
import io.portcullis.identity.RevocationStatus;
import io.portcullis.identity.Revocations;
import io.portcullis.identity.TokenVerifier;
import io.portcullis.limit.LocalRateLimiter;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import io.portcullis.operate.AdminApi;
import io.portcullis.operate.RevocationAdmin;
import io.portcullis.operate.SessionAdmin;
import io.portcullis.tenant.TenantRegistry;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** What the operators' interface operates: rooms that are strangers to each other. */
final class Administration {
  private Administration() {}

  static AdminApi of(
      PortcullisConfig config,
      TokenVerifier tokens,
      AuditTrail trail,
      ChainDatabase chain,
      Revocations revocations,
      SessionAdmin sessions,
      TenantRegistry registry,
      Clock clock) {
    return new AdminApi(
        new HolderVerifier(tokens, Optional.empty())::bearer,
        config.management().adminLevel(),
        LocalRateLimiter.ofFailedAuthentications(config.limits()),
        trail::record,
        new RequestTrail(chain)::of,
        admin(revocations),
        sessions,
        nameOrId -> tenant(registry, nameOrId),
        config.identity()::addressOf,
        clock);
  }

  private static RevocationAdmin admin(Revocations revocations) {
    return new RevocationAdmin() {
      @Override
      public Future<Void> revoke(Revocation revocation) {
        return revocations.revoke(revocation);
      }

      @Override
      public List<Revocation> newest(int most) {
        return revocations.newest(most);
      }

      @Override
      public RevocationStatus status() {
        return revocations.status();
      }
    };
  }

  private static Optional<Tenant> tenant(TenantRegistry registry, String nameOrId) {
    Optional<Tenant> named = registry.byName(nameOrId);
    if (named.isPresent()) {
      return named;
    }
    try {
      return registry.byId(new TenantId(nameOrId));
    } catch (IllegalArgumentException noId) {
      return Optional.empty();
    }
  }
}
