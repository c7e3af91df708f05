package io.portcullis.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is calling, as proved by a verified credential. Immutable; shared between event loops.
 *
 * @param issuer the issuer that vouched for the caller
 * @param subject the issuer's permanent id of the caller
 * @param username the name to show to people; never used for a decision
 * @param client the client the credential was issued to ({@code azp})
 * @param organizations ids of the organizations the credential names, in its order
 * @param tenant the tenant of the one organization, when there is exactly one and the registry
 *     knows it
 * @param roles realm roles, and client roles of our own audiences
 * @param scopes granted OAuth scopes
 * @param credential what the caller was proved by
 */
public record Caller(
    String issuer,
    String subject,
    String username,
    String client,
    List<String> organizations,
    Optional<Tenant> tenant,
    Set<String> roles,
    Set<String> scopes,
    Credential credential) {

  /** Copies the collections, so that a caller never changes after it was proved. */
  public Caller {
    organizations = List.copyOf(organizations);
    roles = Set.copyOf(roles);
    scopes = Set.copyOf(scopes);
  }

  /** The same caller seen through another state of the tenant registry. */
  public Caller withTenant(Optional<Tenant> newTenant) {
    return new Caller(
        issuer, subject, username, client, organizations, newTenant, roles, scopes, credential);
  }
}
