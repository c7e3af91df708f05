package io.portcullis.chat;

import io.portcullis.model.Caller;
import io.portcullis.model.ServiceRequest;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import java.util.Optional;

/**
 * Whose conversations a request may touch. What lies outside does not exist for it.
 *
 * @param tenant the caller's tenant
 * @param owner the one owner; empty for every owner of the tenant
 */
record Scope(TenantId tenant, Optional<String> owner) {
  private static final String TENANT_ADMIN = "tenant-admin";

  /** The caller's own conversations. */
  static Scope own(ServiceRequest request) {
    return new Scope(tenant(request), Optional.of(request.caller().subject()));
  }

  /** The caller's own; all of the tenant's for its administrator. */
  static Scope administered(ServiceRequest request) {
    Caller caller = request.caller();
    return caller.roles().contains(TENANT_ADMIN)
        ? new Scope(tenant(request), Optional.empty())
        : own(request);
  }

  private static TenantId tenant(ServiceRequest request) {
    return request
        .caller()
        .tenant()
        .map(Tenant::id)
        .orElseThrow(() -> new IllegalStateException("a tenant's service without a tenant"));
  }
}
