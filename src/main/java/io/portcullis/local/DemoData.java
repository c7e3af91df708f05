package io.portcullis.local;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who is who in the development realm. */
public final class DemoData {
  /** The tenants, each with the demo users that belong to it. */
  public static final Map<String, List<String>> TENANTS =
      new TreeMap<>(Map.of("acme", List.of("alice", "ada"), "globex", List.of("bob")));

  private DemoData() {}

  /**
   * Makes the organizations and memberships that are missing.
   *
   * @return the organizations' ids by tenant name
   */
  public static Map<String, String> join(KeycloakAdmin admin) {
    Map<String, String> organizations = new TreeMap<>();
    TENANTS.forEach(
        (tenant, users) -> {
          organizations.put(tenant, admin.organization(KeycloakPart.REALM, tenant));
          users.forEach(user -> admin.addMember(KeycloakPart.REALM, tenant, user));
        });
    return organizations;
  }
}
