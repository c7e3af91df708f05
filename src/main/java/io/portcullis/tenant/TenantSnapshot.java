package io.portcullis.tenant;

import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The registry at one moment. Immutable. */
record TenantSnapshot(
    Map<TenantId, Tenant> byId,
    Map<String, Tenant> byName,
    Map<String, Tenant> byOrganization,
    boolean loaded) {
  static final TenantSnapshot EMPTY = new TenantSnapshot(Map.of(), Map.of(), Map.of(), false);

  static TenantSnapshot of(Collection<Tenant> tenants) {
    Map<TenantId, Tenant> byId = HashMap.newHashMap(tenants.size());
    Map<String, Tenant> byName = HashMap.newHashMap(tenants.size());
    Map<String, Tenant> byOrganization = HashMap.newHashMap(tenants.size());
    for (Tenant tenant : tenants) {
      byId.put(tenant.id(), tenant);
      byName.put(tenant.name(), tenant);
      byOrganization.put(tenant.organization(), tenant);
    }
    return new TenantSnapshot(
        Map.copyOf(byId), Map.copyOf(byName), Map.copyOf(byOrganization), true);
  }
}
