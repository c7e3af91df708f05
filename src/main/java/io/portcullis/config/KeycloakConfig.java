package io.portcullis.config;

import java.net.URI;
import java.util.Optional;

/**
 * Access to Keycloak's admin API, for creating organizations with tenants. Absent, organizations
 * are made by hand.
 *
 * @param url base address; empty switches the integration off
 * @param realm the realm of the platform's users
 * @param client a confidential client whose service account may manage organizations
 * @param secret its secret
 */
public record KeycloakConfig(Optional<URI> url, String realm, String client, Secret secret) {}
